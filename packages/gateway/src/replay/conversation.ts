import type { Flow } from '@ringwall/wire'
import type { Endpoint } from '../signature/packet.ts'
import { type ConnectParts, NO_CONNECT } from './dissect/connect-parts.ts'
import { type Budget, FrameReader } from './frames.ts'
import { Transactions } from './transactions.ts'

/** What is known of one TCP flow that may be MQTT. It decides nothing: `Reading` acts on it. */
export class Conversation<Memory = unknown> {
  readonly flow: Flow
  readonly up: FrameReader
  readonly down: FrameReader
  readonly transactions = new Transactions()
  readonly client: Endpoint
  readonly server: Endpoint
  /** What the signatures remember of the connection. */
  readonly memory: Memory
  /** Its bytes are known to be MQTT. */
  recognized = false
  /** The beginning of the stream of either end is lost. */
  holed: boolean
  /** Bytes that are no MQTT were met: nothing after them is read. */
  over = false
  /** The protocol version that the CONNECT named; 0 while it is not known. */
  version = 0
  /** Observers know of it. */
  announced = false
  /** What the last CONNECT said. */
  connect: ConnectParts = NO_CONNECT
  /** MQTT packets, both ways. */
  packets = 0
  alerted = false

  constructor(flow: Flow, memory: Memory, longest: number, budget: Budget) {
    this.flow = flow
    this.up = new FrameReader(longest, budget)
    this.down = new FrameReader(longest, budget)
    this.client = { address: addressBytes(flow.client.address), port: flow.client.port, name: flow.client.address }
    this.server = { address: addressBytes(flow.server.address), port: flow.server.port, name: flow.server.address }
    this.memory = memory
    this.holed = flow.midstream
  }
}

/** An address as 16 bytes, IPv4 mapped into IPv6. */
function addressBytes(text: string): Uint8Array {
  const bytes = new Uint8Array(16)
  if (!text.includes(':')) {
    bytes.set([0xff, 0xff, ...text.split('.').map(Number)], 10)
    return bytes
  }
  const [head = '', tail] = text.split('::')
  const before = groups(head)
  const after = tail === undefined ? [] : groups(tail)
  for (const [index, group] of before.entries()) put(bytes, index, group)
  for (const [index, group] of after.entries()) put(bytes, 8 - after.length + index, group)
  return bytes
}

function groups(part: string): number[] {
  return part === '' ? [] : part.split(':').map(group => Number.parseInt(group, 16))
}

function put(bytes: Uint8Array, index: number, group: number): void {
  bytes[2 * index] = group >> 8
  bytes[2 * index + 1] = group & 0xff
}
