/** The last rows of a series, and by how much the very last ones differ from those before. Memory: (reference + longest window) numbers a column. */
export class Contrasts {
  readonly columns: number
  readonly reference: number
  readonly windows: readonly number[]
  /** Rows that are held. */
  readonly span: number
  readonly #ring: Float64Array
  #rows = 0

  constructor(columns: number, reference: number, windows: readonly number[]) {
    this.columns = columns
    this.reference = reference
    this.windows = windows
    this.span = reference + Math.max(...windows)
    this.#ring = new Float64Array(this.span * columns)
  }

  /** Rows taken so far. */
  get rows(): number {
    return this.#rows
  }

  push(row: ArrayLike<number>): void {
    const place = (this.#rows % this.span) * this.columns
    for (let column = 0; column < this.columns; column++) this.#ring[place + column] = row[column]!
    this.#rows++
  }

  /** A column's value `back` rows ago; 0 is the last row. */
  ago(column: number, back: number): number {
    return this.#ring[((this.#rows - 1 - back) % this.span) * this.columns + column]!
  }

  /**
   * The mean of a column's last `windows[window]` rows less that of the `reference` rows before them. NaN while there are fewer rows, and
   * where less than half of either has values.
   */
  of(window: number, column: number): number {
    const last = this.windows[window]!
    if (this.#rows < last + this.reference) return Number.NaN
    return this.#mean(column, 0, last) - this.#mean(column, last, last + this.reference)
  }

  #mean(column: number, from: number, to: number): number {
    let sum = 0
    let count = 0
    for (let back = from; back < to; back++) {
      const value = this.ago(column, back)
      if (Number.isNaN(value)) continue
      sum += value
      count++
    }
    return 2 * count >= to - from ? sum / count : Number.NaN
  }
}
