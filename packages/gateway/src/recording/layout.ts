import type { Action } from '../contract/index.ts'

/** The first bytes of a recording; the version of its format follows as one byte. */
export const MAGIC = 'RINGWALL-RECORDING\n'
export const FORMAT_VERSION = 1

/** What a record holds, by its first byte. Each stands behind its length in four bytes, least significant first, as all numbers do. */
export const Kind = {
  /** A segment begins: what the guards were compiled from. */
  segment: 1,
  /** A device's lane as it stood before the next of its acts. */
  session: 2,
  act: 3,
  /** The digests of the segment's lanes: it is whole. */
  end: 4,
  /** Within a ring only: this worker records no more. */
  stop: 5,
} as const

/** How much of payloads is kept. */
export const PAYLOADS = ['full', 'digest', 'none'] as const
export type Payloads = (typeof PAYLOADS)[number]

/** Never reordered: an act is recorded by its place. */
export const ACTIONS: readonly Action[] = ['connect', 'will', 'publish', 'subscribe', 'receive', 'control']

/** An act's fixed fields, by where they begin. Behind them: address, packet, reads (each a float64), outcome. */
export const At = {
  kind: 0,
  /** Three bits the action, then one each: down, retained, in maintenance, of the same packet as the act before, a glance. */
  flags: 1,
  /** Two bits each: QoS, posture, tier, protocol version (0, 4, 5). */
  grades: 2,
  /** By `PAYLOADS`. */
  payloads: 3,
  lane: 4,
  now: 8,
  wall: 16,
  keepAlive: 24,
  mode: 32,
  weight: 36,
  epoch: 40,
  packet: 44,
  payloadStart: 48,
  payload: 52,
  address: 56,
  reads: 58,
  outcome: 60,
  end: 64,
} as const

export const Flag = { down: 8, retain: 16, maintenance: 32, same: 64, glance: 128 } as const

/** The versions of the protocol that a scene may have. Never reordered. */
export const VERSIONS = [0, 4, 5] as const

/** Numbers that the guards may read for one act from memory that others write. */
export const MOST_READS = 4_096
