import type { Matrix } from '../../base/matrix.ts'
import { randomOf } from '../../base/random.ts'
import { picked } from '../../base/rows.ts'
import { type BoostedTrees, fitBoosted } from '../../trees/index.ts'

/** What models say of rows that they did not learn from. */
export interface OutOfFold {
  /** The fold that each row is held out in. */
  readonly fold: Uint8Array
  /** The model of each fold, learned from the rows of all others. */
  readonly models: readonly BoostedTrees[]
  /** Row after row the probability of each class. */
  readonly probabilities: Float32Array
}

const TREES = { rounds: 50, maxDepth: 6, learningRate: 0.3, minChildWeight: 3 }

/** Learns boosted trees on all folds but one, for each; rows are dealt out at random, each class evenly. Errors: those of `fitBoosted`. */
export function outOfFold(
  rows: Matrix,
  labels: Int32Array,
  classes: number,
  { folds, seed, progress }: { readonly folds: number; readonly seed: number; progress?(done: number): void },
): OutOfFold {
  const fold = dealt(labels, classes, folds, seed)
  const probabilities = new Float32Array(rows.rows * classes)
  const models = Array.from({ length: folds }, (_, held) => {
    const learned = chosenRows(rows, row => fold[row] !== held)
    const model = fitBoosted(
      learned.rows,
      learned.chosen.map(row => labels[row]),
      {
        ...TREES,
        objective: classes === 2 ? 'binary:logistic' : 'multi:softprob',
        seed,
      },
    )
    const judged = chosenRows(rows, row => fold[row] === held)
    const told = model.predictProbabilities(judged.rows)
    for (const [i, row] of judged.chosen.entries())
      probabilities.set(told.subarray(i * classes, (i + 1) * classes), row * classes)
    progress?.((held + 1) / folds)
    return model
  })
  return { fold, models, probabilities }
}

/** The rows that a test picks, and which they are. */
export function chosenRows(rows: Matrix, picks: (row: number) => boolean): { rows: Matrix; chosen: number[] } {
  const chosen = Array.from({ length: rows.rows }, (_, row) => row).filter(picks)
  return { rows: picked(rows, chosen), chosen }
}

function dealt(labels: Int32Array, classes: number, folds: number, seed: number): Uint8Array {
  const random = randomOf(seed)
  const fold = new Uint8Array(labels.length)
  for (let label = 0; label < classes; label++) {
    const own = Array.from(labels.keys()).filter(row => labels[row] === label)
    for (let i = own.length - 1; i > 0; i--) {
      const other = random.below(i + 1)
      const row = own[i]
      own[i] = own[other]
      own[other] = row
    }
    for (const [i, row] of own.entries()) fold[row] = i % folds
  }
  return fold
}
