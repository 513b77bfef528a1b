import { Heap } from '../base/heap.ts'

/** What ends and when, in milliseconds of any clock. */
interface End {
  readonly key: string
  readonly until: number
}

/**
 * What ends first: a binary heap of ends by key. An end that was moved or taken away stays in the heap as a leftover and is
 * passed over later; when leftovers are more than what counts, they are cleared away. So every step costs the logarithm.
 */
export class Ends {
  readonly #ends = new Map<string, number>()
  readonly #heap = new Heap<End>((a, b) => a.until < b.until)

  get size(): number {
    return this.#ends.size
  }

  set(key: string, until: number): void {
    this.#ends.set(key, until)
    this.#heap.push({ key, until })
    if (this.#heap.size > 64 + this.#ends.size * 2) this.#clear()
  }

  delete(key: string): void {
    this.#ends.delete(key)
  }

  /** The key that ends first, and when; undefined where there is none. */
  first(): End | undefined {
    for (;;) {
      const top = this.#heap.first
      if (top === undefined || this.#ends.get(top.key) === top.until) return top
      this.#heap.pop()
    }
  }

  #clear(): void {
    this.#heap.clear()
    for (const [key, until] of this.#ends) this.#heap.push({ key, until })
  }
}
