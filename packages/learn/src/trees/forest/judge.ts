import type { Judge } from './grow.ts'
import type { Criterion } from './options.ts'

/** What rounding leaves. */
const TINY = 1e-12

/**
 * A classifier's judge. The weighted Gini impurity of a node is its weight less the sum of squares over its weight, so that the greatest sum of both children's squares over
 * weights is the least impurity; of the entropy likewise the sum of w log w less W log W. An impure node is split though it gains nothing, as in scikit-learn: what two columns
 * say together, one alone may not.
 */
export function classJudge(criterion: Criterion): Judge {
  const least = (): number => Number.NEGATIVE_INFINITY
  if (criterion === 'gini')
    return {
      entropy: false,
      score: squares,
      isPure: (record, score) => weightOf(record) - score <= TINY * score,
      least,
    }
  return {
    entropy: true,
    score: record =>
      record.subarray(0, -2).reduce((sum, weight) => sum + information(weight), -information(weightOf(record))),
    isPure: (record, score) => -score <= TINY * weightOf(record),
    least,
  }
}

/** A regression's judge, of values less their mean: a node is split as long as that gains. */
export const valueJudge: Judge = {
  entropy: false,
  score: squares,
  isPure: () => false,
  least: score => score + TINY * Math.abs(score),
}

function weightOf(record: Float64Array): number {
  return record[record.length - 2]!
}

function squares(record: Float64Array): number {
  let sum = 0
  for (let k = 0; k < record.length - 2; k++) sum += record[k]! ** 2
  return sum / weightOf(record)
}

function information(weight: number): number {
  return weight > 0 ? weight * Math.log(weight) : 0
}
