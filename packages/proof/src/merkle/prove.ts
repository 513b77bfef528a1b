import { EMPTY_ROOT, nodeHash, splitOf } from './hash.ts'

/**
 * Gives the hash of the whole subtree of 2^`level` entries from entry `index * 2^level` on; level 0 is the entries' own. Only what lies
 * whole in the tree is asked for.
 */
export type SubtreeHash = (level: number, index: number) => Uint8Array

/** The root of the tree over the first `size` entries. */
export function rootOf(size: number, hashOf: SubtreeHash): Uint8Array {
  return size === 0 ? EMPTY_ROOT : rangeHash(0, size, hashOf)
}

/** What proves that entry `index` is in the tree over the first `size` entries (RFC 6962, section 2.1.1), from the leaf up. */
export function inclusionPath(index: number, size: number, hashOf: SubtreeHash): Uint8Array[] {
  if (!(index >= 0 && index < size)) throw new RangeError(`there is no entry ${index} among ${size}`)
  const path: Uint8Array[] = []
  let from = 0
  let to = size
  while (to - from > 1) {
    const middle = from + splitOf(to - from)
    if (index < middle) {
      path.unshift(rangeHash(middle, to, hashOf))
      to = middle
    } else {
      path.unshift(rangeHash(from, middle, hashOf))
      from = middle
    }
  }
  return path
}

/** What proves that the tree of `size` entries begins with that of `before` (RFC 6962, section 2.1.2). */
export function consistencyPath(before: number, size: number, hashOf: SubtreeHash): Uint8Array[] {
  if (!(before >= 0 && before <= size)) throw new RangeError(`a tree of ${size} does not begin with one of ${before}`)
  if (before === 0 || before === size) return []
  const path: Uint8Array[] = []
  let from = 0
  let to = size
  // Whether the old tree is itself the subtree that is left: its root is then known to whoever checks.
  let isWhole = true
  while (before !== to) {
    const middle = from + splitOf(to - from)
    if (before <= middle) {
      path.unshift(rangeHash(middle, to, hashOf))
      to = middle
    } else {
      path.unshift(rangeHash(from, middle, hashOf))
      from = middle
      isWhole = false
    }
  }
  if (!isWhole) path.unshift(rangeHash(from, to, hashOf))
  return path
}

/** The hash over entries `[from, to)`, a range that a tree has: `from` is a multiple of the power of two that holds it. */
function rangeHash(from: number, to: number, hashOf: SubtreeHash): Uint8Array {
  const size = to - from
  const half = size === 1 ? 0 : splitOf(size)
  if (size === 1 || half * 2 === size) return hashOf(Math.log2(size), from / size)
  const middle = from + half
  return nodeHash(rangeHash(from, middle, hashOf), rangeHash(middle, to, hashOf))
}
