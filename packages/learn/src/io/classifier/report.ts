import { LearnError } from '../../base/error.ts'
import { accuracyOf, f1Of, macroF1Of, tallyOf } from '../../base/tally.ts'
import type { LoadedModel, ModelRecord } from '../model/index.ts'
import { columnOf, type Table } from '../table/index.ts'
import type { Told } from './classifier.ts'
import { classText } from './labels.ts'

/** How well one class was told. */
export interface ClassReport {
  readonly name: string
  /** Rows that are of it, and that were told to be. */
  readonly actual: number
  readonly predicted: number
  /** The share of its rows that were told, and of the told ones that are; null where there is none. */
  readonly recall: number | null
  readonly precision: number | null
  readonly f1: number
}

/** What was told, against a column that says what is. */
export interface Report {
  readonly label: string
  /** Rows with a label; the others were not judged. */
  readonly rows: number
  readonly unlabeled: number
  readonly accuracy: number
  readonly macroF1: number
  /** What it would be to tell always the class that most training rows had; null where the model does not know their counts. */
  readonly baseline: { readonly class: string; readonly accuracy: number } | null
  /** Those of the model, and behind them those that only the labels name. */
  readonly classes: readonly ClassReport[]
}

/** The column of classes that a model was learned with. */
export const labelOf = ({ schema }: Pick<ModelRecord, 'schema'>): string | undefined =>
  schema.find(({ role }) => role === 'label')?.name

/** Judges what was told by a column of the table. Errors: `column_unknown`, `label_kind`, `label_missing` where no row has a label. */
export function reportOf(model: ModelRecord | LoadedModel, told: Told, table: Table, label: string): Report {
  const column = columnOf(table, label)
  const where = `${table.file}: column '${label}'`
  if (column.kind === 'time') throw new LearnError('label_kind', `${where}: expected classes, found times`)
  const places = new Map(told.classes.map((name, k) => [name, k]))
  const actual = told.predicted.map((_, row) => {
    const text = classText(column, row)
    if (text === '') return -1
    const place = places.get(text) ?? places.size
    places.set(text, place)
    return place
  })
  const names = [...places.keys()]
  const tally = tallyOf(told.predicted, actual, names.length)
  const rows = tally.there.reduce((sum, count) => sum + count, 0)
  if (rows === 0) throw new LearnError('label_missing', `${where}: expected classes, found none in any row`)
  const classes = names.map((name, k) => {
    const [right, actual, predicted] = [tally.right[k]!, tally.there[k]!, tally.told[k]!]
    const recall = actual === 0 ? null : right / actual
    const precision = predicted === 0 ? null : right / predicted
    return { name, actual, predicted, recall, precision, f1: f1Of(tally, k) }
  })
  const { classRows } = model.training
  const most = classRows?.indexOf(classRows.reduce((one, other) => Math.max(one, other), 0))
  return {
    label,
    rows,
    unlabeled: actual.length - rows,
    accuracy: accuracyOf(tally),
    macroF1: macroF1Of(tally),
    baseline: most === undefined ? null : { class: names[most]!, accuracy: tally.there[most]! / rows },
    classes,
  }
}
