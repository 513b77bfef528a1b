/** A binary heap: whatever comes before all others is first, and every change costs the logarithm. */
export class Heap<T> {
  readonly #before: (a: T, b: T) => boolean
  #items: T[] = []

  /** @param before whether a comes before b */
  constructor(before: (a: T, b: T) => boolean) {
    this.#before = before
  }

  get size(): number {
    return this.#items.length
  }

  get first(): T | undefined {
    return this.#items[0]
  }

  push(item: T): void {
    const items = this.#items
    let at = items.push(item) - 1
    while (at > 0) {
      const up = (at - 1) >> 1
      if (!this.#before(item, items[up])) break
      items[at] = items[up]
      at = up
    }
    items[at] = item
  }

  /** Takes the first away. */
  pop(): void {
    const items = this.#items
    const last = items.pop()
    if (last === undefined || items.length === 0) return
    let at = 0
    for (;;) {
      let down = 2 * at + 1
      if (down >= items.length) break
      if (down + 1 < items.length && this.#before(items[down + 1], items[down])) down++
      if (!this.#before(items[down], last)) break
      items[at] = items[down]
      at = down
    }
    items[at] = last
  }

  clear(): void {
    this.#items = []
  }
}
