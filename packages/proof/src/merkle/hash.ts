import { sha256 } from '../hash/sha256.ts'

/** Before what is hashed, so that no leaf can be taken for a node (RFC 6962, section 2.1). */
const LEAF = Uint8Array.of(0)
const NODE = Uint8Array.of(1)

/** The hash of an entry. */
export function leafHash(entry: Uint8Array): Uint8Array {
  return sha256(LEAF, entry)
}

/** The hash of a node, by those of its children. */
export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  return sha256(NODE, left, right)
}

/** The root of a tree without entries. */
export const EMPTY_ROOT: Uint8Array = sha256()

/** The largest power of two below `size`, which is 2 at least: where a tree is split (RFC 6962, section 2.1). */
export function splitOf(size: number): number {
  // Not by a logarithm, which rounds up just below a large power.
  let power = 1
  while (power * 2 < size) power *= 2
  return power
}

export function sameHash(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index])
}
