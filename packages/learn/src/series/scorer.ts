import { LearnError } from '../base/error.ts'
import type { Kept } from '../base/fields.ts'
import type { Matrix } from '../base/matrix.ts'

/** Most rows that a score looks back on: what is kept of a device does not grow without end. */
export const MOST_ROWS = 4_096

/** Gives each row a score: the larger, the less it looks like what was learned. */
export interface Scorer {
  readonly name: string
  /** Values in a row. */
  readonly sensors: number
  /** Rows that must come before the first score. */
  readonly warmUp: number
  /**
   * The state of one device, from its first row on. A scorer serves any number of them.
   * @param first that row's number, counted as in training: scores with a season tell its place by it
   */
  stream(first?: number): ScoreStream
  /** All that was learned, for a model file: `scorerFrom` makes the same scorer of it. Absent where a scorer cannot be kept. */
  keep?(): KeptScorer
}

/** A scorer as plain data, with its kind. */
export interface KeptScorer {
  readonly kind: ScorerKind
  readonly [name: string]: Kept | undefined
}

export type ScorerKind = 'distance' | 'smoothed' | 'weighted' | 'robust' | 'records' | 'forest' | 'net'

/** What a scorer keeps. Error: `scorer_unkept` where it cannot be kept. */
export function keptScorer(scorer: Scorer): KeptScorer {
  if (scorer.keep === undefined)
    throw new LearnError('scorer_unkept', `the score '${scorer.name}' has no form for a model file`)
  return scorer.keep()
}

/** The scores of one device's rows, one after the other. */
export interface ScoreStream {
  /**
   * The score of the next row, which has no missing values; NaN in the first `warmUp` rows, and where too little was heard to tell.
   * @param unheard 1 where a value only stands in for a sensor that has been silent for long. It is no evidence, and each score leaves it out as its method can.
   */
  push(row: ArrayLike<number>, unheard?: ArrayLike<number>): number
  /** What each sensor has in the last score; they add up to it where the score is a sum. Another call overwrites it. */
  contributions(): Float64Array
  /** What it keeps of the device. */
  readonly bytes: number
}

/** A stretch of rows, and the number of its first in the table that it is of; 0 where none is given. */
export interface Piece extends Matrix {
  readonly first?: number
}

/** How a scorer is learned. Calibration learns it several times, each time without some of the rows. */
export interface Recipe {
  readonly name: string
  readonly warmUp: number
  /** @param pieces stretches of normal rows without missing values, in the order of time; a window never spans two of them */
  fit(pieces: readonly Piece[]): Scorer
}

/** The same of a scorer whose learning takes its time and gives way to other work: a net. */
export interface TrainedRecipe {
  readonly name: string
  readonly warmUp: number
  fit(pieces: readonly Piece[]): Promise<Scorer>
}

/** The scores of all rows of one device, by its stream: batch and streaming are the same. */
export function scoreRows(scorer: Scorer, rows: Matrix): Float64Array {
  const stream = scorer.stream()
  const scores = new Float64Array(rows.rows)
  for (let row = 0; row < rows.rows; row++) {
    scores[row] = stream.push(rows.data.subarray(row * rows.columns, (row + 1) * rows.columns))
  }
  return scores
}
