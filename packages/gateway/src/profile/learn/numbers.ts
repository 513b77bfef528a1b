/** Two clocks that differ by more than this many milliseconds do not tell the same time. */
const CLOCK_WITHIN = 86_400_000
/** So many readings at least before anything is said of their rhythm. */
const ENOUGH = 20

/** What one device's numbers in one field look like over time. Constant memory. */
export class NumberField {
  count = 0
  minimum = Number.POSITIVE_INFINITY
  maximum = Number.NEGATIVE_INFINITY
  integers = true
  /** Largest change from one reading to the next. */
  step = 0
  /** Longest run of equal readings. */
  run = 1
  /** How often the next reading was one more than the last. */
  #ones = 0
  #steps = 0
  #run = 1
  #last = Number.NaN
  /** Largest distance to the recorder's clock, in milliseconds, taken as milliseconds and as seconds. */
  #skewMilliseconds = 0
  #skewSeconds = 0

  /** @param time wall milliseconds at the recorder */
  add(value: number, time: number): void {
    if (this.count > 0) {
      this.step = Math.max(this.step, Math.abs(value - this.#last))
      this.#steps++
      if (value === this.#last + 1) this.#ones++
      this.#run = value === this.#last ? this.#run + 1 : 1
      this.run = Math.max(this.run, this.#run)
    }
    this.count++
    this.#last = value
    this.minimum = Math.min(this.minimum, value)
    this.maximum = Math.max(this.maximum, value)
    if (!Number.isInteger(value)) this.integers = false
    this.#skewMilliseconds = Math.max(this.#skewMilliseconds, Math.abs(value - time))
    this.#skewSeconds = Math.max(this.#skewSeconds, Math.abs(value * 1000 - time))
  }

  /** Counts messages: whole, and almost always one more than before. */
  get counts(): boolean {
    return this.integers && this.count >= ENOUGH && this.#ones >= 0.95 * this.#steps
  }

  /** The device's clock: its unit and the largest difference seen, in milliseconds; null where the numbers tell no time. */
  get clock(): { readonly unit: 'ms' | 's'; readonly skew: number } | null {
    if (this.count < 2) return null
    if (this.#skewMilliseconds < CLOCK_WITHIN) return { unit: 'ms', skew: this.#skewMilliseconds }
    return this.#skewSeconds < CLOCK_WITHIN ? { unit: 's', skew: this.#skewSeconds } : null
  }

  /** Whether readings differ from one to the next as those of a living sensor do. */
  get lively(): boolean {
    return this.count >= 5 * ENOUGH && this.run <= 3
  }

  /** Whether it moves bit by bit: what may leap through half of its range at once (a check digit, a switch) has no rate of change. */
  get gradual(): boolean {
    return this.step > 0 && this.step < (this.maximum - this.minimum) / 2
  }

  /** Joins what another device of the type says in the same field. */
  join(other: NumberField): void {
    this.count += other.count
    this.minimum = Math.min(this.minimum, other.minimum)
    this.maximum = Math.max(this.maximum, other.maximum)
    this.integers &&= other.integers
    this.step = Math.max(this.step, other.step)
    this.run = Math.max(this.run, other.run)
    this.#ones += other.#ones
    this.#steps += other.#steps
    this.#skewMilliseconds = Math.max(this.#skewMilliseconds, other.#skewMilliseconds)
    this.#skewSeconds = Math.max(this.#skewSeconds, other.#skewSeconds)
  }
}
