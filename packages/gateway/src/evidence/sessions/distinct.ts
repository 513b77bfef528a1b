const NONE = new Uint32Array(0)
const FIRST = 4

/** Counts different numbers of 32 bits, up to so many, in four bytes each: what they stand for is not kept. */
export class Distinct {
  size = 0
  readonly #most: number
  #values = NONE

  constructor(most: number) {
    this.#most = most
  }

  add(value: number): void {
    if (this.size === this.#most || this.#has(value)) return
    if (this.size === this.#values.length) this.#grow()
    this.#values[this.size++] = value
  }

  clear(): void {
    this.size = 0
  }

  #has(value: number): boolean {
    for (let i = 0; i < this.size; i++) if (this.#values[i] === value) return true
    return false
  }

  #grow(): void {
    const grown = new Uint32Array(Math.min(this.#most, Math.max(FIRST, 2 * this.size)))
    grown.set(this.#values)
    this.#values = grown
  }
}
