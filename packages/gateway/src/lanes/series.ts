import type { Neighbors, Sample, Tap } from '../contract/index.ts'

/** A version, then value, time and integral twice: float64 words, the version being the first half of its word. */
const WORDS = 8
const BYTES = WORDS * Float64Array.BYTES_PER_ELEMENT
/** Readings that may be overtaken by the writer before the reader does without. */
const TRIES = 64

/**
 * The last values of the site's series in memory that all workers share. Each series has two places and a version, whose lowest
 * bit says which of them counts: its one writer fills the other and then publishes it with one store. So a writer that dies
 * halfway has published nothing, and a reader tries again only when the version moved meanwhile.
 */
export class SharedSeries implements Neighbors {
  readonly buffer: SharedArrayBuffer
  readonly count: number
  readonly #versions: Int32Array
  readonly #words: Float64Array
  /** Where what is read passes by, null for nowhere. */
  tap: Tap | null = null

  /** @param memory the number of series, or the block that another thread made. */
  constructor(memory: number | SharedArrayBuffer) {
    this.buffer = typeof memory === 'number' ? new SharedArrayBuffer(memory * BYTES) : memory
    this.count = this.buffer.byteLength / BYTES
    this.#versions = new Int32Array(this.buffer)
    this.#words = new Float64Array(this.buffer)
  }

  read(series: number, into: Sample): void {
    this.#read(series, into)
    const { tap } = this
    if (tap === null) return
    into.value = tap.pass(into.value)
    into.time = tap.pass(into.time)
    into.integral = tap.pass(into.integral)
  }

  #read(series: number, into: Sample): void {
    const at = series * WORDS
    for (let attempt = 0; attempt < TRIES; attempt++) {
      const version = Atomics.load(this.#versions, at * 2)
      const place = at + 1 + (version & 1) * 3
      into.value = this.#words[place]
      into.time = this.#words[place + 1]
      into.integral = this.#words[place + 2]
      if (Atomics.load(this.#versions, at * 2) === version) return
    }
    // As if nothing had come yet: what needs it is not judged.
    into.time = 0
  }

  /** Sets a series to where it stood in a recording. */
  restore(series: number, { value, time, integral }: Readonly<Sample>): void {
    this.#words.set(
      [value, time, integral],
      series * WORDS + 1 + (Atomics.load(this.#versions, series * WORDS * 2) & 1) * 3,
    )
  }

  write(series: number, value: number, time: number): void {
    const at = series * WORDS
    const words = this.#words
    const version = Atomics.load(this.#versions, at * 2)
    const from = at + 1 + (version & 1) * 3
    const to = at + 1 + (~version & 1) * 3
    const last = words[from + 1]
    const area = last === 0 || time <= last ? 0 : ((words[from] + value) / 2) * ((time - last) / 1000)
    words[to] = value
    words[to + 1] = time
    words[to + 2] = words[from + 2] + area
    Atomics.store(this.#versions, at * 2, (version + 1) | 0)
  }
}
