import { LearnError } from '../base/error.ts'
import { foldsOf } from '../base/folds.ts'
import type { Matrix } from '../base/matrix.ts'
import { evenly, picked, rowsWhere } from '../base/rows.ts'
import type { RandomForest } from '../trees/index.ts'
import { chooseSigns } from './choose-signs.ts'
import { contrastScores, fitContrast } from './contrast.ts'
import type { Ensemble } from './ensemble.ts'
import type { FittedEnsemble } from './fit.ts'
import { MEMBERS, type MemberName, type MemberOptions } from './fit-member.ts'
import type { Member, OwnMember } from './member.ts'
import { Neighbors } from './neighbors.ts'
import { fisher, oddsAgainst, type Sign, type SignTails } from './signs.ts'
import { Tail } from './tail.ts'

/** What tells attacks of a kind that was never learned. */
export interface AttackParts<M extends Member = Member> {
  readonly ensemble: Ensemble<M>
  /** Which class is normal. */
  readonly normal: number
  readonly neighbors: Neighbors
  readonly contrast: RandomForest
  /** Those that are joined. */
  readonly signs: readonly Sign[]
  readonly tails: SignTails
  /** Of all that are joined. */
  readonly joint: Tail
}

/** What a detector is learned by; members as the ensemble's were. */
export interface AttackOptions extends Partial<Omit<MemberOptions, 'progress'>> {
  readonly members?: readonly MemberName[]
  /** Of each row the kind of attack, where the ensemble tells fewer classes than there are kinds; its class if absent. */
  readonly families?: Int32Array
}

const FOLDS = 3
/** More normal rows are not compared: of more, some at equal steps. */
const MOST_NORMAL = 16_384

/**
 * Finds attacks, also of families that were never seen: what is like a known attack, far from every normal row, or put together as no normal row is. P-values among normal rows
 * that were held out are joined by Fisher's method, and its statistic, since they hang together, is set against that of those rows again.
 */
export class AttackDetector<M extends Member = Member> {
  readonly parts: AttackParts<M>

  /** Error: `members_differ`. */
  constructor(parts: AttackParts<M>) {
    const { ensemble, normal, signs } = parts
    if (!(normal >= 0 && normal < ensemble.classes))
      throw new LearnError('members_differ', `class ${normal} is normal, and the ensemble has ${ensemble.classes}`)
    if (signs.length === 0) throw new LearnError('members_differ', 'no sign is joined: expected one or more')
    this.parts = parts
  }

  /**
   * Learns from the rows that the ensemble was fitted to; no row of the families that it is to find is needed. Which signs are joined is chosen by leaving each known family out in turn.
   * @param normal which class is normal
   * Errors: `rows_too_few`, `labels_wrong`, `labels_length`.
   */
  static async learn(
    { ensemble, heldOut }: FittedEnsemble,
    x: Matrix,
    codes: Int32Array,
    normal: number,
    { seed = 1, members = MEMBERS, families = codes, ...sizes }: AttackOptions = {},
  ): Promise<AttackDetector<OwnMember>> {
    const { classes } = ensemble
    if (!(normal >= 0 && normal < classes))
      throw new LearnError('labels_wrong', `class ${normal} is to be normal, and there are ${classes}`)
    if (families.length !== codes.length)
      throw new LearnError('labels_length', `${families.length} families for ${codes.length} rows`)
    const places = evenly(
      rowsWhere(codes, code => code === normal),
      MOST_NORMAL,
    )
    if (places.length < 2 * FOLDS)
      throw new LearnError('rows_too_few', `${places.length} normal rows: at least ${2 * FOLDS} are needed`)
    const signs = await chooseSigns({ x, codes, classes, families, normal, members, options: { ...sizes, seed } })
    const rows = picked(x, places)
    const odds = oddsAgainst(
      heldOut.map(each => picked(each, places)),
      normal,
    )
    const signed = { odds, ...heldOutSigns(rows, seed) }
    const tails = { odds: Tail.of(odds), distance: Tail.of(signed.distance), contrast: Tail.of(signed.contrast) }
    const joint = Tail.of(fisher(signs, tails, signed, true))
    const [neighbors, contrast] = [Neighbors.learn(rows), fitContrast(rows, seed)]
    return new AttackDetector({ ensemble, normal, neighbors, contrast, signs, tails, joint })
  }

  /** A score a row: the higher, the less normal. */
  scores(rows: Matrix): Float64Array {
    const { ensemble, normal, neighbors, contrast, signs, tails } = this.parts
    const said = ensemble.parts.members.map(member => member.probabilities(rows))
    return fisher(signs, tails, {
      odds: oddsAgainst(said, normal),
      distance: neighbors.scores(rows),
      contrast: contrastScores(contrast, rows),
    })
  }

  /** How rare a row as odd as each is among normal ones (a conformal p-value): low where it is an attack, of a family that was seen or not. */
  pValues(rows: Matrix): Float64Array {
    return this.scores(rows).map(score => this.parts.joint.p(score))
  }

  /** Which rows are told, so that at most a share of normal rows like those that were learned is. Errors: `option_wrong`, `rows_too_few`. */
  alarms(rows: Matrix, falseAlarms: number): boolean[] {
    if (!(falseAlarms > 0 && falseAlarms < 1))
      throw new LearnError('option_wrong', `a false-alarm rate of ${falseAlarms}: expected more than 0 and less than 1`)
    const { count, least } = this.parts.joint
    if (falseAlarms < least)
      throw new LearnError(
        'rows_too_few',
        `a false-alarm rate of ${falseAlarms} cannot be told by ${count} normal rows: take ${least} or more, or learn from more normal rows`,
      )
    return Array.from(this.pValues(rows), p => p <= falseAlarms)
  }
}

/** Distance and contrast of normal rows, each by what the other folds teach. */
function heldOutSigns(rows: Matrix, seed: number): { distance: Float64Array; contrast: Float64Array } {
  const fold = foldsOf(new Int32Array(rows.rows), 1, FOLDS, false)
  const [distance, contrast] = [new Float64Array(rows.rows), new Float64Array(rows.rows)]
  for (let each = 0; each < FOLDS; each++) {
    const learned = picked(
      rows,
      rowsWhere(fold, its => its !== each),
    )
    const held = rowsWhere(fold, its => its === each)
    const judged = picked(rows, held)
    const [far, odd] = [Neighbors.learn(learned).scores(judged), contrastScores(fitContrast(learned, seed), judged)]
    for (const [at, row] of held.entries()) {
      distance[row] = far[at]!
      contrast[row] = odd[at]!
    }
  }
  return { distance, contrast }
}
