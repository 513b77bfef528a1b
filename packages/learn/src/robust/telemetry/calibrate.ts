import { type Matrix, rowOf } from '../../base/matrix.ts'
import type { Scorer } from '../../series/scorer.ts'
import { ResidualScorer } from './residual-score.ts'
import { type Armed, Watch } from './watch.ts'

/** A scorer whose threshold is not known yet. */
export type Unarmed = Omit<Armed, 'threshold'>

/** Above the highest score of normal rows: the next ones may be somewhat higher. */
const MARGIN = 1.1

/** Rows at the beginning, in which sums settle. */
export const SETTLE = 600

/**
 * Sets thresholds by normal rows that were not learned from: each part's at its highest score in the first of them, then all together by one factor so that the others stay below, and a tenth more.
 * What adds up is held at 1.5 times the threshold that it gets. The first `settle` rows of each are not looked at.
 */
export function calibrated(parts: readonly Unarmed[], first: Matrix, second: Matrix, settle = SETTLE): Armed[] {
  // Sums are not held while their threshold is sought: where they are held, none is higher.
  const free = parts.map(part => ({ ...part, scorer: heldAt(part.scorer, Number.POSITIVE_INFINITY) }))
  const found = free.map(part => ({ ...part, threshold: highest([{ ...part, threshold: 1 }], first, settle) }))
  const factor = MARGIN * Math.max(1, highest(found, second, settle))
  return found.map(({ threshold, ...part }) => armedAt(part, factor * threshold))
}

/** A scorer at its threshold; what adds up is held at 1.5 times of it. */
export function armedAt(part: Unarmed, threshold: number): Armed {
  const { scorer } = part
  return { ...part, scorer: heldAt(scorer, threshold), threshold }
}

const heldAt = (scorer: Scorer, threshold: number): Scorer =>
  scorer instanceof ResidualScorer ? scorer.heldAt(threshold) : scorer

function highest(armed: readonly Armed[], rows: Matrix, settle: number): number {
  const watch = Watch.of(armed)
  let most = Number.MIN_VALUE
  for (let row = 0; row < rows.rows; row++) {
    const score = watch.push(rowOf(rows, row))
    if (row >= settle) most = Math.max(most, score)
  }
  return most
}
