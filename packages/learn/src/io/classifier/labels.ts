import { LearnError } from '../../base/error.ts'
import { type Column, cellText, columnOf, type Table } from '../table/index.ts'

/** The classes of rows. */
export interface Labels {
  /** What classes are called: numbers by size, words by letters. */
  readonly names: readonly string[]
  /** For each row, which of them. */
  readonly codes: Int32Array
}

/** More different words are no classes. A model may tell more apart. */
const MOST_LABELS = 200

/** The class that a row says, without the blanks around it that quotes have kept; empty where it says none. */
export const classText = (column: Column, row: number): string => cellText(column, row).trim()

/** The classes that a column says. Errors: `column_unknown`, `label_kind`, `label_missing`, `class_single`, `label_many`. */
export function labelsOf(table: Table, name: string): Labels {
  const column = columnOf(table, name)
  const where = `${table.file}: column '${name}'`
  if (column.kind === 'time') throw new LearnError('label_kind', `${where}: expected classes, found times`)
  const texts = Array.from({ length: table.rows }, (_, row) => classText(column, row))
  const missing = texts.indexOf('')
  if (missing >= 0)
    throw new LearnError('label_missing', `${where}: expected a class in each row, found none in row ${missing}`)
  const names = [...new Set(texts)]
  if (names.length < 2)
    throw new LearnError('class_single', `${where}: expected two classes or more, found '${names[0]}'`)
  if (names.length > MOST_LABELS)
    throw new LearnError('label_many', `${where}: expected at most ${MOST_LABELS} classes, found ${names.length}`)
  if (column.kind === 'number') names.sort((a, b) => Number(a) - Number(b))
  else names.sort()
  const places = new Map(names.map((each, place) => [each, place]))
  return { names, codes: Int32Array.from(texts, text => places.get(text)!) }
}

/** How many rows each class has. */
export function countsOf({ names, codes }: Labels): number[] {
  const counts = new Array<number>(names.length).fill(0)
  for (const code of codes) counts[code]!++
  return counts
}
