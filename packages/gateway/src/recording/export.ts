import { packetOf, type Recorded, type RecordedAct } from './decode.ts'
import type { SessionHead } from './head.ts'
import { readOutcome } from './outcome.ts'
import { Capture } from './pcap.ts'
import type { Hidden } from './redact.ts'

const DECISIONS = ['allow', 'flag', 'throttle', 'refuse', 'disconnect'] as const
const THROTTLE = 2

/** The acts of a recording as objects for JSON lines, in order. */
export function* actLines(records: Iterable<Recorded>, hidden: Hidden): Generator<object> {
  let number = 0
  for (const { recorded, session, packet } of acts(records)) {
    const { act, scene, payloads, payloadStart, payloadLength } = recorded
    const { decision, findings } = readOutcome(recorded.outcome)
    const payload = packet.subarray(payloadStart, payloadStart + payloadLength)
    yield {
      number: ++number,
      time: new Date(scene.wall).toISOString(),
      device: hidden.device(session?.device ?? ''),
      direction: act.direction,
      action: act.action,
      address: hidden.address(recorded.address.toString()),
      qos: act.qos,
      retain: act.retain,
      bytes: payloadLength,
      ...(payloads === 'full' ? { payload: hidden.payload(payload) } : {}),
      ...(payloads === 'digest' ? { payload: hidden.payloadDigest(recorded.packet.subarray(payloadStart)) } : {}),
      decision: DECISIONS[decision],
      findings: findings.map(each => hidden.finding(each)),
    }
  }
}

/** The devices that speak in a recording, in the order in which they do. */
export function devicesOf(records: Iterable<Recorded>): Set<string> {
  const devices = new Set<string>()
  for (const read of records) if (read.kind === 'session') devices.add(read.head.device)
  return devices
}

/** The packets of a recording as a capture, each connection a TCP stream to port 1883; what was slowed down is there once. */
export function capture(records: Iterable<Recorded>): { bytes: Buffer; packets: number } {
  const file = new Capture()
  for (const { recorded, packet } of acts(records)) {
    if (recorded.same || recorded.outcome[0] === THROTTLE) continue
    const { lane, epoch, act, scene } = recorded
    file.add(lane, epoch, act.direction, scene.wall, packet)
  }
  return { bytes: file.bytes, packets: file.packets }
}

interface Shown {
  readonly recorded: RecordedAct
  readonly session: SessionHead | undefined
  readonly packet: Buffer
}

function* acts(records: Iterable<Recorded>): Generator<Shown> {
  const sessions = new Map<number, SessionHead>()
  let packet: Buffer = Buffer.alloc(0)
  for (const read of records) {
    if (read.kind === 'session') sessions.set(read.head.lane, read.head)
    if (read.kind !== 'act') continue
    packet = packetOf(read.recorded, packet)
    yield { recorded: read.recorded, session: sessions.get(read.recorded.lane), packet }
  }
}
