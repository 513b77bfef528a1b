import { LearnError } from '../base/error.ts'
import { foldsOf } from '../base/folds.ts'
import type { Matrix } from '../base/matrix.ts'
import { evenly, picked } from '../base/rows.ts'
import { calibrate, calibrated, checkCodes } from './calibration.ts'
import { choosePool } from './choose.ts'
import { Doubts, disagreements, entropies } from './doubt.ts'
import { Ensemble } from './ensemble.ts'
import { type CoveragePoint, calibrationError, coverageCurve, likeliestOf, logLoss, macroF1 } from './figures.ts'
import { fitMember, MEMBERS, type MemberName, type MemberOptions } from './fit-member.ts'
import { heldOutProbabilities } from './held-out.ts'
import { liftBy } from './lift.ts'
import type { OwnMember } from './member.ts'
import { Novelty } from './novelty.ts'
import { pooled } from './pool.ts'

/** How an ensemble is fitted. */
export interface EnsembleOptions extends Partial<Omit<MemberOptions, 'progress'>> {
  /** Parts of each class's rows, one behind the other, each judged by what the others teach; 3. */
  readonly folds?: number
  /** Whether rows are a series: then each stretch of one class is cut into folds, and not all rows of the class. */
  readonly stream?: boolean
  /** Which members; all three if absent. */
  readonly members?: readonly MemberName[]
  /** From 0 to 1, and what it is at. */
  readonly progress?: (done: number, what: string, loss?: number) => void
}

/** What was measured on held-out rows: each was judged by members that had not learned it, but calibration and weights are learned from these rows. */
export interface EnsembleFigures {
  readonly rows: number
  readonly accuracy: number
  readonly macroF1: number
  readonly logLoss: number
  /** Over 15 bins of equally many rows, and of equal width. */
  readonly calibrationError: number
  readonly calibrationErrorByWidth: number
  readonly coverage: readonly CoveragePoint[]
  /** Each member alone, calibrated. */
  readonly members: readonly {
    readonly name: MemberName
    readonly weight: number
    readonly macroF1: number
    readonly logLoss: number
  }[]
}

/** A fitted ensemble, and how it did on held-out rows. */
export interface FittedEnsemble {
  readonly ensemble: Ensemble<OwnMember>
  readonly figures: EnsembleFigures
  /** What each member, fitted without a row's fold, says of the row, before it is calibrated. */
  readonly heldOut: readonly Matrix[]
}

/** Doubt is learned from so many rows at most, at equal steps: each is compared with all that are kept. */
const MOST_JUDGED = 8_192
const COVERAGES = [1, 0.95, 0.9, 0.8]

/**
 * Fits a random forest, boosted trees and a net to the same rows, calibrates each and their vote on rows that were held out, in contiguous folds, and learns how doubtful a row may be.
 * @param x a row of numbers each; NaN where a value is missing
 * @param codes each row's class, from 0 on
 * Errors: `labels_length`, `labels_wrong`, `class_single`, `rows_too_few`, `option_wrong`, `value_infinite`.
 */
export async function fitEnsemble(
  x: Matrix,
  codes: Int32Array,
  classes: number,
  options: EnsembleOptions = {},
): Promise<FittedEnsemble> {
  const { seed = 1, folds = 3, stream = false, members: names = MEMBERS, progress = () => {}, ...sizes } = options
  checkCodes(codes, { rows: x.rows, columns: classes, data: x.data })
  if (!(Number.isInteger(folds) && folds >= 2 && folds <= 20))
    throw new LearnError('option_wrong', `${folds} folds: expected 2 to 20`)
  if (names.length === 0) throw new LearnError('option_wrong', 'an ensemble has one member or more')
  const counts = new Float64Array(classes)
  for (const code of codes) counts[code]!++
  for (const [k, count] of counts.entries())
    if (count < 2)
      throw new LearnError('rows_too_few', `class ${k} has ${count} rows: an ensemble takes 2 of each or more`)
  const fold = foldsOf(codes, classes, folds, stream)
  const steps = names.length * (folds + 1)
  const held: Matrix[] = []
  const members: OwnMember[] = []
  for (const [m, name] of names.entries()) {
    const told = (from: number, over: number) => (done: number, loss?: number) =>
      progress((m * (folds + 1) + from + over * done) / steps, name, loss)
    held.push(await heldOutProbabilities(name, x, codes, classes, fold, { ...sizes, seed, progress: told(0, folds) }))
    members.push(await fitMember(name, x, codes, classes, { ...sizes, seed, progress: told(folds, 1) }))
  }
  const calibrations = held.map(each => calibrate(each, codes))
  const said = held.map((each, m) => calibrated(calibrations[m]!, each))
  const pool = choosePool(said, codes, fold)
  const mixed = pooled(pool, said)
  const calibration = calibrate(mixed, codes)
  const joined = calibrated(calibration, mixed)
  const factors = liftBy(
    joined,
    counts.map(count => count / codes.length),
    told => macroF1(told, codes, classes),
  )
  const predicted = likeliestOf(joined, factors)
  const right = Array.from(predicted, (code, row) => code === codes[row])
  const judged = evenly(Int32Array.from(codes.keys()), MOST_JUDGED)
  const { novelty, heldOut } = Novelty.learn(x, fold, judged, seed)
  const full = Math.log(classes)
  const signs = {
    entropy: entropies(picked(joined, judged)).map(each => each / full),
    disagreement: disagreements(said.map(each => picked(each, judged))),
    novelty: heldOut,
  }
  const rightOf = Array.from(judged, row => right[row]!)
  const { doubts, doubt } = Doubts.learn(signs, rightOf)
  progress(1, 'doubt')
  return {
    ensemble: new Ensemble({ members, calibrations, pool, calibration, factors, novelty, doubts }),
    heldOut: held,
    figures: {
      rows: x.rows,
      accuracy: right.filter(each => each).length / x.rows,
      macroF1: macroF1(predicted, codes, classes),
      logLoss: logLoss(joined, codes),
      calibrationError: calibrationError(joined, codes, 'mass'),
      calibrationErrorByWidth: calibrationError(joined, codes, 'width'),
      coverage: coverageCurve(doubt, rightOf, COVERAGES),
      members: names.map((name, m) => ({
        name,
        weight: pool.weights[m]!,
        macroF1: macroF1(likeliestOf(said[m]!), codes, classes),
        logLoss: logLoss(said[m]!, codes),
      })),
    },
  }
}
