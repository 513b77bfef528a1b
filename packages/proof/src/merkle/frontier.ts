import { EMPTY_ROOT, nodeHash } from './hash.ts'

/**
 * The right edge of a tree that grows: the roots of its whole subtrees, the largest first, one for each bit of its size. Enough to go
 * on from, and at most 53 hashes.
 */
export class Frontier {
  #size = 0
  readonly #roots: Uint8Array[] = []
  readonly #nodeHash: typeof nodeHash

  /** @param hash of a node: another may stand in its place where a host hashes faster */
  constructor(hash = nodeHash) {
    this.#nodeHash = hash
  }

  /** Goes on with a tree of `size` entries whose whole subtrees have these roots, the largest first. */
  static from(size: number, roots: readonly Uint8Array[], hash = nodeHash): Frontier {
    const frontier = new Frontier(hash)
    frontier.#size = size
    frontier.#roots.push(...roots)
    return frontier
  }

  get size(): number {
    return this.#size
  }

  get roots(): readonly Uint8Array[] {
    return this.#roots
  }

  /** Adds an entry by its leaf hash. @param made is told of each subtree that became whole, from the entry up */
  add(leaf: Uint8Array, made: (level: number, index: number, hash: Uint8Array) => void = () => {}): void {
    let hash = leaf
    let index = this.#size++
    made(0, index, hash)
    for (let level = 1; index % 2 === 1; level++) {
      hash = this.#nodeHash(this.#roots.pop() ?? hash, hash)
      index = (index - 1) / 2
      made(level, index, hash)
    }
    this.#roots.push(hash)
  }

  get root(): Uint8Array {
    return (
      this.#roots.reduceRight<Uint8Array | null>(
        (right, left) => (right === null ? left : this.#nodeHash(left, right)),
        null,
      ) ?? EMPTY_ROOT
    )
  }
}
