import type { Act, Lane, Scene } from '../contract/index.ts'
import { ACTIONS, At, Flag, Kind, VERSIONS } from './layout.ts'
import type { SharedRing } from './ring.ts'

/** Shorter pieces are copied byte by byte: a call costs more. */
const SHORT = 48

/** What an act came to, beside the act itself. */
export interface Judged {
  readonly outcome: Uint8Array
  readonly reads: Float64Array
  readonly readCount: number
  /** The packet is the one of the act before, which was recorded. */
  readonly same: boolean
  /** It was no act, but a packet that some guards wanted to see. */
  readonly isGlance: boolean
}

/** Writes an act into a ring. @returns false where there is no room */
export function encodeAct(ring: SharedRing, act: Act, lane: Lane, scene: Scene, judged: Judged): boolean {
  const { outcome, reads, readCount, same, isGlance } = judged
  const { bytes: address } = act.address
  const packet = same ? 0 : act.end - act.start
  const length = At.end + address.length + packet + readCount * 8 + outcome.length
  const at = ring.reserve(length)
  if (at === -1) return false
  const { bytes, view } = ring
  bytes[at] = Kind.act
  bytes[at + At.flags] =
    ACTIONS.indexOf(act.action) |
    (act.direction === 'down' ? Flag.down : 0) |
    (act.retain ? Flag.retain : 0) |
    (scene.maintenance ? Flag.maintenance : 0) |
    (same ? Flag.same : 0) |
    (isGlance ? Flag.glance : 0)
  bytes[at + At.grades] = act.qos | (scene.posture << 2) | (scene.tier << 4) | (VERSIONS.indexOf(scene.version) << 6)
  bytes[at + At.payloads] = 0
  view.setUint32(at + At.lane, lane.index, true)
  view.setFloat64(at + At.now, scene.now, true)
  view.setFloat64(at + At.wall, scene.wall, true)
  view.setFloat64(at + At.keepAlive, scene.keepAlive, true)
  view.setInt32(at + At.mode, scene.mode, true)
  view.setUint32(at + At.weight, act.weight, true)
  view.setUint32(at + At.epoch, lane.epoch, true)
  view.setUint32(at + At.packet, packet, true)
  view.setUint32(at + At.payloadStart, act.payloadStart - act.start, true)
  view.setUint32(at + At.payload, act.payloadEnd - act.payloadStart, true)
  view.setUint16(at + At.address, address.length, true)
  view.setUint16(at + At.reads, readCount, true)
  view.setUint32(at + At.outcome, outcome.length, true)
  let to = copy(bytes, at + At.end, address, 0, address.length)
  if (!same) to = copy(bytes, to, act.bytes, act.start, act.end)
  for (let i = 0; i < readCount; i++, to += 8) view.setFloat64(to, reads[i], true)
  copy(bytes, to, outcome, 0, outcome.length)
  ring.commit()
  return true
}

function copy(to: Buffer, at: number, from: Uint8Array, start: number, end: number): number {
  const length = end - start
  if (length > SHORT) to.set(start === 0 && end === from.length ? from : from.subarray(start, end), at)
  else for (let i = 0; i < length; i++) to[at + i] = from[start + i]
  return at + length
}
