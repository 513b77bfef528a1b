import { LearnError } from '../base/error.ts'
import type { Matrix } from '../base/matrix.ts'

/** What is looked at of the order of rows. */
export interface RhythmOptions {
  /** Trailing windows, in rows; 16, 32, 64, 128, 256 and 512 if absent. */
  readonly windows?: readonly number[]
}

/** A window's length in rows is at most so much. */
const MOST_WINDOW = 65_536
export const RHYTHM_WINDOWS: readonly number[] = [16, 32, 64, 128, 256, 512]
/** Holds of 1, 2, … rows are counted apart; longer ones together. */
const HOLDS = 8

/** How many numbers a row gets. */
export function rhythmColumns(windows: readonly number[] = RHYTHM_WINDOWS): number {
  return 2 + windows.length * (1 + HOLDS)
}

/** What those numbers are called. */
export function rhythmNames(windows: readonly number[] = RHYTHM_WINDOWS): string[] {
  const holds = Array.from({ length: HOLDS }, (_, k) => `${k + 1}${k === HOLDS - 1 ? '+' : ''}`)
  return [
    'rows held',
    'rows held before',
    ...windows.flatMap(window => [`changes in ${window}`, ...holds.map(hold => `holds of ${hold} in ${window}`)]),
  ]
}

/**
 * What the order of rows says: for how many rows all values have been held, and over trailing windows the share of rows that changed and how long values were held. A
 * device that refreshes its registers every few seconds and is polled every second repeats rows; whoever slows the polls, or polls too, moves how often.
 *
 * A row gets: rows since the last change (log1p); the length of the hold before (log1p); and for each window of W rows the share that changed, and of the holds that ended in it
 * the shares that lasted 1, 2, … 7, and 8 or more rows. Only rows up to it are read, so that a stream gets what the whole table gets; before a window is full, it is over
 * the rows that there are.
 * Errors: `option_wrong`.
 */
export class Rhythm {
  readonly columns: number
  readonly #windows: readonly number[]
  readonly #last: Float32Array
  /** For the rows of the longest window: the length of the hold that ended there, or 0. */
  readonly #ended: Uint32Array
  readonly #counts: readonly Float64Array[]
  #row = 0
  #held = 0
  #before = 0

  /** @param width values of a row */
  constructor(width: number, { windows = RHYTHM_WINDOWS }: RhythmOptions = {}) {
    for (const window of windows)
      if (!Number.isInteger(window) || window < 2 || window > MOST_WINDOW)
        throw new LearnError('option_wrong', `a window of ${window} rows: expected 2 to ${MOST_WINDOW}`)
    this.#windows = windows
    this.columns = rhythmColumns(windows)
    this.#last = new Float32Array(width)
    this.#ended = new Uint32Array(Math.max(1, ...windows))
    this.#counts = windows.map(() => new Float64Array(HOLDS))
  }

  /** Takes the next row, and writes its features to `out`. */
  push(row: Float32Array, out: Float32Array): void {
    const changed = this.#row === 0 || !sameValues(row, this.#last)
    const ended = changed && this.#row > 0 ? this.#held : 0
    if (ended > 0) this.#before = ended
    this.#held = changed ? 1 : this.#held + 1
    this.#last.set(row)
    out[0] = Math.log1p(this.#held - 1)
    out[1] = Math.log1p(this.#before)
    const size = this.#ended.length
    for (const [i, window] of this.#windows.entries()) {
      const counts = this.#counts[i]!
      const leaves = this.#row >= window ? this.#ended[(this.#row - window) % size]! : 0
      if (leaves > 0) counts[Math.min(leaves, HOLDS) - 1]!--
      if (ended > 0) counts[Math.min(ended, HOLDS) - 1]!++
      const changes = counts.reduce((sum, count) => sum + count, 0)
      const at = 2 + i * (1 + HOLDS)
      out[at] = changes / Math.min(window, this.#row + 1)
      for (let k = 0; k < HOLDS; k++) out[at + 1 + k] = changes === 0 ? 0 : counts[k]! / changes
    }
    this.#ended[this.#row % size] = ended
    this.#row++
  }
}

/** The features of all rows of a table, in its order. Errors: those of `Rhythm`. */
export function rhythmOf({ rows, columns, data }: Matrix, options: RhythmOptions = {}): Matrix {
  const rhythm = new Rhythm(columns, options)
  const out = new Float32Array(rows * rhythm.columns)
  for (let row = 0; row < rows; row++)
    rhythm.push(
      data.subarray(row * columns, (row + 1) * columns),
      out.subarray(row * rhythm.columns, (row + 1) * rhythm.columns),
    )
  return { rows, columns: rhythm.columns, data: out }
}

/** Missing values are like one another. */
function sameValues(a: Float32Array, b: Float32Array): boolean {
  return a.every((value, i) => Object.is(value, b[i]) || value === b[i])
}
