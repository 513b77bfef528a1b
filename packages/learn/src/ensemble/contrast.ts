import type { Matrix } from '../base/matrix.ts'
import { randomOf } from '../base/random.ts'
import { fitForestClassifier, type RandomForest } from '../trees/index.ts'

const TREES = 50

/**
 * A forest that tells rows from ones whose columns were each shuffled alone (Breiman's unsupervised forest; Shi and Horvath 2006): its second class grows likely where values
 * that are usual by themselves stand together as they never did.
 * Errors: those of `fitForestClassifier`.
 */
export function fitContrast(x: Matrix, seed: number): RandomForest {
  const { rows, columns } = x
  const random = randomOf(seed)
  const data = new Float32Array(2 * rows * columns)
  data.set(x.data.subarray(0, rows * columns))
  const order = Uint32Array.from({ length: rows }, (_, row) => row)
  for (let column = 0; column < columns; column++) {
    for (let row = rows - 1; row > 0; row--) {
      const other = random.below(row + 1)
      const held = order[row]!
      order[row] = order[other]!
      order[other] = held
    }
    for (let row = 0; row < rows; row++) data[(rows + row) * columns + column] = x.data[order[row]! * columns + column]!
  }
  const labels = Int32Array.from({ length: 2 * rows }, (_, row) => Number(row >= rows))
  return fitForestClassifier({ rows: 2 * rows, columns, data }, labels, { trees: TREES, seed })
}

/** How likely each row is a shuffled one. */
export function contrastScores(forest: RandomForest, rows: Matrix): Float64Array {
  const said = forest.predictProbabilities(rows)
  return Float64Array.from({ length: rows.rows }, (_, row) => said[2 * row + 1]!)
}
