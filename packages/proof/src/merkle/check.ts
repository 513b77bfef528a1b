import { EMPTY_ROOT, nodeHash, sameHash, splitOf } from './hash.ts'

/** Sizes of trees: 2^53 at most, so that numbers count them. */
const isSize = (value: number): boolean => Number.isSafeInteger(value) && value >= 0

/** Goes up from node `at` of a level whose last node is `last`, a hash of the path a step; whether the path ends at the root. */
function climb(
  at: number,
  last: number,
  path: readonly Uint8Array[],
  join: (each: Uint8Array, isLeft: boolean) => void,
): boolean {
  for (const each of path) {
    if (last === 0) return false
    const isLeft = at % 2 === 1 || at === last
    join(each, isLeft)
    while (isLeft && at % 2 === 0 && at !== 0) {
      at /= 2
      last = Math.floor(last / 2)
    }
    at = Math.floor(at / 2)
    last = Math.floor(last / 2)
  }
  return last === 0
}

/** The root to which a leaf and its path lead (RFC 9162, section 2.1.3.2); null where the path has another length than it must. */
export function rootFromInclusion(
  index: number,
  size: number,
  leaf: Uint8Array,
  path: readonly Uint8Array[],
): Uint8Array | null {
  if (!isSize(index) || !isSize(size) || index >= size) return null
  let hash = leaf
  const reached = climb(index, size - 1, path, (each, isLeft) => {
    hash = isLeft ? nodeHash(each, hash) : nodeHash(hash, each)
  })
  return reached ? hash : null
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
  const isWhole = before === 1 || splitOf(before) * 2 === before
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
  const reached = climb(at, last, rest, (each, isLeft) => {
    if (isLeft) oldHash = nodeHash(each, oldHash)
    newHash = isLeft ? nodeHash(each, newHash) : nodeHash(newHash, each)
  })
  return reached && sameHash(oldHash, old) && sameHash(newHash, root)
}
