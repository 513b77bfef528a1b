import { largest } from '../../../packages/learn/src/base/largest.ts'
import { type Matrix, type Random, randomOf } from '../../../packages/learn/src/index.ts'
import { probabilitiesOf } from '../../../packages/learn/src/io/classifier/classifier.ts'
import {
  type AnyModel,
  type Column,
  columnOf,
  type ModelRecord,
  preprocess,
  type Table,
  tableOf,
} from '../../../packages/learn/src/io/index.ts'
import {
  learnMarked,
  type MarkedAlgorithm,
  type Prepared,
  prepare,
  WatermarkKey,
} from '../../../packages/learn/src/watermark/index.ts'
import { nslCells } from './model-data.ts'

export const LABEL = 'label'

/** NSL-KDD, normal or attack: the first 70 % of the rows, and the rest in their order; null where the file is not there. */
export function readNslKdd(): { train: Table; test: Table } | null {
  const found = nslCells()
  if (found === null) return null
  const head = [...found.fields.map((_, i) => `f${i}`), LABEL].join(',')
  const rows = found.cells.map((cells, row) => {
    const label = found.families[row] === 'normal' ? 'normal' : 'attack'
    return [...cells.slice(0, found.fields.length), label].join(',')
  })
  return cut(tableOf(`${head}\n${rows.join('\n')}\n`, { header: true }))
}

/** A made-up machine's three states by its sensors and a mode that says nothing of them: 4,500 rows, cut in the same way. */
export function machineTable(seed: number, sensors: number): { train: Table; test: Table } {
  const random = randomOf(seed)
  const lines = Array.from({ length: 4_500 }, () => {
    const state = random.below(3)
    const cells = Array.from({ length: sensors }, (_, i) => (random.normal() + (i % 3 === state ? 3 : 0)).toFixed(4))
    return [...cells, ['idle', 'slow', 'fast'][random.below(3)], ['good', 'worn', 'broken'][state]].join(',')
  })
  const names = Array.from({ length: sensors }, (_, i) => `s${i}`)
  return cut(tableOf(`${names.join()},mode,${LABEL}\n${lines.join('\n')}\n`))
}

function cut(table: Table): { train: Table; test: Table } {
  const rows = Math.floor(table.rows * 0.7)
  const range = (from: number, to: number) => Int32Array.from({ length: to - from }, (_, i) => from + i)
  return { train: someRows(table, range(0, rows)), test: someRows(table, range(rows, table.rows)) }
}

/** Some rows of a table. */
export function someRows(table: Table, rows: Int32Array): Table {
  const columns = table.columns.map((column): Column => {
    if (column.kind === 'category') return { ...column, values: rows.map(row => column.values[row]!) }
    return { ...column, values: Float64Array.from(rows, row => column.values[row]!) }
  })
  return { ...table, rows: rows.length, columns }
}

/** A key that is the same each time. */
export function keyOf(seed: number): WatermarkKey {
  const random = randomOf(seed)
  return new WatermarkKey(Uint8Array.from({ length: 32 }, () => random.below(256)))
}

/** Different rows, in their order. */
export function drawnRows(total: number, count: number, random: Random): Int32Array {
  const left = Int32Array.from({ length: total }, (_, i) => i)
  for (let i = 0; i < count; i++) {
    const other = i + random.below(total - i)
    const held = left[i]!
    left[i] = left[other]!
    left[other] = held
  }
  return left.slice(0, count).sort()
}

/** A model that was learned twice, with a mark and without. */
export interface Subject {
  readonly algorithm: MarkedAlgorithm
  readonly seed: number
  readonly key: WatermarkKey
  readonly prepared: Prepared
  readonly plain: AnyModel
  readonly marked: AnyModel
}

export async function subjectOf(train: Table, algorithm: MarkedAlgorithm, seed: number): Promise<Subject> {
  const prepared = await prepare(train, algorithm, LABEL, [])
  const key = keyOf(seed)
  const plain = await learnMarked(prepared, null, algorithm, seed)
  const marked = await learnMarked(prepared, key, algorithm, seed)
  return { algorithm, seed, key, prepared, plain, marked }
}

/** A model as its file would hold it. */
export function recordOf(model: AnyModel, { schema, preprocessing, labels, digest, x }: Prepared): ModelRecord {
  const training = { rows: x.rows, seed: 0, options: null, data: digest, date: '' }
  return { model, schema, preprocessing, classes: labels.names, training }
}

/** The classes that a model tells for rows. */
export function toldBy(model: AnyModel, rows: Matrix): Int32Array {
  const found = probabilitiesOf(model, rows)
  const classes = found.length / rows.rows
  return Int32Array.from({ length: rows.rows }, (_, row) => largest(found, row * classes, classes))
}

/** The share of a table's rows that a model tells rightly. */
export function accuracyOf(model: AnyModel, prepared: Prepared, table: Table): number {
  const label = columnOf(table, LABEL)
  if (label.kind !== 'category') throw new Error('the label is no word')
  const told = toldBy(model, preprocess(prepared.preprocessing, table))
  const right = told.filter((code, row) => prepared.labels.names[code] === label.categories[label.values[row]!])
  return right.length / table.rows
}
