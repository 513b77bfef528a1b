import { type Matrix, matrixOf, rowOf } from '@ringwall/learn'
import type { Ensemble } from '@ringwall/learn/ensemble'
import type { AnyModel, LoadedModel, ModelRecord, Table } from '@ringwall/learn/io'
import type { AttackFigure, Feasible, Whole } from '@ringwall/learn/robust'
import { RingwallError } from '../base/error.ts'
import { type Yardstick, yardstickOf } from './learn-attack-scale.ts'

/** Rows that are attacked, with the class of each, and by what their columns are measured. */
export interface Attackable extends Yardstick {
  readonly rows: Matrix
  readonly labels: Int32Array
  /** Names of the classes, and how many of the attacked rows each has. */
  readonly classes: readonly string[]
  readonly counts: readonly number[]
  /** Rows of the whole table. */
  readonly of: number
}

/** What becomes of a model within reach of an attacker. */
export interface Fate {
  readonly epsilon: number
  /** Absent where the model has no slope. */
  readonly fgsm?: number
  readonly each: readonly AttackFigure[]
  readonly worst: number
  /** The share of each class's rows that withstands all attacks, null of one without rows; and the mean of them. */
  readonly recalls: readonly (number | null)[]
  readonly balanced: number
  /** Rows that are told wrongly, and how many of those an ensemble leaves undecided; absent of what has no doubt. */
  readonly fallen: number
  readonly undecided?: number
}

/** A model as attackers see it. Error: `attack_model`. */
export async function wholeOf(model: AnyModel, columns: number): Promise<Whole> {
  const { wholeOfEnsemble, wholeOfMember } = await import('@ringwall/learn/robust')
  const { BoostedMember, ForestMember } = await import('@ringwall/learn/ensemble')
  const { ensembleIn } = await import('@ringwall/learn/io')
  const ensemble = ensembleIn(model)
  if (ensemble !== null) return wholeOfEnsemble(ensemble, columns)
  if (model.kind === 'mlp-classifier') return { decider: model.model, slope: model.model }
  if (model.kind === 'random-forest' && model.model.model.classes > 0)
    return wholeOfMember(new ForestMember(model.model), columns)
  if (model.kind === 'boosted-trees' && model.model.classes > 0)
    return wholeOfMember(new BoostedMember(model.model), columns)
  const what = `a model of kind ${model.kind} tells no classes, and cannot be made to err about them`
  throw new RingwallError(
    'attack_model',
    what,
    'Name a classifier: random-forest, boosted-trees, mlp-classifier, ensemble or attack-detector.',
  )
}

/** Rows of a table as a model takes them, with their classes: of each class its share, at equal steps. Errors: `attack_stream`, `label_unknown`, `rows_none`, those of `preprocess`. */
export async function attackable(
  record: ModelRecord | LoadedModel,
  table: Table,
  label: string,
  most: number,
): Promise<Attackable> {
  const { preprocess } = await import('@ringwall/learn/io')
  const { spreadOf, spreadRows } = await import('@ringwall/learn/robust')
  const { picked } = await import('@ringwall/learn/ensemble')
  const { preprocessing, classes } = record
  if (preprocessing.rhythm !== undefined) {
    const what = 'the model learned the order of rows, and attacks are on one row at a time'
    throw new RingwallError('attack_stream', what, 'Name a model that was fitted without --stream.')
  }
  const codes = await codesOf(table, label, classes)
  const all = preprocess(preprocessing, table)
  const which = spreadRows(codes, classes.length, most)
  const labels = which.map(row => codes[row]!)
  return {
    ...yardstickOf(record, all, spreadOf),
    rows: picked(all, which),
    labels,
    classes,
    counts: classes.map((_, k) => labels.reduce((sum, code) => sum + Number(code === k), 0)),
    of: table.rows,
  }
}

/** The class of each row, by its place among those that a model knows. Errors: `rows_none`, `column_unknown`, `label_unknown`. */
export async function codesOf(table: Table, label: string, classes: readonly string[]): Promise<Int32Array> {
  const { classText, columnOf } = await import('@ringwall/learn/io')
  const place = { file: table.file, field: label }
  if (table.rows === 0)
    throw new RingwallError('rows_none', 'there are no rows to attack', 'Name a table with rows.', place)
  const column = columnOf(table, label)
  const codes = Int32Array.from({ length: table.rows }, (_, row) => classes.indexOf(classText(column, row)))
  const unknown = codes.indexOf(-1)
  if (unknown >= 0) {
    const what = `row ${unknown} is of class '${classText(column, unknown)}', and the model knows ${classes.join(', ')}`
    throw new RingwallError(
      'label_unknown',
      what,
      'Leave rows of other classes out, or name the column with --label.',
      place,
    )
  }
  return codes
}

/** Refuses another model whose rows are not those of the model that is attacked. Error: `attack_from`. */
export function sameRows(target: Attackable, other: Attackable, file: string): void {
  const { rows, columns, data } = target.rows
  const same = (value: number, at: number): boolean => Object.is(value, data[at])
  if (other.rows.rows === rows && other.rows.columns === columns && other.rows.data.every(same)) return
  const what = 'it takes other columns than the model that is attacked, or takes them otherwise'
  throw new RingwallError('attack_from', what, 'Name a model that was fitted to the same columns.', { file })
}

const RESTARTS = 3
const ITERATIONS = 6

/** How a model is attacked. */
export interface FatesOptions {
  readonly epsilons: readonly number[]
  readonly seed: number
  /** What attacks on another model made of the same rows, a table an epsilon: it is tried as well. */
  readonly transferred?: readonly Matrix[]
  /** The ensemble that is attacked, if it is one: how many of the fallen rows it leaves undecided. */
  readonly ensemble?: Ensemble | null
  readonly progress: (done: number, what: string) => void
}

/** A model's fate at each epsilon, and what attacks made of the rows: of each row the worst. */
export interface Fates {
  readonly clean: number
  /** The share of each class's rows that is told rightly, null of one without rows; and the mean of them. */
  readonly recalls: readonly (number | null)[]
  readonly balanced: number
  readonly fates: readonly Fate[]
  readonly made: readonly Matrix[]
}

/** Attacks a model at each epsilon. */
export async function fatesOf(
  whole: Whole,
  { rows, labels, scale, classes }: Attackable,
  feasible: Feasible,
  { epsilons, seed, transferred, ensemble, progress }: FatesOptions,
): Promise<Fates> {
  const { accuracyOf, balancedOf, fgsm, marginsOf, recallsOf, strongest } = await import('@ringwall/learn/robust')
  const { FALSE_DOUBTS } = await import('@ringwall/learn/io')
  const byClass = (right: readonly boolean[]) => {
    const recalls = recallsOf(right, labels, classes.length)
    return { recalls: Array.from(recalls, each => (Number.isNaN(each) ? null : each)), balanced: balancedOf(recalls) }
  }
  const made: Matrix[] = []
  const fates = epsilons.map((epsilon, i): Fate => {
    const reach = { norm: 'linf', epsilon, scale, feasible, seed } as const
    const told = (attack: string): void => progress(i / epsilons.length, `epsilon ${epsilon}, ${attack}`)
    const found = strongest(whole, rows, labels, {
      ...reach,
      restarts: RESTARTS,
      iterations: ITERATIONS,
      progress: told,
    })
    made.push(found.rows)
    const one = whole.slope === undefined ? null : fgsm(whole.slope, rows, labels, { ...reach, judge: whole.decider })
    const other = transferred?.[i]
    const all = [found.rows, ...(one === null ? [] : [one.rows]), ...(other === undefined ? [] : [other])]
    const margins = all.map(each => marginsOf(whole.decider, each, labels))
    const withstood = Array.from(labels, (_, row) => margins.every(each => each[row]! < 0))
    const fallen = Array.from(labels.keys()).filter(row => !withstood[row])
    const felled = fallen.map(row => Array.from(rowOf(all[margins.findIndex(each => !(each[row]! < 0))]!, row)))
    const transfer = (table: Matrix): AttackFigure => ({
      name: 'transfer',
      accuracy: accuracyOf(whole.decider, table, labels),
      queries: table.rows,
    })
    return {
      epsilon,
      ...(one === null ? {} : { fgsm: one.accuracy }),
      each: [...found.each, ...(other === undefined ? [] : [transfer(other)])],
      worst: (rows.rows - fallen.length) / rows.rows,
      ...byClass(withstood),
      fallen: fallen.length,
      ...(ensemble ? { undecided: undecidedOf(ensemble, felled, FALSE_DOUBTS) } : {}),
    }
  })
  const right = Array.from(marginsOf(whole.decider, rows, labels), margin => margin < 0)
  return { clean: accuracyOf(whole.decider, rows, labels), ...byClass(right), fates, made }
}

/** How many of some rows an ensemble leaves undecided. */
function undecidedOf(ensemble: Ensemble, rows: readonly (readonly number[])[], falseDoubts: number): number {
  if (rows.length === 0) return 0
  return ensemble.decide(matrixOf(rows), { falseDoubts }).filter(({ decided }) => !decided).length
}
