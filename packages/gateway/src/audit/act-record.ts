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

/** Bytes of the commitment that a leaf begins with; behind it time (float64), bytes, packet and flags, big-endian. */
export const PARTY_BYTES = 32

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
  const flags = leaf[PARTY_BYTES + 14]
  return {
    party: leaf.subarray(0, PARTY_BYTES),
    act: {
      time: leaf.readDoubleBE(PARTY_BYTES),
      bytes: leaf.readUInt32BE(PARTY_BYTES + 8),
      packet: leaf.readUInt16BE(PARTY_BYTES + 12),
      qos: flags & 3,
      retain: (flags & 4) !== 0,
    },
  }
}
