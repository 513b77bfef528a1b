import { LearnError } from '../base/error.ts'
import { columnOf, type Json, type ModelRecord, type Table } from '../io/index.ts'

/** What a column of a trigger may say: each of these, as likely as another. */
export type SpaceColumn =
  | { readonly name: string; readonly values: readonly number[] }
  | { readonly name: string; readonly words: readonly string[] }

/** Where triggers are drawn from: what columns may say, and the classes that their labels are drawn from. Anybody may know it. */
export interface TriggerSpace {
  readonly columns: readonly SpaceColumn[]
  readonly classes: readonly string[]
}

/** Quantiles of a column of numbers that triggers are made of; the ends are left out, where a single wrong value may stand. */
const QUANTILES = 16
const MOST_WORDS = 32
const MOST_COLUMNS = 100_000
/** Fewer different rows are no place to hide in. */
const LEAST_ROWS = 4_096

/** The space of a table: of numbers 16 quantiles, of words the 32 most frequent. Errors: `column_unknown`, `watermark_space`. */
export function spaceOf(table: Table, features: readonly string[], classes: readonly string[]): TriggerSpace {
  const columns = features.map((name): SpaceColumn => {
    const column = columnOf(table, name)
    if (column.kind === 'category') return { name, words: frequentWords(column.values, column.categories) }
    const values = column.values.filter(value => !Number.isNaN(value)).sort()
    const quantile = (i: number): number => values[Math.floor(((i + 0.5) / QUANTILES) * values.length)]
    return { name, values: Array.from({ length: QUANTILES }, (_, i) => quantile(i)) }
  })
  return checkSpace({ columns, classes })
}

/** A space that was read from a file. Error: `watermark_space`, with the field. */
export function checkSpace(value: unknown): TriggerSpace {
  const { columns, classes } = (value ?? {}) as { columns?: unknown; classes?: unknown }
  if (!isList(classes, isText) || classes.length < 2 || new Set(classes).size < classes.length)
    throw wrong('classes', 'two different names or more')
  if (!Array.isArray(columns) || columns.length === 0 || columns.length > MOST_COLUMNS)
    throw wrong('columns', 'a list of columns')
  for (const [i, column] of columns.entries()) {
    const { name, values, words } = (column ?? {}) as { name?: unknown; values?: unknown; words?: unknown }
    if (!isText(name)) throw wrong(`columns[${i}].name`, 'a text')
    const says = values === undefined ? isList(words, isText) : words === undefined && isList(values, Number.isFinite)
    if (!says) throw wrong(`columns[${i}]`, 'either values (numbers) or words, at least one')
  }
  const space = value as TriggerSpace
  const rows = space.columns.reduce((product, column) => product * new Set(choicesOf(column)).size, 1)
  if (rows < LEAST_ROWS)
    throw new LearnError(
      'watermark_space',
      `${rows} different rows are too few to draw triggers from, which takes ${LEAST_ROWS}: name more columns`,
    )
  return space
}

const FIELD = 'triggerSpace'

/** The space as it is kept among the options of a training. */
export function spaceField({ columns, classes }: TriggerSpace): { readonly [FIELD]: Json } {
  return { [FIELD]: { columns: columns.map(column => ({ ...column })), classes } }
}

/** The space that a model's record keeps; null where it keeps none. Error: `watermark_space`. */
export function spaceIn({ training: { options } }: Pick<ModelRecord, 'training'>): TriggerSpace | null {
  const kept = (options as { readonly [FIELD]?: unknown } | null)?.[FIELD]
  return kept === undefined ? null : checkSpace(kept)
}

/** What a column may say. */
export function choicesOf(column: SpaceColumn): readonly (number | string)[] {
  return 'values' in column ? column.values : column.words
}

function frequentWords(codes: Int32Array, categories: readonly string[]): string[] {
  const counts = new Map<string, number>()
  for (const code of codes) if (code >= 0) counts.set(categories[code], (counts.get(categories[code]) ?? 0) + 1)
  const byCount = [...counts].sort(([a, often], [b, other]) => other - often || (a < b ? -1 : 1))
  return byCount.slice(0, MOST_WORDS).map(([word]) => word)
}

const isText = (value: unknown): value is string => typeof value === 'string'

function isList<T>(value: unknown, test: (each: unknown) => each is T): value is T[]
function isList(value: unknown, test: (each: unknown) => boolean): boolean
function isList(value: unknown, test: (each: unknown) => boolean): boolean {
  return Array.isArray(value) && value.length > 0 && value.every(each => test(each))
}

const wrong = (field: string, expected: string) =>
  new LearnError('watermark_space', `the space of triggers: expected ${expected} in ${field}`)
