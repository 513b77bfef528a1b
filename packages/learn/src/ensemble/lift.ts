import type { Matrix } from '../base/matrix.ts'
import { likeliestOf } from './figures.ts'

/** How far rare classes are lifted: the power of a class's share that its probability is divided by. */
const LIFTS = [0, 0.25, 0.5, 0.75, 1]
/** A score that is no higher than this above is not worth a lift. */
const WORTH = 0.005

/**
 * By how much each class is lifted, by the best score on held-out rows; as little as does it.
 * @param shares of each class in what was learned
 * @param score of the classes that are told, the higher the better: macro F1, balanced accuracy
 */
export function liftBy(probabilities: Matrix, shares: Float64Array, score: (told: Int32Array) => number): Float64Array {
  const tried = LIFTS.map(lift => {
    const factors = shares.map(share => share ** -lift)
    return { factors, score: score(likeliestOf(probabilities, factors)) }
  })
  return tried.reduce((best, each) => (each.score > best.score + WORTH ? each : best)).factors
}
