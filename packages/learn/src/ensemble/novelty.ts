import { LearnError } from '../base/error.ts'
import type { Matrix } from '../base/matrix.ts'
import { picked, rowsWhere } from '../base/rows.ts'
import { fitIsolation, type IsolationForest } from '../trees/index.ts'
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
   * @param judged the rows that are scored: comparing each with all takes its time
   * @returns what was learned, and the p-value of each judged row by what the other folds teach, among the other judged rows
   * Error: `rows_too_few`.
   */
  static learn(
    x: Matrix,
    fold: Int32Array,
    judged: Int32Array,
    seed: number,
  ): { novelty: Novelty; heldOut: Float64Array } {
    const forestScores = new Float64Array(judged.length)
    const neighborScores = new Float64Array(judged.length)
    const foldOf = judged.map(row => fold[row]!)
    for (const each of new Set(foldOf)) {
      const learned = picked(
        x,
        rowsWhere(fold, its => its !== each),
      )
      if (learned.rows < 2)
        throw new LearnError('rows_too_few', `${x.rows} rows in a fold and ${learned.rows} without: 2 are needed`)
      const places = rowsWhere(foldOf, its => its === each)
      const held = picked(
        x,
        places.map(place => judged[place]!),
      )
      const isolated = fitIsolation(learned, { seed }).scores(held)
      const distances = Neighbors.learn(learned).scores(held)
      for (const [at, place] of places.entries()) {
        forestScores[place] = isolated[at]!
        neighborScores[place] = distances[at]!
      }
    }
    const tails = [Tail.of(forestScores), Tail.of(neighborScores)] as const
    const novelty = new Novelty(fitIsolation(x, { seed }), Neighbors.learn(x), ...tails)
    const heldOut = neighborScores.map((distance, i) =>
      harmonicMean([tails[0].ownP(forestScores[i]!), tails[1].ownP(distance)]),
    )
    return { novelty, heldOut }
  }

  /** A p-value a row: how rare rows as strange as this one are among those that were learned. The harmonic mean of both (Wilson, PNAS 2019), which one of them alone may pull down. */
  pValues(rows: Matrix): Float64Array {
    const isolated = this.forest.scores(rows)
    return this.neighbors
      .scores(rows)
      .map((distance, row) => harmonicMean([this.forestTail.p(isolated[row]!), this.neighborTail.p(distance)]))
  }
}

/** Of p-values. */
function harmonicMean(values: readonly number[]): number {
  return values.length / values.reduce((sum, value) => sum + 1 / value, 0)
}
