import type { Decision } from '../contract/index.ts'

/** What one worker has recorded since its last report. */
export interface Batch {
  /** `RECORD` numbers for each happening: see `Word`. */
  readonly records: Float64Array
  /** Names that were not sent before, in the order of their numbers. */
  readonly names: readonly string[]
  /** The number of the first of them. 1 says that all former names are forgotten; 0 stands for no name. */
  readonly from: number
  /** Happenings that found no room, since the worker began. */
  readonly dropped: number
}

/** Numbers of a record. */
export const RECORD = 8

/** Where each number stands. The last three mean what the kind makes of them. */
export const Word = {
  time: 0,
  /** Kind, QoS, retain, decision and mark, packed: see `pack`. */
  head: 1,
  connection: 2,
  topic: 3,
  bytes: 4,
  /** `opened`: address. `connect`: user. `acknowledge`, `connack`, `fault`: code. Messages: packet identifier. Verdicts: code. */
  a: 5,
  /** `opened`: device. `connect`: keep-alive. `acknowledge`: packet identifier. Verdicts: guard. */
  b: 6,
  /** `opened`: roles. `connect`: what stands for the password. Verdicts: device; their address stands for the connection. */
  c: 7,
} as const

/** Decisions by number. */
export const DECISIONS: readonly Decision[] = ['allow', 'flag', 'hold', 'throttle', 'refuse', 'disconnect']

/** The mark in a record's head: DUP of a message, clean session (clean start) of a CONNECT. */
export const MARK = 1_024

/** Packs the small parts of a record into one number. */
export function pack(kind: number, qos = 0, retain = false, decision = 0, mark = false): number {
  return kind | (qos << 4) | (retain ? 64 : 0) | (decision << 7) | (mark ? MARK : 0)
}
