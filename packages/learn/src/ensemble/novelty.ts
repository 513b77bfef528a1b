import { LearnError } from '../base/error.ts'
import type { Matrix } from '../base/matrix.ts'
import { fitIsolation, type IsolationForest } from '../trees/index.ts'
import { picked, rowsWhere } from './folds.ts'
import { Neighbors } from './neighbors.ts'
import { Tail } from './tail.ts'

/** How unlike the rows that were learned a row is: whether few cuts set it apart, and how far the nearest ones are, each by how rare such a score is among rows that were held out. */
export class Novelty {
  readonly forest: IsolationForest
  readonly neighbors: Neighbors
  readonly forestTail: Tail
  readonly neighborTail: Tail

  constructor(forest: IsolationForest, neighbors: Neighbors, forestTail: Tail, neighborTail: Tail) {
    this.forest = forest
    this.neighbors = neighbors
    this.forestTail = forestTail
    this.neighborTail = neighborTail
  }

  /**
   * Learns rows; each fold's are scored by what the others teach.
   * @param fold which fold each row is held out in
   * @returns what was learned, and the p-value of each row by what the other folds teach
   * Error: `rows_too_few`.
   */
  static learn(x: Matrix, fold: Int32Array, seed: number): { novelty: Novelty; heldOut: Float64Array } {
    if (x.rows < 4) throw new LearnError('rows_too_few', `${x.rows} rows tell nothing of what is unlike them`)
    const forestScores = new Float64Array(x.rows)
    const neighborScores = new Float64Array(x.rows)
    for (const each of new Set(fold)) {
      const learned = picked(
        x,
        rowsWhere(fold, its => its !== each),
      )
      const rows = rowsWhere(fold, its => its === each)
      const held = picked(x, rows)
      // Of one fold alone nothing can be held out.
      const teacher = learned.rows < 2 ? x : learned
      const isolated = fitIsolation(teacher, { seed }).scores(held)
      const distances = Neighbors.learn(teacher).scores(held)
      for (const [at, row] of rows.entries()) {
        forestScores[row] = isolated[at]!
        neighborScores[row] = distances[at]!
      }
    }
    const tails = [Tail.of(forestScores), Tail.of(neighborScores)] as const
    const novelty = new Novelty(fitIsolation(x, { seed }), Neighbors.learn(x), ...tails)
    return { novelty, heldOut: novelty.#joined(forestScores, neighborScores) }
  }

  /** A p-value a row: how rare rows as strange as this one are among those that were learned. The harmonic mean of both (Wilson, PNAS 2019), which one of them alone may pull down. */
  pValues(rows: Matrix): Float64Array {
    return this.#joined(this.forest.scores(rows), this.neighbors.scores(rows))
  }

  #joined(isolated: ArrayLike<number>, distances: Float64Array): Float64Array {
    return distances.map((distance, row) =>
      harmonicMean([this.forestTail.p(isolated[row]!), this.neighborTail.p(distance)]),
    )
  }
}

/** Of p-values. */
export function harmonicMean(values: readonly number[]): number {
  return values.length / values.reduce((sum, value) => sum + 1 / value, 0)
}
