import { LearnError } from '../../base/error.ts'
import type { Matrix } from '../../base/matrix.ts'
import {
  AttackDetector,
  type EnsembleFigures,
  fitEnsemble,
  foldsOf,
  heldOutProbabilities,
  likeliestOf,
  macroF1,
} from '../../ensemble/index.ts'
import { RHYTHM_WINDOWS } from '../../series/index.ts'
import { type AnyModel, type Preprocessing, preprocess } from '../model/index.ts'
import type { Table } from '../table/index.ts'
import { countsOf, type Labels } from './labels.ts'

/** What an ensemble is fitted by. */
export interface EnsembleLearning {
  readonly seed: number
  /** Whether the order of rows is learned from. */
  readonly stream: boolean
  /** The class that is normal, where attacks are to be told that nobody has seen. */
  readonly normal?: string
  readonly progress: (done: number, what: string, loss?: number) => void
}

/** An ensemble with how it takes rows, and what was measured on rows that were held out. */
export interface LearnedEnsemble {
  readonly model: AnyModel
  readonly preprocessing: Preprocessing
  readonly figures: Readonly<Record<string, number>>
}

const FOLDS = 3
/** How much of the work is done when the ensemble is fitted, and what tells unseen attacks is left. */
const FITTED = 0.6
/** The forest that says whether values are of use beside their rhythm. */
const TRIAL = { trees: 40 }

/** Fits an ensemble to the rows of a table. @param values how its columns are encoded. Errors: `class_unknown`, `class_rare`, and those of `fitEnsemble` and `AttackDetector.learn`. */
export async function learnEnsemble(
  table: Table,
  values: Preprocessing,
  labels: Labels,
  { seed, stream, normal, progress }: EnsembleLearning,
): Promise<LearnedEnsemble> {
  const { codes, names } = labels
  const preprocessing = stream ? await rhythmic(values, table, codes, names.length, seed) : values
  const share = normal === undefined ? 1 : FITTED
  const report = (done: number, what: string, loss?: number): void => progress(share * done, what, loss)
  const options = { seed, stream, folds: FOLDS, progress: report }
  const code = normal === undefined ? undefined : names.indexOf(normal)
  if (code === -1) throw new LearnError('class_unknown', `no class '${normal}': expected one of ${names.join(', ')}`)
  for (const [k, count] of countsOf(labels).entries())
    if (count < 2)
      throw new LearnError('class_rare', `class '${names[k]}' has ${count} row: an ensemble takes 2 of each or more`)
  const x = preprocess(preprocessing, table)
  const fitted = await fitEnsemble(x, codes, names.length, options)
  const learned = { preprocessing, figures: flat(fitted.figures) }
  if (code === undefined) return { ...learned, model: { kind: 'ensemble', model: fitted.ensemble } }
  progress(FITTED, 'unseen attacks')
  const model = await AttackDetector.learn(fitted, x, codes, code, { seed })
  return { ...learned, model: { kind: 'attack-detector', model } }
}

/** Rhythm beside the values, or alone where a forest tells held-out rows better without them: values that are noise are in the way. */
async function rhythmic(
  { steps }: Preprocessing,
  table: Table,
  codes: Int32Array,
  classes: number,
  seed: number,
): Promise<Preprocessing> {
  const fold = foldsOf(codes, classes, FOLDS, true)
  const tried = [false, true].map(alone => ({ steps, rhythm: { windows: RHYTHM_WINDOWS, alone } }))
  const scores: number[] = []
  for (const each of tried) {
    const x: Matrix = preprocess(each, table)
    const held = await heldOutProbabilities('forest', x, codes, classes, fold, { ...TRIAL, seed })
    scores.push(macroF1(likeliestOf(held), codes, classes))
  }
  return scores[1]! > scores[0]! ? tried[1]! : tried[0]!
}

/** Figures by name, as a model file keeps them. */
function flat(figures: EnsembleFigures): Record<string, number> {
  const { rows, coverage, members, calibrationError, calibrationErrorByWidth, ...others } = figures
  return {
    'rows held out': rows,
    ...others,
    'calibration error (15 bins of equal mass)': calibrationError,
    'calibration error (15 bins of equal width)': calibrationErrorByWidth,
    ...Object.fromEntries(coverage.map(each => [`accuracy at coverage ${each.coverage}`, each.accuracy])),
    ...Object.fromEntries(
      members.flatMap(({ name, weight, macroF1: f1, logLoss }) => [
        [`${name} weight`, weight],
        [`${name} macroF1`, f1],
        [`${name} logLoss`, logLoss],
      ]),
    ),
  }
}
