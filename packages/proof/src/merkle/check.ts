import { EMPTY_ROOT, nodeHash, sameHash } from './hash.ts'

/** Sizes of trees: 2^53 at most, so that numbers count them. */
const isSize = (value: number): boolean => Number.isSafeInteger(value) && value >= 0

/** The root to which a leaf and its path lead (RFC 9162, section 2.1.3.2); null where the path has another length than it must. */
export function rootFromInclusion(
  index: number,
  size: number,
  leaf: Uint8Array,
  path: readonly Uint8Array[],
): Uint8Array | null {
  if (!isSize(index) || !isSize(size) || index >= size) return null
  let hash = leaf
  let at = index
  let last = size - 1
  for (const each of path) {
    if (last === 0) return null
    if (at % 2 === 1 || at === last) {
      hash = nodeHash(each, hash)
      while (at % 2 === 0 && at !== 0) {
        at /= 2
        last = Math.floor(last / 2)
      }
    } else hash = nodeHash(hash, each)
    at = Math.floor(at / 2)
    last = Math.floor(last / 2)
  }
  return last === 0 ? hash : null
}

/** Whether the tree of `size` entries with root `root` begins with that of `before` with root `old` (RFC 9162, section 2.1.4.2). */
export function isConsistent(
  before: number,
  size: number,
  old: Uint8Array,
  root: Uint8Array,
  path: readonly Uint8Array[],
): boolean {
  if (!isSize(before) || !isSize(size) || before > size) return false
  if (before === 0) return path.length === 0 && sameHash(old, EMPTY_ROOT)
  if (before === size) return path.length === 0 && sameHash(old, root)
  const isWhole = Number.isInteger(Math.log2(before)) && 2 ** Math.log2(before) === before
  const steps = isWhole ? [old, ...path] : path
  const [first, ...rest] = steps
  if (first === undefined) return false
  let at = before - 1
  let last = size - 1
  while (at % 2 === 1) {
    at = Math.floor(at / 2)
    last = Math.floor(last / 2)
  }
  let oldHash = first
  let newHash = first
  for (const each of rest) {
    if (last === 0) return false
    if (at % 2 === 1 || at === last) {
      oldHash = nodeHash(each, oldHash)
      newHash = nodeHash(each, newHash)
      while (at % 2 === 0 && at !== 0) {
        at /= 2
        last = Math.floor(last / 2)
      }
    } else newHash = nodeHash(newHash, each)
    at = Math.floor(at / 2)
    last = Math.floor(last / 2)
  }
  return last === 0 && sameHash(oldHash, old) && sameHash(newHash, root)
}
