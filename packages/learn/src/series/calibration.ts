import { LearnError } from '../base/error.ts'
import type { Fields, Kept } from '../base/fields.ts'
import { sortedOf } from '../linear/index.ts'
import { fitTail, tailAbove, thresholdAt } from './pareto.ts'
import { RECORDS } from './record.ts'

/** What scores are like where nothing is wrong: how often one is exceeded, without labels. */
export interface Calibration {
  /** Scores that it stands on. */
  readonly count: number
  /** The score that a share of normal rows exceeds. */
  threshold(rate: number): number
  /**
   * The conformal p-value: the share of normal rows that score as high, counting the row itself. Where rows are exchangeable, p is at or below a rate no more often than that rate, for rates
   * that the count reaches: from 1 / (count + 1) up. Beyond the highest score the fitted tail stands in for 1 / (count + 1): an estimate, which promises nothing.
   */
  p(score: number): number
  /** For a model file: `calibrationFrom` makes the same of it. */
  keep(): Kept
}

/** By scores of rows that were not learned from; NaN (a row without a score) does not count. Error: `rows_too_few` under eight. */
export function calibrationOf(scores: ArrayLike<number>): Calibration {
  const known = Float64Array.from(scores).filter(score => !Number.isNaN(score))
  const count = known.length
  if (count < LEAST)
    throw new LearnError('rows_too_few', `${count} scores of normal rows: at least ${LEAST} are needed`)
  return bySorted(sortedOf(known))
}

const LEAST = 8

function bySorted(sorted: Float64Array): Calibration {
  const tail = fitTail(sorted)
  const count = sorted.length
  return {
    count,
    threshold: rate => {
      if (!(rate > 0 && rate < 1)) throw new LearnError('rate_invalid', `${rate} is no rate between 0 and 1`)
      return thresholdAt(sorted, rate)
    },
    p(score) {
      const higher = count - firstFrom(sorted, score)
      return higher > 0 ? (higher + 1) / (count + 1) : Math.min(1 / (count + 1), tailAbove(tail, score))
    },
    keep: () => ({ kind: 'held out', scores: sorted }),
  }
}

/** Of records over so many rows, none of which is likelier than another to be the highest or lowest: their threshold is 1, whatever the rate. */
export function recordCalibration(rows: number): Calibration {
  return {
    count: rows,
    threshold: () => 1,
    p: score => (score > 1 ? Math.min(1, RECORDS / (rows + 1)) : 1),
    keep: () => ({ kind: 'records', rows }),
  }
}

/** No score that is kept is larger: what is reckoned from it is finite. */
export const MOST_SCORE = 1e150
const MOST_ROWS = 2 ** 27

/** Makes a calibration of what `keep` gave. Error: `model_field`. */
export function calibrationFrom(fields: Fields): Calibration {
  if (fields.oneOf('kind', ['held out', 'records']) === 'records')
    return recordCalibration(fields.whole('rows', { least: 1, most: MOST_ROWS }))
  const range = { least: -MOST_SCORE, most: MOST_SCORE }
  const scores = fields.numbers('scores', Float64Array, { least: LEAST, most: MOST_ROWS }, range)
  const fall = scores.findIndex((score, i) => i > 0 && score < scores[i - 1]!)
  if (fall >= 0) throw fields.wrong(`scores[${fall}]`, 'is below the one before it: they ascend')
  return bySorted(scores)
}

/** The first place in sorted numbers that is not below a value. */
function firstFrom(sorted: Float64Array, value: number): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (sorted[middle]! < value) low = middle + 1
    else high = middle
  }
  return low
}
