import type { Flow } from '@ringwall/wire/capture'
import type { Party } from '../evidence/happening.ts'
import type { Endpoint } from '../signature/index.ts'
import { addressBytes } from '../signature/language/address.ts'
import { Aliases } from './aliases.ts'
import { type ConnectParts, NO_CONNECT } from './dissect/connect-parts.ts'
import { type Budget, FrameReader } from './frames.ts'
import { Transactions } from './transactions.ts'

/** What is known of one TCP flow that may be MQTT. It decides nothing: `Reading` acts on it. */
export class Conversation<Memory = unknown> {
  readonly flow: Flow
  readonly up: FrameReader
  readonly down: FrameReader
  readonly transactions = new Transactions()
  readonly aliasesUp: Aliases
  readonly aliasesDown: Aliases
  readonly client: Endpoint
  readonly server: Endpoint
  /** What the signatures remember of the connection. */
  readonly memory: Memory
  /** Its bytes are known to be MQTT. */
  recognized = false
  /** The first bytes of either end while they are too few to tell what they are. */
  firstUp: Uint8Array | null = null
  firstDown: Uint8Array | null = null
  /** The beginning of the stream of either end is lost. */
  holed: boolean
  /** Bytes that are no MQTT were met: nothing after them is read. */
  over = false
  /** The protocol version that the CONNECT named; 0 while it is not known. */
  version = 0
  /** What the court keeps of it while it judges; null before and after. */
  case: unknown = null
  /** Observers know of it. */
  announced = false
  /** What the last CONNECT said, and who it is by that. */
  connect: ConnectParts = NO_CONNECT
  party: Party
  /** MQTT packets, both ways. */
  packets = 0
  alerted = false

  constructor(flow: Flow, memory: Memory, longest: number, budget: Budget) {
    this.flow = flow
    this.up = new FrameReader(longest, budget)
    this.down = new FrameReader(longest, budget)
    this.aliasesUp = new Aliases(budget)
    this.aliasesDown = new Aliases(budget)
    this.client = { address: addressBytes(flow.client.address), port: flow.client.port, name: flow.client.address }
    this.server = { address: addressBytes(flow.server.address), port: flow.server.port, name: flow.server.address }
    this.memory = memory
    this.holed = flow.midstream
    this.party = this.#partyOf('')
  }

  /** Takes in what a CONNECT says. */
  introduce(connect: ConnectParts): void {
    this.connect = connect
    this.party = this.#partyOf(connect.clientId)
  }

  #partyOf(device: string): Party {
    return { device, address: this.flow.client.address, connection: this.flow.id, roles: [] }
  }
}
