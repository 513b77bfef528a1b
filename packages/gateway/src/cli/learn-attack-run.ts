import type { Matrix } from '@ringwall/learn'
import type { AnyModel, LoadedModel, ModelRecord, Table } from '@ringwall/learn/io'
import type { AttackFigure, Feasible, Whole } from '@ringwall/learn/robust'
import { RingwallError } from '../base/error.ts'
import { inputsOf } from './learn-constraints.ts'

/** Rows that are attacked, with the class of each, and by what their columns are measured. */
export interface Attackable {
  readonly rows: Matrix
  readonly labels: Int32Array
  /** The standard deviation of each input; 1 where it does not move. */
  readonly scale: readonly number[]
  /** Whether deviations are those of the rows that the model learned, as its file says, or of the rows that are attacked. */
  readonly scaleOf: 'training rows' | 'attacked rows'
  /** Inputs that do not move. */
  readonly still: readonly boolean[]
}

/** What becomes of a model within reach of an attacker. */
export interface Fate {
  readonly epsilon: number
  /** Absent where the model has no slope. */
  readonly fgsm?: number
  readonly each: readonly AttackFigure[]
  readonly worst: number
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
    'Name a classifier: random-forest, boosted-trees, mlp-classifier or ensemble.',
  )
}

/** The first rows of a table as a model takes them, with their classes. Errors: `attack_stream`, `label_unknown`, `rows_none`, those of `preprocess`. */
export async function attackable(
  { preprocessing, classes, training }: ModelRecord | LoadedModel,
  table: Table,
  label: string,
  most: number,
): Promise<Attackable> {
  const { classText, columnOf, preprocess } = await import('@ringwall/learn/io')
  const { firstRows } = await import('@ringwall/learn/robust')
  const place = { file: table.file, field: label }
  if (preprocessing.rhythm !== undefined) {
    const what = 'the model learned the order of rows, and attacks are on one row at a time'
    throw new RingwallError('attack_stream', what, 'Name a model that was fitted without --stream.')
  }
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
  const all = preprocess(preprocessing, table)
  const inputs = inputsOf(preprocessing.steps)
  const kept = inputs.map(step => (step.kind === 'number' ? keptDeviation(training.options, step.from) : 1))
  const told = kept.every(each => each !== null)
  const deviations = inputs.map((_, i) => kept[i] ?? deviationOf(all, i))
  return {
    ...firstRows(all, codes, most),
    scale: deviations.map(each => each || 1),
    scaleOf: told ? 'training rows' : 'attacked rows',
    still: deviations.map(each => each === 0),
  }
}

/** Refuses another model whose rows are not those of the model that is attacked. Error: `attack_from`. */
export function sameRows(target: Attackable, other: Attackable, file: string): void {
  const { rows, columns, data } = target.rows
  const same = (value: number, at: number): boolean => Object.is(value, data[at])
  if (other.rows.rows === rows && other.rows.columns === columns && other.rows.data.every(same)) return
  const what = 'it takes other columns than the model that is attacked, or takes them otherwise'
  throw new RingwallError('attack_from', what, 'Name a model that was fitted to the same columns.', { file })
}

/** What `learn harden` wrote down of a column; null where nothing is. */
function keptDeviation(options: unknown, name: string): number | null {
  const { harden } = (options ?? {}) as {
    readonly harden?: { readonly deviations?: Readonly<Record<string, unknown>> }
  }
  const found = harden?.deviations?.[name]
  return typeof found === 'number' && found >= 0 && Number.isFinite(found) ? found : null
}

/** Of the values of an input that are there. */
export function deviationOf({ rows, columns, data }: Matrix, column: number): number {
  let [count, mean, square] = [0, 0, 0]
  for (let row = 0; row < rows; row++) {
    const value = data[row * columns + column]!
    if (!Number.isFinite(value)) continue
    count++
    const off = value - mean
    mean += off / count
    square += off * (value - mean)
  }
  return count === 0 ? 0 : Math.sqrt(square / count)
}

const RESTARTS = 3
const ITERATIONS = 6

/** How a model is attacked. */
export interface FatesOptions {
  readonly epsilons: readonly number[]
  readonly seed: number
  /** What attacks on another model made of the same rows, a table an epsilon: it is tried as well. */
  readonly transferred?: readonly Matrix[]
  readonly progress: (done: number, what: string) => void
}

/** A model's fate at each epsilon, and what attacks made of the rows: of each row the worst. */
export interface Fates {
  readonly clean: number
  readonly fates: readonly Fate[]
  readonly made: readonly Matrix[]
}

/** Attacks a model at each epsilon. */
export async function fatesOf(
  whole: Whole,
  { rows, labels, scale }: Attackable,
  feasible: Feasible,
  { epsilons, seed, transferred, progress }: FatesOptions,
): Promise<Fates> {
  const { accuracyOf, fgsm, marginsOf, strongest } = await import('@ringwall/learn/robust')
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
    const withstood = labels.reduce((sum, _, row) => sum + Number(margins.every(each => each[row]! < 0)), 0)
    const transfer = (table: Matrix): AttackFigure => ({
      name: 'transfer',
      accuracy: accuracyOf(whole.decider, table, labels),
      queries: table.rows,
    })
    return {
      epsilon,
      ...(one === null ? {} : { fgsm: one.accuracy }),
      each: [...found.each, ...(other === undefined ? [] : [transfer(other)])],
      worst: withstood / rows.rows,
    }
  })
  return { clean: accuracyOf(whole.decider, rows, labels), fates, made }
}
