import { LearnError } from '../../base/error.ts'
import { type Matrix, rowOf } from '../../base/matrix.ts'
import { rhythmNames, rhythmOf } from '../../series/index.ts'
import type { Column, Table } from '../table/index.ts'

/** What becomes of a column of a table on its way into a model. */
export type Step =
  /** (value - mean) / scale; what is missing becomes `missing`, or stays so where that is null. */
  | {
      readonly from: string
      readonly kind: 'number'
      readonly mean: number
      readonly scale: number
      readonly missing: number | null
    }
  /** One number a word that is kept: 1 where the cell is it. */
  | { readonly from: string; readonly kind: 'one-of'; readonly words: readonly string[] }
  /** The share of training rows with that word, for columns of many words; 0 of one that was not there. */
  | {
      readonly from: string
      readonly kind: 'frequency'
      readonly words: readonly string[]
      readonly shares: readonly number[]
    }

/** What a model's input is made of, in its order. */
export interface Preprocessing {
  readonly steps: readonly Step[]
  /** Where rows are a stream: what their order says, behind what the steps give, or `alone` in its place. */
  readonly rhythm?: { readonly windows: readonly number[]; readonly alone: boolean }
}

/** More different words than these are not told apart, but counted. */
const MOST_WORDS = 32

/** Names of a model's inputs, as they come out of the steps. A column `mode=auto` beside the word `auto` of a column `mode` gets a number, as no two inputs have one name. */
export function inputNames({ steps, rhythm }: Preprocessing): string[] {
  const behind = rhythm === undefined ? [] : rhythmNames(rhythm.windows)
  if (rhythm?.alone === true) return behind
  const values = steps.flatMap(step =>
    step.kind === 'one-of' ? step.words.map(word => `${step.from}=${word}`) : [step.from],
  )
  return distinct([...values, ...behind])
}

function distinct(names: readonly string[]): string[] {
  const seen = new Set<string>()
  return names.map(name => {
    let its = name
    for (let count = 2; seen.has(its); count++) its = `${name} (${count})`
    seen.add(its)
    return its
  })
}

/** Whether each input, in the order of `inputNames`, is 1 or 0, or any number. */
export function inputTypes({ steps, rhythm }: Preprocessing): ('indicator' | 'number')[] {
  const behind = rhythm === undefined ? [] : rhythmNames(rhythm.windows).map(() => 'number' as const)
  if (rhythm?.alone === true) return behind
  const values = steps.flatMap(step =>
    step.kind === 'one-of' ? step.words.map(() => 'indicator' as const) : (['number'] as const),
  )
  return [...values, ...behind]
}

/**
 * Learns how columns are encoded by a table's rows. Trees need no scale, and know what to do where a value is missing.
 * @param features names of columns; those of times are not allowed
 * @param rows those that are learned from; all if absent
 * Errors: `columns_none`, `column_no_feature`.
 */
export function learnPreprocessing(table: Table, features: readonly string[], rows?: Int32Array): Preprocessing {
  const asked = new Set(features)
  const columns = table.columns.filter(({ name }) => asked.has(name))
  if (columns.length === 0) throw new LearnError('columns_none', `${table.file}: no column is left to learn from`)
  return { steps: columns.map(column => stepOf(column, rows)) }
}

function stepOf(column: Column, rows: Int32Array | undefined): Step {
  const from = column.name
  if (column.kind === 'time') throw new LearnError('column_no_feature', `'${from}' holds times: leave it out`)
  if (column.kind === 'number') return { from, kind: 'number', mean: 0, scale: 1, missing: null }
  const counts = new Map<string, number>()
  const codes = rows === undefined ? column.values : rows.map(row => column.values[row]!)
  for (const code of codes) {
    const word = column.categories[code]
    if (word !== undefined) counts.set(word, (counts.get(word) ?? 0) + 1)
  }
  const words = [...counts.keys()].sort()
  if (words.length <= MOST_WORDS) return { from, kind: 'one-of', words }
  return { from, kind: 'frequency', words, shares: words.map(word => counts.get(word)! / codes.length) }
}

/** What a model takes of a table's rows. Errors: `column_unknown`, `column_kind`. */
export function preprocess({ steps, rhythm }: Preprocessing, table: Table): Matrix {
  const values = encoded(steps, table)
  if (rhythm === undefined) return values
  const order = rhythmOf(values, rhythm)
  return rhythm.alone ? order : beside(values, order)
}

function beside(a: Matrix, b: Matrix): Matrix {
  const columns = a.columns + b.columns
  const data = new Float32Array(a.rows * columns)
  for (let row = 0; row < a.rows; row++) {
    data.set(rowOf(a, row), row * columns)
    data.set(rowOf(b, row), row * columns + a.columns)
  }
  return { rows: a.rows, columns, data }
}

function encoded(steps: readonly Step[], table: Table): Matrix {
  const width = steps.reduce((sum, step) => sum + (step.kind === 'one-of' ? step.words.length : 1), 0)
  const data = new Float32Array(table.rows * width)
  const columns = new Map(table.columns.map(column => [column.name, column]))
  checkThere(steps, columns, table.file)
  let at = 0
  for (const step of steps) {
    const column = columnFor(step, columns.get(step.from)!, table.file)
    if (step.kind === 'number') {
      const missing = step.missing ?? Number.NaN
      for (let row = 0; row < table.rows; row++) {
        const value = column.values[row]!
        data[row * width + at] = Number.isNaN(value) ? missing : (value - step.mean) / step.scale
      }
      at++
      continue
    }
    const places = placesOf(step.words, column)
    for (let row = 0; row < table.rows; row++) {
      const place = places[column.values[row]!] ?? -1
      if (step.kind === 'frequency') data[row * width + at] = place < 0 ? 0 : step.shares[place]!
      else if (place >= 0) data[row * width + at + place] = 1
    }
    at += step.kind === 'one-of' ? step.words.length : 1
  }
  return { rows: table.rows, columns: width, data }
}

/** Of each word of a column, which of the known words it is. */
function placesOf(words: readonly string[], column: Column): number[] {
  if (column.kind !== 'category') return []
  const known = new Map(words.map((word, place) => [word, place]))
  return column.categories.map(word => known.get(word) ?? -1)
}

/** So many columns that are not there are named. */
const MOST_NAMED = 5

function checkThere(steps: readonly Step[], columns: ReadonlyMap<string, Column>, file: string): void {
  const gone = steps.filter(({ from }) => !columns.has(from)).map(({ from }) => `'${from}'`)
  if (gone.length === 0) return
  const more = gone.length > MOST_NAMED ? ` and ${gone.length - MOST_NAMED} more` : ''
  const what = `${gone.length === 1 ? 'a column' : 'columns'} ${gone.slice(0, MOST_NAMED).join(', ')}${more}`
  throw new LearnError('column_unknown', `${file}: expected ${what}, which the model was learned with`)
}

function columnFor(step: Step, column: Column, file: string): Column {
  const empty = column.kind === 'number' && column.values.every(value => Number.isNaN(value))
  const expected = step.kind === 'number' ? 'number' : 'category'
  if (column.kind === expected || empty) return expected === 'category' && empty ? noWords(column) : column
  const found = column.kind === 'category' ? 'words' : `${column.kind}s`
  const wanted = expected === 'number' ? 'numbers' : 'words'
  throw new LearnError('column_kind', `${file}: expected ${wanted} in column '${step.from}', found ${found}`)
}

const noWords = ({ name, values }: Column): Column => ({
  name,
  kind: 'category',
  values: new Int32Array(values.length).fill(-1),
  categories: [],
})
