import type { Act, Address, Direction, Posture, Principal, Scene, Tier } from '../contract/index.ts'
import { LANE_WORDS } from '../lanes/record.ts'
import { RHYTHM_WORDS } from '../lanes/rhythm-words.ts'
import type { SegmentEnd, SegmentHead, SessionHead } from './head.ts'
import { segmentEnd, segmentHead, sessionHead } from './heads.ts'
import { ACTIONS, At, Flag, Kind, PAYLOADS, type Payloads, VERSIONS } from './layout.ts'
import { whole } from './sparse.ts'

/** A recorded act: everything that its guards saw, and what it came to. Its bytes are views over the record. */
export interface RecordedAct {
  readonly lane: number
  readonly epoch: number
  readonly act: Pick<Act, 'action' | 'qos' | 'retain' | 'weight'> & { readonly direction: Direction }
  readonly scene: Omit<Scene, 'neighbors' | 'memo' | 'peer'>
  readonly isGlance: boolean
  readonly address: Buffer
  /** The packet; without its payload where that was not kept. Empty where it is the one of the act before. */
  readonly packet: Buffer
  readonly same: boolean
  readonly payloads: Payloads
  /** From the packet's begin, as it was. */
  readonly payloadStart: number
  readonly payloadLength: number
  readonly reads: Float64Array
  /** As `outcomeBytes` wrote it, and all that stands before it. */
  readonly outcome: Buffer
  readonly bytes: Buffer
}

export type Recorded =
  | { readonly kind: 'segment'; readonly head: SegmentHead }
  | {
      readonly kind: 'session'
      readonly head: SessionHead
      readonly words: Float64Array
      readonly rhythm: Float64Array
      readonly bytes: Buffer
    }
  | { readonly kind: 'act'; readonly recorded: RecordedAct }
  | { readonly kind: 'end'; readonly end: SegmentEnd }

/** Milliseconds since the Unix epoch, which captures count in 32 bits of seconds. */
const LATEST = 2 ** 32 * 1_000
/** In place of a payload, where its digest was kept. */
const DIGEST_BYTES = 32
/** No ring takes a larger payload. */
const LARGEST = 16 * 1024 ** 2

/** Reads one record. Errors: `RangeError` or `SyntaxError` where it is none. */
export function decodeRecord(record: Buffer): Recorded {
  switch (record.readUInt8(0)) {
    case Kind.segment:
      return { kind: 'segment', head: segmentHead(json(record)) }
    case Kind.session: {
      const words = partAt(record, 5 + record.readUInt32LE(1))
      const rhythm = partAt(record, words.end)
      const numbers = { words: whole(words.bytes, LANE_WORDS), rhythm: whole(rhythm.bytes, RHYTHM_WORDS) }
      return { kind: 'session', head: sessionHead(json(record)), ...numbers, bytes: record }
    }
    case Kind.act:
      return { kind: 'act', recorded: decodeAct(record) }
    case Kind.end:
      return { kind: 'end', end: segmentEnd(json(record)) }
    default:
      throw new RangeError(`a record of the unknown kind ${record[0]}`)
  }
}

export function decodeAct(record: Buffer): RecordedAct {
  const flags = record.readUInt8(At.flags)
  const grades = record.readUInt8(At.grades)
  const addressEnd = At.end + record.readUInt16LE(At.address)
  const packetEnd = addressEnd + record.readUInt32LE(At.packet)
  const readsEnd = packetEnd + record.readUInt16LE(At.reads) * 8
  if (readsEnd + record.readUInt32LE(At.outcome) !== record.length)
    throw new RangeError('an act does not fill its record')
  const packetLength = record.readUInt32LE(At.packet)
  const payloadStart = record.readUInt32LE(At.payloadStart)
  const payloadLength = record.readUInt32LE(At.payload)
  const isWhole = record[At.payloads] === 0 && (flags & Flag.same) === 0
  if (payloadLength > LARGEST || (isWhole && payloadStart + payloadLength > packetLength)) {
    throw new RangeError('a payload goes beyond its packet')
  }
  const action = ACTIONS[flags & 7]
  const payloads = PAYLOADS[record.readUInt8(At.payloads)]
  const wall = record.readDoubleLE(At.wall)
  if (!(wall >= 0 && wall < LATEST)) throw new RangeError('an act has no time')
  if (action === undefined || payloads === undefined) throw new RangeError('an act of an unknown kind')
  return {
    lane: record.readUInt32LE(At.lane),
    epoch: record.readUInt32LE(At.epoch),
    act: {
      action,
      direction: (flags & Flag.down) === 0 ? 'up' : 'down',
      qos: grades & 3,
      retain: (flags & Flag.retain) !== 0,
      weight: record.readUInt32LE(At.weight),
    },
    scene: {
      now: record.readDoubleLE(At.now),
      wall,
      keepAlive: record.readDoubleLE(At.keepAlive),
      mode: record.readInt32LE(At.mode),
      maintenance: (flags & Flag.maintenance) !== 0,
      posture: ((grades >> 2) & 3) as Posture,
      tier: ((grades >> 4) & 3) as Tier,
      version: VERSIONS[grades >> 6] ?? 0,
    },
    isGlance: (flags & Flag.glance) !== 0,
    address: record.subarray(At.end, addressEnd),
    packet: record.subarray(addressEnd, packetEnd),
    same: (flags & Flag.same) !== 0,
    payloads,
    payloadStart,
    payloadLength,
    reads: floats(record, packetEnd, readsEnd),
    outcome: record.subarray(readsEnd),
    bytes: record.subarray(0, readsEnd),
  }
}

/** The packet as it was received; a payload that was not kept is zeros. @param before the packet of the act before */
export function packetOf({ same, packet, payloads, payloadStart, payloadLength }: RecordedAct, before: Buffer): Buffer {
  if (same) return before
  if (payloads === 'full' || payloadLength === 0) return packet
  const left = payloads === 'digest' ? DIGEST_BYTES : 0
  return Buffer.concat([
    packet.subarray(0, payloadStart),
    Buffer.alloc(payloadLength),
    packet.subarray(payloadStart + left),
  ])
}

/** The act as guards see it. */
export function actOf(recorded: RecordedAct, serial: number, speaker: Principal, address: Address, bytes: Buffer): Act {
  const { act, payloadStart, payloadLength } = recorded
  const payloadEnd = payloadStart + payloadLength
  const parts = { serial, speaker, subject: speaker.device, address, bytes, start: 0, end: bytes.length }
  return { ...act, ...parts, payloadStart, payloadEnd }
}

function json(record: Buffer): unknown {
  return JSON.parse(record.toString('utf8', 5, 5 + record.readUInt32LE(1)))
}

/** A part behind its length. */
function partAt(record: Buffer, at: number): { bytes: Buffer; end: number } {
  const end = at + 4 + record.readUInt32LE(at)
  if (end > record.length) throw new RangeError('a part goes beyond its record')
  return { bytes: record.subarray(at + 4, end), end }
}

// Copied: a record lies at no multiple of eight.
function floats(record: Buffer, from: number, to = record.length): Float64Array {
  if (to > record.length || (to - from) % 8 !== 0) throw new RangeError('numbers go beyond their record')
  return new Float64Array(Uint8Array.prototype.slice.call(record, from, to).buffer)
}
