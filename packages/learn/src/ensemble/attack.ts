import { LearnError } from '../base/error.ts'
import { foldsOf } from '../base/folds.ts'
import type { Matrix } from '../base/matrix.ts'
import { picked, rowsWhere } from '../base/rows.ts'
import type { RandomForest } from '../trees/index.ts'
import { contrastScores, fitContrast } from './contrast.ts'
import type { Ensemble } from './ensemble.ts'
import type { FittedEnsemble } from './fit.ts'
import { Neighbors } from './neighbors.ts'
import { pooled } from './pool.ts'
import { Tail } from './tail.ts'

/** What tells attacks of a kind that was never learned, each with its tail among normal rows that were held out. */
export interface AttackParts {
  readonly ensemble: Ensemble
  /** Which class is normal. */
  readonly normal: number
  readonly neighbors: Neighbors
  readonly contrast: RandomForest
  /** Of the odds against normal in the members' mean, of distances to normal rows, and of what the contrast says. */
  readonly tails: readonly [odds: Tail, distance: Tail, contrast: Tail]
  readonly joint: Tail
}

const FOLDS = 3
/** So that odds stay finite. */
const LEAST = 1e-7

/**
 * Finds attacks, also of families that were never seen: what is like a known attack, far from every normal row, or put together as no normal row is. Three p-values among normal rows
 * that were held out are joined by Fisher's method (1932), and its statistic, since the three hang together, is set against that of those rows again.
 */
export class AttackDetector {
  readonly parts: AttackParts

  constructor(parts: AttackParts) {
    this.parts = parts
  }

  /**
   * Learns from the rows that the ensemble was fitted to; no row of the families that it is to find is needed.
   * @param normal which class is normal
   * Errors: `rows_too_few`, `label_bad`.
   */
  static learn(
    { ensemble, heldOut }: FittedEnsemble,
    x: Matrix,
    codes: Int32Array,
    normal: number,
    seed = 1,
  ): AttackDetector {
    if (!(normal >= 0 && normal < ensemble.classes))
      throw new LearnError('label_bad', `class ${normal} is to be normal, and there are ${ensemble.classes}`)
    const places = rowsWhere(codes, code => code === normal)
    if (places.length < 2 * FOLDS)
      throw new LearnError('rows_too_few', `${places.length} normal rows: at least ${2 * FOLDS} are needed`)
    const rows = picked(x, places)
    const fold = foldsOf(new Int32Array(rows.rows), 1, FOLDS, false)
    const [distances, contrasts] = [new Float64Array(rows.rows), new Float64Array(rows.rows)]
    for (let each = 0; each < FOLDS; each++) {
      const learned = picked(
        rows,
        rowsWhere(fold, its => its !== each),
      )
      const held = rowsWhere(fold, its => its === each)
      const judged = picked(rows, held)
      const [far, odd] = [Neighbors.learn(learned).scores(judged), contrastScores(fitContrast(learned, seed), judged)]
      for (const [at, row] of held.entries()) {
        distances[row] = far[at]!
        contrasts[row] = odd[at]!
      }
    }
    const odds = oddsAgainst(
      heldOut.map(each => picked(each, places)),
      normal,
    )
    const tails = [Tail.of(odds), Tail.of(distances), Tail.of(contrasts)] as const
    const joint = Tail.of(fisher(tails, [odds, distances, contrasts]))
    return new AttackDetector({
      ensemble,
      normal,
      neighbors: Neighbors.learn(rows),
      contrast: fitContrast(rows, seed),
      tails,
      joint,
    })
  }

  /** A score a row: the higher, the less normal. */
  scores(rows: Matrix): Float64Array {
    const { ensemble, normal, neighbors, contrast, tails } = this.parts
    const said = ensemble.parts.members.map(member => member.probabilities(rows))
    const odds = oddsAgainst(said, normal)
    return fisher(tails, [odds, neighbors.scores(rows), contrastScores(contrast, rows)])
  }

  /** How rare a row as odd as each is among normal ones. */
  pValues(rows: Matrix): Float64Array {
    return this.scores(rows).map(score => this.parts.joint.p(score))
  }

  /** Which rows are told, so that at most a share of normal rows like those that were learned is. Error: `option_bad`. */
  alarms(rows: Matrix, falseAlarms: number): boolean[] {
    if (!(falseAlarms > 0 && falseAlarms < 1))
      throw new LearnError('option_bad', `a false-alarm rate of ${falseAlarms}: expected more than 0 and less than 1`)
    const { least } = this.parts.joint
    if (falseAlarms < least)
      throw new LearnError(
        'rows_too_few',
        `${this.parts.joint.count} normal rows were held out, of which a false-alarm rate of ${falseAlarms} cannot be told: take ${least} or more, or learn from more normal rows`,
      )
    return Array.from(this.pValues(rows), p => p <= falseAlarms)
  }
}

function fisher(tails: readonly Tail[], signs: readonly Float64Array[]): Float64Array {
  return signs[0]!.map((_, row) => -2 * tails.reduce((sum, tail, i) => sum + Math.log(tail.p(signs[i]![row]!)), 0))
}

/** Of the members' mean: weights that were learned on known attacks would trust whoever is surest of those. */
function oddsAgainst(members: readonly Matrix[], normal: number): Float64Array {
  const weights = new Float64Array(members.length).fill(1 / members.length)
  const { rows, columns, data } = pooled({ kind: 'vote', weights }, members)
  return Float64Array.from({ length: rows }, (_, row) => {
    const p = Math.min(1 - LEAST, Math.max(LEAST, data[row * columns + normal]!))
    return Math.log((1 - p) / p)
  })
}
