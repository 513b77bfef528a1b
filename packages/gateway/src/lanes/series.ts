import type { Neighbors, Sample } from '../contract/index.ts'

/** Sequence, value, time, integral: float64 words, the sequence being the first half of its word. */
const WORDS = 4
const BYTES = WORDS * Float64Array.BYTES_PER_ELEMENT

/**
 * The last values of the site's series in memory that all workers share. Each series is a seqlock: one writer, who makes the
 * sequence odd while he writes; a reader tries again when it was odd or has changed.
 */
export class SharedSeries implements Neighbors {
  readonly buffer: SharedArrayBuffer
  readonly count: number
  readonly #sequences: Int32Array
  readonly #words: Float64Array

  /** @param memory the number of series, or the block that another thread made. */
  constructor(memory: number | SharedArrayBuffer) {
    this.buffer = typeof memory === 'number' ? new SharedArrayBuffer(memory * BYTES) : memory
    this.count = this.buffer.byteLength / BYTES
    this.#sequences = new Int32Array(this.buffer)
    this.#words = new Float64Array(this.buffer)
  }

  read(series: number, into: Sample): void {
    const at = series * WORDS
    for (;;) {
      const before = Atomics.load(this.#sequences, at * 2)
      into.value = this.#words[at + 1]
      into.time = this.#words[at + 2]
      into.integral = this.#words[at + 3]
      if ((before & 1) === 0 && Atomics.load(this.#sequences, at * 2) === before) return
    }
  }

  write(series: number, value: number, time: number): void {
    const at = series * WORDS
    const words = this.#words
    const last = words[at + 2]
    const area = last === 0 || time <= last ? 0 : ((words[at + 1] + value) / 2) * ((time - last) / 1000)
    Atomics.add(this.#sequences, at * 2, 1)
    words[at + 1] = value
    words[at + 2] = time
    words[at + 3] += area
    Atomics.add(this.#sequences, at * 2, 1)
  }
}
