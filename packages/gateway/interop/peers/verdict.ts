import { connect } from 'node:net'
import { Scanner } from '@ringwall/wire'
import type { Mosquitto } from './mosquitto.ts'
import { until } from './processes.ts'

const CONNACK = 2
const PINGRESP = 13
const DISCONNECT = 14
const PING = Uint8Array.of(0xc0, 0)

/**
 * What a broker makes of a client's stream. It is accepted when the broker still answers a ping that follows it; where the
 * client takes its leave, when the broker's log has no complaint. A broker waits for the rest of a packet that is not whole.
 */
export async function verdictOf(broker: Mosquitto, bytes: Uint8Array): Promise<'accept' | 'reject' | 'waits'> {
  if (packetsOf(bytes).some(({ whole }) => !whole)) return 'waits'
  const before = broker.log.length
  const leaves = endsWithDisconnect(bytes)
  const answers = await talk(broker.tcp, bytes, leaves)
  if (answers.pinged) return 'accept'
  if (!leaves || !answers.admitted || answers.dismissed) return 'reject'
  // `Client x disconnected.` is a leave; any other end is told with its reason.
  const said = () => /Client \S+ (disconnected|closed).*|Bad socket read\/write.*/.exec(broker.log.slice(before))?.[0]
  await until('the end of a session in the log', () => said() !== undefined)
  return /disconnected\.$/.test(said() ?? '') ? 'accept' : 'reject'
}

interface Answers {
  admitted: boolean
  pinged: boolean
  dismissed: boolean
}

function talk(port: number, bytes: Uint8Array, leaves: boolean): Promise<Answers> {
  const scanner = new Scanner({ from: 'server', maxPacket: 1_000_000, aliasMaximum: 65_535 })
  // Either version: what is looked at stands in the first bytes of both.
  scanner.version = bytes[8] === 5 ? 5 : 4
  const answers: Answers = { admitted: false, pinged: false, dismissed: false }
  // The stream's own pings are answered too.
  let pings = -countPings(bytes)
  return new Promise(resolve => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(bytes)
      if (!leaves) socket.write(PING)
    })
    socket.setNoDelay(true)
    socket.on('data', (chunk: Buffer) => {
      scanner.feed(chunk)
      while (scanner.next()) {
        if (scanner.type === CONNACK && scanner.reason === 0) answers.admitted = true
        if (scanner.type === DISCONNECT) answers.dismissed = true
        if (scanner.type === PINGRESP && ++pings === 1) {
          answers.pinged = true
          socket.end(Uint8Array.of(0xe0, 0))
        }
      }
    })
    socket.on('error', () => {})
    socket.on('close', () => resolve(answers))
  })
}

/** Walks the packets of a stream as far as their lengths can be read; a length that does not end counts as whole. */
function packetsOf(bytes: Uint8Array): { type: number; whole: boolean }[] {
  const packets: { type: number; whole: boolean }[] = []
  for (let at = 0; at < bytes.length; ) {
    let length = 0
    let next = at + 1
    while (next < at + 5 && next < bytes.length) {
      length += (bytes[next] & 0x7f) * 2 ** (7 * (next - at - 1))
      if (bytes[next++] < 0x80) break
    }
    const endless = next === at + 5 && bytes[next - 1] >= 0x80
    packets.push({ type: bytes[at] >> 4, whole: endless || (next > at + 1 && next + length <= bytes.length) })
    if (endless) break
    at = next + length
  }
  return packets
}

const countPings = (bytes: Uint8Array): number => packetsOf(bytes).filter(({ type }) => type === 12).length

function endsWithDisconnect(bytes: Uint8Array): boolean {
  return packetsOf(bytes).some(({ type }) => type === DISCONNECT)
}
