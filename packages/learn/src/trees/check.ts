import { LearnError } from '../base/error.ts'
import type { Matrix } from '../base/matrix.ts'
import { GREATEST } from '../base/single.ts'

/** Makes sure that a table has rows and columns and no infinite value (nor one beyond 3e38). Errors: `table_empty`, `value_infinite`; `value_missing` where none may be missing. */
export function checkTable({ rows, columns, data }: Matrix, missing: 'allowed' | 'refused'): void {
  if (rows === 0 || columns === 0) throw new LearnError('table_empty', `a table of ${rows} x ${columns} values`)
  if (data.length !== rows * columns)
    throw new LearnError('table_width', `${data.length} values are not ${rows} rows of ${columns}`)
  for (let i = 0; i < data.length; i++) {
    const value = data[i]!
    if (Math.abs(value) <= GREATEST || (Number.isNaN(value) && missing === 'allowed')) continue
    const where = `row ${Math.floor(i / columns)}, column ${i % columns}`
    if (Number.isNaN(value)) throw new LearnError('value_missing', `${where}: no value`)
    throw new LearnError('value_infinite', `${where}: ${value}`)
  }
}

/** Error: `table_width` where a table's or a row's width is not that of the one that was learned from. */
export function checkWidth(columns: number, expected: number): void {
  if (columns !== expected)
    throw new LearnError('table_width', `${columns} columns, where ${expected} were learned from`)
}

/** Makes sure that there is one label a row, each a class's number from 0 on, and gives the count of classes. Errors: `labels_length`, `labels_wrong`, `class_single`. */
export function checkClasses(labels: ArrayLike<number>, rows: number): number {
  checkLength(labels, rows, 'labels')
  let most = 0
  for (let i = 0; i < rows; i++) {
    const label = labels[i]!
    if (!Number.isInteger(label) || label < 0 || label >= MOST_CLASSES)
      throw new LearnError('labels_wrong', `row ${i}: ${label} is not a class's number from 0 to ${MOST_CLASSES - 1}`)
    most = Math.max(most, label)
  }
  const counts = new Uint32Array(most + 1)
  for (let i = 0; i < rows; i++) counts[labels[i]!]!++
  if (counts.filter(count => count > 0).length < 2)
    throw new LearnError('class_single', `all ${rows} rows are of class ${most}: nothing to tell apart`)
  return most + 1
}

/** No model tells more classes apart. */
export const MOST_CLASSES = 1_024

/** Makes sure that there is one finite number a row. Errors: `labels_length`, `labels_wrong`. */
export function checkTargets(targets: ArrayLike<number>, rows: number): void {
  checkLength(targets, rows, 'targets')
  for (let i = 0; i < rows; i++) {
    if (!Number.isFinite(Math.fround(targets[i]!)))
      throw new LearnError('labels_wrong', `row ${i}: ${targets[i]} is not a finite number`)
  }
}

/** Makes sure that there is one weight a row, none below 0 and not all 0. Errors: `labels_length`, `weight_wrong`. */
export function checkWeights(weights: ArrayLike<number>, rows: number): void {
  checkLength(weights, rows, 'weights')
  let sum = 0
  for (let i = 0; i < rows; i++) {
    const weight = weights[i]!
    if (!(weight >= 0 && Number.isFinite(weight)))
      throw new LearnError('weight_wrong', `row ${i}: ${weight} is no weight`)
    sum += weight
  }
  if (sum === 0) throw new LearnError('weight_wrong', 'all weights are 0')
}

function checkLength(values: ArrayLike<number>, rows: number, what: string): void {
  if (values.length !== rows) throw new LearnError('labels_length', `${values.length} ${what} for ${rows} rows`)
}

/** A setting's bounds, both of which it may be. */
export interface Bounds {
  readonly least: number
  readonly most: number
  readonly whole?: boolean
}

/** Error: `option_wrong` where a setting is out of its bounds. */
export function checkOptions<Name extends string>(
  options: Readonly<Record<Name, number>>,
  bounds: Readonly<Record<Name, Bounds>>,
): void {
  for (const name of Object.keys(bounds) as Name[]) {
    const value = options[name]
    const { least, most, whole } = bounds[name]
    if (value >= least && value <= most && (whole !== true || Number.isInteger(value))) continue
    throw new LearnError(
      'option_wrong',
      `${name} is ${value}, and must be ${whole === true ? 'a whole number' : ''} from ${least} to ${most}`,
    )
  }
}
