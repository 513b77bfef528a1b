import { LearnError } from '../base/error.ts'
import { sortedOf } from '../linear/index.ts'

/** So many scores are kept: of more, each so-manieth, and all of the uppermost. */
const MOST = 4_096
const UPPERMOST = 1_024

/** Scores of rows that were not learned from: how rare is one that is at least as high? */
export class Tail {
  /** The scores that are kept, sorted, and for each how many of all are at it or above. */
  readonly scores: Float64Array
  readonly above: Float64Array
  /** How many there were. */
  readonly count: number

  /** Error: `tail_wrong`. */
  constructor(scores: Float64Array, above: Float64Array, count: number) {
    const ordered = scores.every((score, i) => i === 0 || scores[i - 1]! <= score)
    const falling = above.every((each, i) => each >= 1 && each <= count && (i === 0 || above[i - 1]! >= each))
    if (scores.length === 0 || scores.length !== above.length || !ordered || !falling)
      throw new LearnError(
        'tail_wrong',
        `${scores.length} scores are no tail: expected sorted ones, and counts that fall`,
      )
    this.scores = scores
    this.above = above
    this.count = count
  }

  /** Errors: `rows_too_few`, `value_missing`. */
  static of(values: ArrayLike<number>): Tail {
    const sorted = sortedOf(values)
    const { length } = sorted
    const step = Math.max(1, Math.ceil(length / (MOST - UPPERMOST)))
    const places = Array.from({ length }, (_, i) => i).filter(i => i % step === 0 || i >= length - UPPERMOST)
    return new Tail(
      Float64Array.from(places, i => sorted[i]!),
      Float64Array.from(places, i => length - i),
      length,
    )
  }

  /** The smallest p-value that there can be. */
  get least(): number {
    return 1 / (this.count + 1)
  }

  /** The share of scores that are at least as high, the score itself counted: never 0 (a conformal p-value: Vovk et al. 2005). Of scores that were not kept none is taken for lower than it may be. */
  p(score: number): number {
    return (1 + this.#atLeast(score)) / (this.count + 1)
  }

  /** The same for a score that the tail was made of: among all others, so that no row speaks for itself. */
  ownP(score: number): number {
    return Math.max(1, this.#atLeast(score)) / this.count
  }

  /** How many scores may be as high: all but those that surely are lower. */
  #atLeast(score: number): number {
    let [low, high] = [0, this.scores.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.scores[middle]! >= score) high = middle
      else low = middle + 1
    }
    return low === 0 ? this.count : this.above[low - 1]! - 1
  }
}
