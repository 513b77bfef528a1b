import { DIGEST_BYTES } from '../hash/sha256.ts'
import { EMPTY_ROOT } from '../merkle/index.ts'
import { TILE_HEIGHT } from '../tiles/index.ts'
import { leafText, nodeOf, nodeText } from './hash.ts'

/** A tree has at most 53 whole subtrees at its edge, and one more while two are joined. */
const MOST_ROOTS = 54
/**
 * Where the edge lies while a tree grows, hash behind hash, so that two neighbors are hashed where they stand. A commit's thousands of entries make no
 * object each: collecting those took as long as the hashing.
 */
const edge = Buffer.alloc(1 + MOST_ROOTS * DIGEST_BYTES)
/** By count of hashes: the last two, with the byte before them. */
const pairs = Array.from({ length: MOST_ROOTS + 1 }, (_, count) => {
  const at = Math.max(0, count - 2) * DIGEST_BYTES
  return edge.subarray(at, at + 1 + 2 * DIGEST_BYTES)
})

/** What entries add to a tree. */
export interface Growth {
  /** The size of the tree with them. */
  readonly size: number
  /** The roots of its whole subtrees, greatest first, one behind the other. */
  readonly roots: Uint8Array
  /** The entries, as in bundles. */
  readonly bundles: readonly Uint8Array[]
  /** By tile level: the hashes that became whole, one behind the other. */
  readonly made: readonly Uint8Array[]
}

/** Adds bundles of whole entries to a tree of `size` whose whole subtrees have these roots. */
export function grow(size: number, roots: Uint8Array, bundles: readonly Uint8Array[]): Growth {
  edge.set(roots, 1)
  let count = roots.length / DIGEST_BYTES
  let index = size
  const made: string[][] = []
  for (const bundle of bundles) {
    for (let at = 0; at < bundle.length; index++) {
      const start = at + 2
      at = start + (bundle[at] << 8) + bundle[at + 1]
      let text = leafText(bundle, start, at)
      keep(made, 0, text)
      put(text, count++)
      for (let level = 1, left = index; left % 2 === 1; level++, left = (left - 1) / 2) {
        text = joined(count--)
        put(text, count - 1)
        if (level % TILE_HEIGHT === 0) keep(made, level / TILE_HEIGHT, text)
      }
    }
  }
  return {
    size: index,
    roots: Uint8Array.from(edge.subarray(1, 1 + count * DIGEST_BYTES)),
    bundles,
    made: Array.from(made, texts => Buffer.from((texts ?? []).join(''), 'latin1')),
  }
}

/** The root of a tree whose whole subtrees have these. */
export function rootOf(roots: Uint8Array): Uint8Array {
  let root: Uint8Array | null = null
  for (let at = roots.length - DIGEST_BYTES; at >= 0; at -= DIGEST_BYTES) {
    const left = roots.subarray(at, at + DIGEST_BYTES)
    root = root === null ? Uint8Array.from(left) : nodeOf(left, root)
  }
  return root ?? EMPTY_ROOT
}

function put(text: string, at: number): void {
  edge.write(text, 1 + at * DIGEST_BYTES, DIGEST_BYTES, 'latin1')
}

/** The hash of the last two. A node's hash begins with a one: it stands where the hash before them ends, for as long as it takes. */
function joined(count: number): string {
  const pair = pairs[count]
  const before = pair[0]
  pair[0] = 1
  const text = nodeText(pair)
  pair[0] = before
  return text
}

function keep(made: string[][], level: number, text: string): void {
  made[level] ??= []
  made[level].push(text)
}
