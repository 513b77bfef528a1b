import { largest } from '../base/largest.ts'
import type { Matrix } from '../base/matrix.ts'
import { fitBoosted } from '../trees/index.ts'
import type { Decider } from './target.ts'
import { chosen } from './worst.ts'

/** What a thief is answered: all probabilities, those rounded to so many digits, or the class alone. */
export type Answer = 'probabilities' | 'rounded' | 'label'

export interface ExtractionOptions {
  /** Rows that the thief has to ask about: of the kind that the target is for. */
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

/** Repeated rows stand for probabilities: so many a row, each with a class drawn by its share. */
const COPIES = 4

/**
 * Steals a model by asking (Tramèr and others, USENIX Security 2016): boosted trees learn what the target answers. Probabilities are learned by rows that are repeated as often as each class's share says.
 * Pool rows behind the largest number of queries judge.
 */
export function extract(target: Decider, { pool, queries, answer, seed = 1 }: ExtractionOptions): Stolen[] {
  const most = Math.max(...queries)
  const places = Array.from({ length: pool.rows }, (_, row) => row)
  const held = chosen(pool, places.slice(most))
  const truth = labelsOf(target.probabilities(held))
  return queries.map(count => {
    const asked = chosen(pool, places.slice(0, count))
    const told = target.probabilities(asked)
    const labels = answer === 'label' ? labelsOf(told) : copiesOf(told, answer === 'rounded')
    const rows = answer === 'label' ? asked : repeated(asked, COPIES)
    const own = saidBy(rows, labels, held, seed)
    const same = own.reduce((sum, label, row) => sum + Number(label === truth[row]), 0)
    return { queries: count, agreement: same / Math.max(1, held.rows) }
  })
}

/** What a model that learned labels says of other rows; where all labels are one, that one. */
function saidBy(rows: Matrix, labels: Int32Array, held: Matrix, seed: number): Int32Array {
  if (labels.every(label => label === labels[0])) return new Int32Array(held.rows).fill(labels[0])
  const objective = labels.every(label => label <= 1) ? 'binary:logistic' : 'multi:softprob'
  const thief = fitBoosted(rows, labels, { objective, rounds: 60, maxDepth: 6, learningRate: 0.2, seed })
  return labelsOf({ rows: held.rows, columns: thief.classes, data: thief.predictProbabilities(held) })
}

function labelsOf({ rows, columns, data }: Matrix): Int32Array {
  return Int32Array.from({ length: rows }, (_, row) => largest(data, row * columns, columns))
}

/** For each row `COPIES` labels whose shares are nearest to its probabilities. */
function copiesOf({ rows, columns, data }: Matrix, rounded: boolean): Int32Array {
  const labels = new Int32Array(rows * COPIES)
  for (let row = 0; row < rows; row++) {
    let [sum, k] = [0, 0]
    const share = (at: number): number => {
      const value = data[row * columns + at]
      return rounded ? Math.round(value * 10) / 10 : value
    }
    sum = share(0)
    for (let copy = 0; copy < COPIES; copy++) {
      while (k < columns - 1 && sum < (copy + 0.5) / COPIES) sum += share(++k)
      labels[row * COPIES + copy] = k
    }
  }
  return labels
}

function repeated({ rows, columns, data }: Matrix, times: number): Matrix {
  const all = new Float32Array(rows * times * columns)
  for (let row = 0; row < rows; row++)
    for (let copy = 0; copy < times; copy++)
      all.set(data.subarray(row * columns, (row + 1) * columns), (row * times + copy) * columns)
  return { rows: rows * times, columns, data: all }
}
