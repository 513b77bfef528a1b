import { hash } from 'node:crypto'
import { DIGEST_BYTES } from '../hash/sha256.ts'
import { LONGEST_ENTRY } from '../tiles/index.ts'

/**
 * The hashes of RFC 6962, section 2.1, by Node: several times as fast as in TypeScript. Each reuses its input's room. A digest comes as text
 * into the pool of buffers: one with its own memory for each costs three times as much, most of it at its end.
 */
const node = Buffer.alloc(1 + 2 * DIGEST_BYTES, 1)
const leaf = Buffer.alloc(1 + LONGEST_ENTRY)
/** The input of entries by their length: making it takes as long as a quarter of the hashing. */
const inputs: Uint8Array[] = Array.from({ length: 1_024 }, (_, length) => leaf.subarray(0, 1 + length))

export function nodeOf(left: Uint8Array, right: Uint8Array): Buffer {
  node.set(left, 1)
  node.set(right, 1 + DIGEST_BYTES)
  return Buffer.from(hash('sha256', node, 'latin1'), 'latin1')
}

export function leafOf(entry: Uint8Array): Buffer {
  leaf.set(entry, 1)
  return Buffer.from(hash('sha256', inputs[entry.length] ?? leaf.subarray(0, 1 + entry.length), 'latin1'), 'latin1')
}
