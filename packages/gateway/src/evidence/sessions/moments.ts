/** Mean, spread and extremes of numbers as they come (Welford 1962). Of no numbers all are 0. */
export class Moments {
  count = 0
  mean = 0
  least = 0
  most = 0
  #squares = 0

  add(value: number): void {
    const first = this.count++ === 0
    const off = value - this.mean
    this.mean += off / this.count
    this.#squares += off * (value - this.mean)
    this.least = first ? value : Math.min(this.least, value)
    this.most = first ? value : Math.max(this.most, value)
  }

  /** The standard deviation of all that came. */
  get deviation(): number {
    return this.count === 0 ? 0 : Math.sqrt(this.#squares / this.count)
  }

  clear(): void {
    this.count = 0
    this.mean = 0
    this.least = 0
    this.most = 0
    this.#squares = 0
  }
}
