import { hash, randomBytes } from 'node:crypto'
import { encodeCbor } from '@ringwall/proof'
import {
  type ActRecord,
  BATCH_NONCE,
  LEAF_BYTES,
  PARTY_BYTES,
  type Party,
  partyBytes,
  partySalt,
} from './act-record.ts'
import { type ActTree, rootOf, treeOf } from './act-tree.ts'
import { type Committer, digestOf } from './commitment.ts'

/** Acts of a batch, and parties; with either it ends. 1.3 MB of records, and at most some 20 MB of names. */
const MOST_ACTS = 65_536
const MOST_PARTIES = 16_384
/** A batch ends after so many milliseconds. */
const LONGEST = 10_000
/** Acts, and acts a second, from which on a leaf holds several: one hash an act would cost as much as judging it. */
const BUSY = 16_000
const GROUPS: readonly (readonly [perSecond: number, acts: number])[] = [
  [100_000, 64],
  [BUSY, 16],
  [0, 1],
]

/** A record in a side file: party, time, bytes, packet, flags. */
export const RECORD_BYTES = 20
/** What a side file begins with; behind it random bytes, so that nobody tries out from its digest alone what it may hold. */
export const MAGIC = Buffer.from('RWACTS1\n')
export const BLIND_BYTES = 16

/** A batch that is over: the file's bytes, and what its entry says. */
export interface Finished {
  readonly bytes: Buffer
  /** SHA-256 of the file. */
  readonly digest: Buffer
  readonly root: Buffer
  readonly nonce: Buffer
  readonly count: number
  /** Acts in a leaf. */
  readonly group: number
  readonly from: number
  readonly until: number
}

/** Allowed acts on their way into one root. */
export class ActBatch {
  readonly #records = Buffer.alloc(MOST_ACTS * RECORD_BYTES)
  #parties: Party[] = []
  #count = 0
  #from = 0
  #until = 0

  get count(): number {
    return this.#count
  }

  get isFull(): boolean {
    return this.#count >= MOST_ACTS || this.#parties.length >= MOST_PARTIES
  }

  /** Whether it has waited long enough. @param wall milliseconds since the Unix epoch */
  isDue(wall: number): boolean {
    // The clock may have been set back meanwhile: then nobody knows how long it has waited.
    return this.#count > 0 && (this.isFull || wall - this.#from >= LONGEST || this.#until - wall >= LONGEST)
  }

  /** @returns the number of the party in this batch */
  party(party: Party): number {
    this.#parties.push(party)
    return this.#parties.length - 1
  }

  add(party: number, time: number, bytes: number, packet: number, flags: number): void {
    this.#from = this.#count === 0 ? time : Math.min(this.#from, time)
    this.#until = Math.max(this.#until, time)
    const at = this.#count++ * RECORD_BYTES
    const records = this.#records
    records.writeUInt32BE(party, at)
    records.writeDoubleBE(Math.round(time), at + 4)
    records.writeUInt32BE(bytes, at + 12)
    records.writeUInt16BE(packet, at + 16)
    records[at + 18] = flags
  }

  /** Ends the batch and begins the next one. */
  finish(committer: Committer): Finished {
    const nonce = randomBytes(BATCH_NONCE)
    const records = Buffer.from(this.#records.subarray(0, this.#count * RECORD_BYTES))
    const parties = this.#parties
    const seconds = Math.max(1, this.#until - this.#from) / 1_000
    // A few acts at once are no load: they stay apart.
    const perSecond = this.#count < BUSY ? 0 : this.#count / seconds
    const group = GROUPS.find(([least]) => perSecond >= least)?.[1] ?? 1
    const count = this.#count
    const [from, until] = [this.#from, this.#until]
    this.#parties = []
    this.#count = 0
    this.#until = 0
    const root = rootOf(treeOfActs({ records, parties, nonce, group }, committer))
    const bytes = sideFile(parties, records)
    return { bytes, digest: hash('sha256', bytes, 'buffer'), root, nonce, count, group, from, until }
  }
}

/** What the tree of a batch is made of. */
export interface BatchParts {
  readonly records: Buffer
  readonly parties: readonly Party[]
  readonly nonce: Uint8Array
  readonly group: number
}

/** The tree over a batch: what its entry has the root of. */
export function treeOfActs(parts: BatchParts, committer: Committer): ActTree {
  const leaves = leavesOf(parts, committer)
  const size = parts.group * LEAF_BYTES
  return treeOf(Math.ceil(leaves.length / size), index => leaves.subarray(index * size, (index + 1) * size))
}

/** All acts as leaves have them, one behind the other. */
export function leavesOf({ records, parties, nonce }: BatchParts, committer: Committer): Buffer {
  const digests = parties.map((party, index) => digestOf(partySalt(committer, nonce, index), partyBytes(party)))
  const leaves = new Uint8Array((records.length / RECORD_BYTES) * LEAF_BYTES)
  for (let at = 0, to = 0; at < records.length; at += RECORD_BYTES, to += LEAF_BYTES) {
    leaves.set(digests[records.readUInt32BE(at)], to)
    // The figures stand in a side file as they do in a leaf. Byte by byte: a call for so few costs more than to copy them.
    for (let i = PARTY_BYTES; i < LEAF_BYTES; i++) leaves[to + i] = records[at + i - PARTY_BYTES + 4]
  }
  return Buffer.from(leaves.buffer)
}

/** One act of a side file. */
export function recordAt(records: Buffer, index: number): ActRecord {
  const at = index * RECORD_BYTES
  const flags = records[at + 18]
  return {
    time: records.readDoubleBE(at + 4),
    bytes: records.readUInt32BE(at + 12),
    packet: records.readUInt16BE(at + 16),
    qos: flags & 3,
    retain: (flags & 4) !== 0,
  }
}

function sideFile(parties: readonly Party[], records: Buffer): Buffer {
  const table = encodeCbor(parties.map(party => partyBytes(party)))
  const length = Buffer.alloc(4)
  length.writeUInt32BE(table.length)
  return Buffer.concat([MAGIC, randomBytes(BLIND_BYTES), length, table, records])
}
