const AFTER = 2_000
const EVERY = 250
const MEBIBYTE = 1_048_576

/** A line on a terminal that says how far a long reading is; nothing for the first two seconds, and nothing elsewhere. */
export class Progress {
  readonly #name: string
  readonly #size: number
  readonly #began = performance.now()
  #read = 0
  #next = AFTER
  #shown = false

  /** @param size of all that is to be read, in bytes; 0 where that is not known */
  constructor(name: string, size: number) {
    this.#name = name
    this.#size = size
  }

  add(bytes: number): void {
    this.#read += bytes
    const passed = performance.now() - this.#began
    if (passed < this.#next || !process.stderr.isTTY) return
    this.#next = passed + EVERY
    this.#shown = true
    const much = `${(this.#read / MEBIBYTE).toFixed(1)} MiB`
    const share = this.#size === 0 ? '' : ` ${Math.floor((100 * this.#read) / this.#size)} %`
    process.stderr.write(`\r\x1b[K${this.#name}: ${much}${share}`)
  }

  end(): void {
    if (this.#shown) process.stderr.write('\r\x1b[K')
  }
}
