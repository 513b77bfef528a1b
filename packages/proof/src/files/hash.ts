import { hash } from 'node:crypto'
import { DIGEST_BYTES } from '../hash/sha256.ts'
import { LONGEST_ENTRY } from '../tiles/index.ts'

/** The hashes of RFC 6962, section 2.1, by Node: several times as fast as in TypeScript. Each reuses its input's room. */
const node = Buffer.alloc(1 + 2 * DIGEST_BYTES, 1)
const leaf = Buffer.alloc(1 + LONGEST_ENTRY)

export function nodeOf(left: Uint8Array, right: Uint8Array): Buffer {
  node.set(left, 1)
  node.set(right, 1 + DIGEST_BYTES)
  return hash('sha256', node, 'buffer')
}

export function leafOf(entry: Uint8Array): Buffer {
  leaf.set(entry, 1)
  return hash('sha256', leaf.subarray(0, 1 + entry.length), 'buffer')
}
