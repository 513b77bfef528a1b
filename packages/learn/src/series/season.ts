import { MOST_ROWS } from './scorer.ts'

/** No season is shorter: the records' windows see what repeats within them. */
const LEAST_PERIOD = 20
/** How much a row must be like the row a season before. */
const SURE = 0.6
const SMOOTHING = 5

/**
 * Rows of the season that values repeat themselves in, or 0. By the autocorrelation of means of five rows: the highest behind its first fall below zero, if it is .6 at least; the values must
 * hold two seasons. It is sought in the last rows of training, as many as a score looks back on.
 */
export function seasonIn(values: Float64Array): number {
  const smooth = smoothedValues(values.subarray(Math.max(0, values.length - MOST_ROWS)))
  const correlation = autocorrelation(smooth)
  let from = 1
  while (from < correlation.length && correlation[from]! >= 0) from++
  let best = 0
  for (let lag = from; lag < correlation.length; lag++) {
    if (lag >= LEAST_PERIOD && correlation[lag]! >= SURE && (best === 0 || correlation[lag]! > correlation[best]!))
      best = lag
  }
  return best
}

/** For lags up to half of the values; each over the rows that it has. Nothing where they never move. */
function autocorrelation(values: Float64Array): Float64Array {
  const rows = values.length
  const mean = values.reduce((sum, value) => sum + value, 0) / Math.max(1, rows)
  const off = values.map(value => value - mean)
  const variance = off.reduce((sum, value) => sum + value * value, 0) / Math.max(1, rows)
  if (!(variance > 0)) return new Float64Array(0)
  return Float64Array.from({ length: Math.floor(rows / 2) }, (_, lag) => {
    let sum = 0
    for (let row = lag; row < rows; row++) sum += off[row]! * off[row - lag]!
    return sum / (rows - lag) / variance
  })
}

function smoothedValues(values: Float64Array): Float64Array {
  let sum = 0
  return values.map((value, row) => {
    sum += value - (row >= SMOOTHING ? values[row - SMOOTHING]! : 0)
    return sum / Math.min(row + 1, SMOOTHING)
  })
}

/** The mean difference of the last five rows from those a season before. */
export class SeasonStep {
  readonly #values: Float64Array
  readonly #steps = new Float64Array(SMOOTHING)
  #seen = 0

  /** @param period rows */
  constructor(period: number) {
    this.#values = new Float64Array(period)
  }

  get bytes(): number {
    return this.#values.byteLength + this.#steps.byteLength
  }

  /** Takes the next value, NaN where there is none; gives NaN until a season has gone by, and while a value of the ten that are compared is missing. */
  push(value: number): number {
    const period = this.#values.length
    const at = this.#seen % period
    const step = value - this.#values[at]!
    this.#values[at] = value
    this.#seen++
    const steps = this.#seen - period
    if (steps <= 0) return Number.NaN
    this.#steps[steps % SMOOTHING] = step
    if (steps < SMOOTHING) return Number.NaN
    let sum = 0
    for (const each of this.#steps) sum += each
    return sum / SMOOTHING
  }
}
