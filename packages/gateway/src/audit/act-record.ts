import { encodeCbor } from '@ringwall/proof'
import type { Committer } from './commitment.ts'

/** Whose acts, and about what. */
export interface Party {
  readonly device: string
  readonly address: string
  /** Unique while the gateway runs. */
  readonly connection: number
  readonly direction: 'up' | 'down'
  readonly topic: string
}

/** One allowed act. */
export interface ActRecord {
  /** Milliseconds since the Unix epoch. */
  readonly time: number
  /** Bytes of its payload. */
  readonly bytes: number
  /** Its packet identifier, 0 where there is none. */
  readonly packet: number
  readonly qos: number
  readonly retain: boolean
}

/** What a leaf of the batch's tree is made of: the salted commitment to the party, then the figures. */
export const LEAF_BYTES = 47
/** Bytes of a batch's nonce, from which each party's salt comes. */
export const BATCH_NONCE = 16

const PARTY = 32

/** Writes one act as it stands in a leaf. @param party the commitment to its party, 32 bytes */
export function writeLeaf(into: DataView, at: number, party: Uint8Array, act: ActRecord): void {
  new Uint8Array(into.buffer, into.byteOffset + at, PARTY).set(party)
  into.setBigUint64(at + PARTY, BigInt(Math.round(act.time)))
  into.setUint32(at + PARTY + 8, act.bytes)
  into.setUint16(at + PARTY + 12, act.packet)
  into.setUint8(at + PARTY + 14, flagsOf(act))
}

export function flagsOf({ qos, retain }: Pick<ActRecord, 'qos' | 'retain'>): number {
  return qos | (retain ? 4 : 0)
}

/** The salt of one party of a batch; it opens no other's. */
export function partySalt(committer: Committer, nonce: Uint8Array, index: number): Uint8Array {
  const number = Buffer.alloc(4)
  number.writeUInt32BE(index)
  return committer.salt(Buffer.concat([nonce, number]))
}

/** The bytes of a party, to which a leaf commits. */
export function partyBytes({ device, address, connection, direction, topic }: Party): Uint8Array {
  return encodeCbor([device, address, connection, direction, topic.toWellFormed()])
}

/** Reads one act of a leaf. */
export function readLeaf(leaf: Buffer): { readonly party: Uint8Array; readonly act: ActRecord } {
  const flags = leaf[PARTY + 14]
  return {
    party: leaf.subarray(0, PARTY),
    act: {
      time: Number(leaf.readBigUInt64BE(PARTY)),
      bytes: leaf.readUInt32BE(PARTY + 8),
      packet: leaf.readUInt16BE(PARTY + 12),
      qos: flags & 3,
      retain: (flags & 4) !== 0,
    },
  }
}
