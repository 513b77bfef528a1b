import { LARGEST } from '../../base/fields.ts'

/** How a residual is added up: slacks of two-sided CUSUMs (Page 1954) and rows of exponential means, residuals in deviations. */
export interface MemoryOptions {
  readonly slacks: readonly number[]
  readonly means: readonly number[]
}

/** A row alone, means over a quarter and two minutes of rows at 1 Hz, and sums that only what stays beyond a quarter or a whole deviation moves. */
export const LONG_MEMORY: MemoryOptions = { slacks: [0.25, 1], means: [1, 15, 120] }

/**
 * A row alone, and means over a quarter of a minute at 1 Hz: for residuals that are off for minutes where a machine is in a state that was seldom seen, as those of nets are. Sums and long means of them
 * grow in normal operation, and thresholds with them.
 */
export const SHORT_MEMORY: MemoryOptions = { slacks: [], means: [1, 15] }

/** Sums and means of one residual. A small error that lasts adds up in them. */
export class LongMemory {
  readonly #options: MemoryOptions
  /** Upward and downward sums of each slack, then the means. */
  readonly #state: Float64Array
  readonly #levels: Float64Array

  constructor(options: MemoryOptions, state?: Float64Array) {
    this.#options = options
    const sums = options.slacks.length
    this.#state = state ?? new Float64Array(2 * sums + options.means.length)
    this.#levels = new Float64Array(sums + options.means.length)
  }

  get bytes(): number {
    return this.#state.byteLength + this.#levels.byteLength
  }

  copy(): LongMemory {
    return new LongMemory(this.#options, this.#state.slice())
  }

  /**
   * Takes the next residual, in deviations; gives how far each sum and mean is from nothing, in an array that the next call overwrites.
   * @param most where each sum is held, so that an alarm ends soon after its cause; must lie above the sum that alarms, or none ever comes of it
   */
  push(residual: number, most?: ArrayLike<number>): Float64Array {
    const { slacks, means } = this.#options
    const state = this.#state
    for (let i = 0; i < slacks.length; i++) {
      const held = most === undefined ? LARGEST : most[i]
      state[2 * i] = Math.min(held, Math.max(0, state[2 * i] + residual - slacks[i]))
      state[2 * i + 1] = Math.min(held, Math.max(0, state[2 * i + 1] - residual - slacks[i]))
      this.#levels[i] = Math.max(state[2 * i], state[2 * i + 1])
    }
    for (let i = 0; i < means.length; i++) {
      const at = 2 * slacks.length + i
      state[at] += (residual - state[at]) / means[i]
      this.#levels[slacks.length + i] = Math.abs(state[at])
    }
    return this.#levels
  }
}
