import { LearnError } from '../base/error.ts'
import { type Matrix, rowOf, rowsOf } from '../base/matrix.ts'
import type { Piece, Recipe, Scorer, TrainedRecipe } from './scorer.ts'

/**
 * Scores of training rows by scorers that did not see them: the rows are cut into `folds` stretches, and each is scored by what was learned of the others. In time series a stretch
 * is far from the others where rows drift, so its scores are as high as those of rows to come. Rows before a stretch run ahead of it, so that its windows are full; those
 * are not learned from either. Error: `rows_too_few` where a stretch is no longer than the scorer needs to begin.
 */
export function heldOutScores(recipe: Recipe, train: Matrix, folds: number, progress?: () => void): Float64Array {
  const scores = new Float64Array(folds * Math.floor(train.rows / folds))
  for (const stretch of stretchesOf(train, folds, recipe.warmUp)) {
    scoreStretch(recipe.fit(stretch.pieces), train, stretch, scores)
    progress?.()
  }
  return scores
}

/** The same by scorers whose learning takes its time. */
export async function heldOutTrained(recipe: TrainedRecipe, train: Matrix, folds: number): Promise<Float64Array> {
  const scores = new Float64Array(folds * Math.floor(train.rows / folds))
  for (const stretch of stretchesOf(train, folds, recipe.warmUp))
    scoreStretch(await recipe.fit(stretch.pieces), train, stretch, scores)
  return scores
}

/** Rows `[from, to)` that are held out, and what is learned from instead. */
interface Stretch {
  readonly from: number
  readonly to: number
  /** Where a stream must begin for its windows to be full. */
  readonly begin: number
  readonly pieces: readonly Piece[]
}

function stretchesOf(train: Matrix, folds: number, warmUp: number): Stretch[] {
  const length = Math.floor(train.rows / folds)
  if (folds < 2 || length <= warmUp + 1)
    throw new LearnError(
      'rows_too_few',
      `${train.rows} training rows in ${folds} stretches: each must be longer than ${warmUp + 1} rows`,
    )
  return Array.from({ length: folds }, (_, fold) => {
    const from = fold * length
    const to = from + length
    const begin = Math.max(0, from - warmUp)
    // No gap is needed behind: windows of a piece begin anew in it.
    const pieces: Piece[] = [rowsOf(train, 0, begin), { ...rowsOf(train, to, train.rows), first: to }]
    return { from, to, begin, pieces: pieces.filter(piece => piece.rows > warmUp) }
  })
}

function scoreStretch(scorer: Scorer, train: Matrix, { from, to, begin }: Stretch, scores: Float64Array): void {
  const stream = scorer.stream(begin)
  for (let row = begin; row < to; row++) {
    const score = stream.push(rowOf(train, row))
    if (row >= from) scores[row] = score
  }
}
