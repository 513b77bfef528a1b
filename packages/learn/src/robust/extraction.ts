import { LearnError } from '../base/error.ts'
import type { Matrix } from '../base/matrix.ts'
import { picked } from '../base/rows.ts'
import { likeliestOf } from '../ensemble/index.ts'
import { fitBoosted } from '../trees/index.ts'
import type { Decider } from './target.ts'

/** What a thief is answered: all probabilities, those rounded to so many digits, or the class alone. */
export type Answer = 'probabilities' | 'rounded' | 'label'

export interface ExtractionOptions {
  /** Rows that the thief has to ask about, of the kind that the target is for: more than the most that it asks, because the rest judge. */
  readonly pool: Matrix
  /** How many answers it takes. */
  readonly queries: readonly number[]
  readonly answer: Answer
  readonly seed?: number
}

/** How well a stolen model says what the target says. */
export interface Stolen {
  readonly queries: number
  /** The share of rows that it did not ask about on which both name the same class. */
  readonly agreement: number
}

/**
 * Steals a model by asking (Tramèr and others, USENIX Security 2016): boosted trees learn what the target answers, probabilities as they are told: a row counts for each class by its share.
 * Pool rows behind the largest number of queries judge. Error: `attack_invalid`.
 */
export function extract(target: Decider, { pool, queries, answer, seed = 1 }: ExtractionOptions): Stolen[] {
  const wrong = queries.find(count => !(Number.isInteger(count) && count >= 1))
  if (wrong !== undefined || queries.length === 0)
    throw new LearnError('attack_invalid', `${wrong ?? 'no'} queries: expected whole numbers from 1 on`)
  const most = Math.max(...queries)
  if (pool.rows <= most)
    throw new LearnError('attack_invalid', `a pool of ${pool.rows} rows for ${most} queries: none is left to judge by`)
  const places = Array.from({ length: pool.rows }, (_, row) => row)
  const held = picked(pool, places.slice(most))
  const truth = likeliestOf(target.probabilities(held))
  return queries.map(count => {
    const asked = picked(pool, places.slice(0, count))
    const told = target.probabilities(asked)
    const own = saidBy(answer === 'label' ? named(asked, told) : shared(asked, told, answer === 'rounded'), held, seed)
    const same = own.reduce((sum, label, row) => sum + Number(label === truth[row]), 0)
    return { queries: count, agreement: same / held.rows }
  })
}

/** What the thief learns from: rows, a class each, and how much each counts. */
interface Lesson {
  readonly rows: Matrix
  readonly labels: Int32Array
  readonly weights: Float32Array
}

/** What a model that learned says of other rows; where all labels are one, that one. */
function saidBy({ rows, labels, weights }: Lesson, held: Matrix, seed: number): Int32Array {
  if (labels.every(label => label === labels[0])) return new Int32Array(held.rows).fill(labels[0] ?? 0)
  const objective = labels.every(label => label <= 1) ? 'binary:logistic' : 'multi:softprob'
  const thief = fitBoosted(rows, labels, { objective, rounds: 60, maxDepth: 6, learningRate: 0.2, seed, weights })
  return likeliestOf({ rows: held.rows, columns: thief.classes, data: thief.predictProbabilities(held) })
}

function named(rows: Matrix, told: Matrix): Lesson {
  return { rows, labels: likeliestOf(told), weights: new Float32Array(rows.rows).fill(1) }
}

/** Each row once for every class of which it was told more than none. */
function shared(asked: Matrix, { rows, columns, data }: Matrix, rounded: boolean): Lesson {
  const [which, labels, weights]: [number[], number[], number[]] = [[], [], []]
  for (let row = 0; row < rows; row++) {
    for (let k = 0; k < columns; k++) {
      const value = data[row * columns + k]
      const share = rounded ? Math.round(value * 10) / 10 : value
      if (share === 0) continue
      which.push(row)
      labels.push(k)
      weights.push(share)
    }
  }
  return { rows: picked(asked, which), labels: Int32Array.from(labels), weights: Float32Array.from(weights) }
}
