/** Of what a linear residual is taken. */
export interface LinearResidualOptions {
  /** The column that is watched. */
  readonly sensor: number
  /** The columns that bear witness. Leave out those that a controller moves by what the sensor says: they repeat its lie. */
  readonly witnesses: readonly number[]
  /** 0: the value against the witnesses' values. k: the change over k rows against the witnesses' integrals over these rows (a balance). */
  readonly lag: number
}

/** Rows that a witness may miss: its integral goes straight over them. Beyond, nobody knows what flowed, and windows begin anew. */
const BRIDGED = 3

/** The witnesses' values or integrals, and behind them the sensor's value or change. What is not finite was not said. */
export class Witnesses {
  readonly #options: LinearResidualOptions
  readonly #made: Float64Array
  /** Sums up to each of the last rows, and the sensor's values; NaN where they are not known. */
  readonly #ring: Float64Array
  /** The witnesses' sums, and then their last values; NaN before they have spoken. */
  readonly #before: Float64Array
  /** Rows since each witness spoke. */
  readonly #silent: Uint8Array
  #seen: number

  constructor(options: LinearResidualOptions, from?: Witnesses) {
    this.#options = options
    const count = options.witnesses.length
    const size = count + 1
    this.#made = new Float64Array(size)
    this.#ring = from === undefined ? new Float64Array(options.lag * size).fill(Number.NaN) : from.#ring.slice()
    this.#before = from === undefined ? new Float64Array(2 * count).fill(Number.NaN) : from.#before.slice()
    this.#silent = from === undefined ? new Uint8Array(count) : from.#silent.slice()
    this.#seen = from === undefined ? 0 : from.#seen
  }

  get bytes(): number {
    const arrays = [this.#made, this.#ring, this.#before, this.#silent]
    return arrays.reduce((sum, { byteLength }) => sum + byteLength, 0)
  }

  copy(): Witnesses {
    return new Witnesses(this.#options, this)
  }

  /** Takes the next row; null where a value that counts was not said, at it or a lag before. The next call overwrites what is given. */
  push(row: ArrayLike<number>): Float64Array | null {
    const { sensor, witnesses, lag } = this.#options
    const made = this.#made
    const last = witnesses.length
    for (let i = 0; i < last; i++) made[i] = lag === 0 ? row[witnesses[i]] : this.#sumTo(i, row[witnesses[i]])
    made[last] = row[sensor]
    if (lag > 0) this.#since((this.#seen++ % lag) * made.length)
    return made.every(Number.isFinite) ? made : null
  }

  /** Puts what was made into its place in the ring, and takes from it what stood there. */
  #since(at: number): void {
    const made = this.#made
    for (let i = 0; i < made.length; i++) {
      const now = made[i]
      made[i] = now - this.#ring[at + i]
      this.#ring[at + i] = now
    }
  }

  /** A witness's integral up to a row; NaN while it is silent. */
  #sumTo(i: number, value: number): number {
    const before = this.#before
    const count = before.length / 2
    if (!Number.isFinite(value)) {
      this.#silent[i] = Math.min(BRIDGED + 1, this.#silent[i] + 1)
      return Number.NaN
    }
    const rows = this.#silent[i] + 1
    if (rows > BRIDGED + 1) this.#forget(i)
    const sum = Number.isNaN(before[i]) ? 0 : before[i] + (rows * (before[count + i] + value)) / 2
    before[i] = sum
    before[count + i] = value
    this.#silent[i] = 0
    return sum
  }

  /** What a witness's sums were before counts no more. */
  #forget(i: number): void {
    const size = this.#made.length
    for (let at = i; at < this.#ring.length; at += size) this.#ring[at] = Number.NaN
    this.#before[i] = Number.NaN
  }
}
