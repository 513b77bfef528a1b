/** A seeded source of whole numbers (splitmix32), so that a run can be repeated from its seed. */
export class Random {
  #state: number

  constructor(seed: number) {
    this.#state = seed | 0
  }

  /** From 0 up to, not including, `limit`. */
  below(limit: number): number {
    this.#state = (this.#state + 0x9e3779b9) | 0
    let mixed = this.#state ^ (this.#state >>> 16)
    mixed = Math.imul(mixed, 0x21f0aaad)
    mixed ^= mixed >>> 15
    mixed = Math.imul(mixed, 0x735a2d97)
    mixed ^= mixed >>> 15
    return Math.floor(((mixed >>> 0) / 0x1_0000_0000) * limit)
  }

  pick<Item>(items: readonly Item[]): Item {
    return items[this.below(items.length)]
  }
}
