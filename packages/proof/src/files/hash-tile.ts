import { DIGEST_BYTES } from '../hash/sha256.ts'
import { LENGTH_BYTES } from '../tiles/index.ts'
import { leafOf, nodeOf } from './hash.ts'

/**
 * Adds the entries in `[from, to)` of a bundle to a tile that has `index` leaves already. `edge` has from byte `at` on the roots of the tile's whole subtrees,
 * greatest first, and room for nine: they become those of the tile with the entries. Their leaf hashes are written to `hashes`, one behind the other
 * (RFC 6962, section 2.1). Whoever has a quicker one brings it: `@ringwall/native`.
 */
export type HashTile = (
  bundle: Uint8Array,
  from: number,
  to: number,
  index: number,
  edge: Uint8Array,
  at: number,
  hashes: Uint8Array,
) => void

export const hashTile: HashTile = (bundle, from, to, index, edge, at, hashes) => {
  const rootAt = (root: number): number => at + root * DIGEST_BYTES
  let count = subtreesIn(index)
  for (let [next, leaf, put] = [from, index, 0]; next < to; leaf++, put += DIGEST_BYTES) {
    const start = next + LENGTH_BYTES
    next = afterEntry(bundle, next)
    const hash = leafOf(bundle.subarray(start, next))
    hashes.set(hash, put)
    edge.set(hash, rootAt(count++))
    for (let left = leaf; left % 2 === 1; left = (left - 1) / 2, count--) {
      const [first, second] = [rootAt(count - 2), rootAt(count - 1)]
      edge.set(nodeOf(edge.subarray(first, second), edge.subarray(second, second + DIGEST_BYTES)), first)
    }
  }
}

/** Where the entry ends that begins at a byte of a bundle. */
export function afterEntry(bundle: Uint8Array, at: number): number {
  return at + LENGTH_BYTES + (bundle[at] << 8) + bundle[at + 1]
}

/** How many whole subtrees a tile of some leaves has: the bits of their count. */
export function subtreesIn(leaves: number): number {
  let count = 0
  for (let left = leaves; left > 0; left >>= 1) count += left & 1
  return count
}
