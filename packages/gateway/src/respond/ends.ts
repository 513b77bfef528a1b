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
  #heap: End[] = []

  get size(): number {
    return this.#ends.size
  }

  set(key: string, until: number): void {
    this.#ends.set(key, until)
    this.#push({ key, until })
    if (this.#heap.length > 64 + this.#ends.size * 2) this.#clear()
  }

  delete(key: string): void {
    this.#ends.delete(key)
  }

  /** The key that ends first, and when; undefined where there is none. */
  first(): End | undefined {
    for (;;) {
      const top = this.#heap[0]
      if (top === undefined || this.#ends.get(top.key) === top.until) return top
      this.#pop()
    }
  }

  #clear(): void {
    this.#heap = []
    for (const [key, until] of this.#ends) this.#push({ key, until })
  }

  #push(end: End): void {
    const heap = this.#heap
    let at = heap.length
    heap.push(end)
    while (at > 0) {
      const above = (at - 1) >> 1
      if (heap[above].until <= end.until) break
      heap[at] = heap[above]
      at = above
    }
    heap[at] = end
  }

  #pop(): void {
    const heap = this.#heap
    const last = heap.pop()
    if (last === undefined || heap.length === 0) return
    let at = 0
    for (;;) {
      let below = at * 2 + 1
      if (below >= heap.length) break
      if (below + 1 < heap.length && heap[below + 1].until < heap[below].until) below++
      if (heap[below].until >= last.until) break
      heap[at] = heap[below]
      at = below
    }
    heap[at] = last
  }
}
