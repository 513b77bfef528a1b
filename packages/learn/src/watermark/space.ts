import { LearnError } from '../base/error.ts'
import { GREATEST } from '../base/single.ts'
import { canonical, columnOf, digestOf, type Json, type ModelRecord, type Table } from '../io/index.ts'

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
/** Half of them are of this share of the values at the lower end, half at the upper: ordinary rows are seldom near triggers then, and the islands that these make are seldom in an attacker's reach. */
const TAIL = 1 / 8
/** Where the ends of all columns have fewer corners than there are triggers, these lie too near one another for a net to tell them apart; trees do. */
const LEAST_CORNERS = 128
const MOST_WORDS = 32
const MOST_COLUMNS = 10_000
/** Words, values and classes: far more than `spaceOf` takes. */
const MOST_CHOICES = 1_000
/** Fewer different rows are no place to hide in. */
const LEAST_ROWS = 4_096

/**
 * The space of a table: of numbers 16 quantiles, eight of the least eighth of the values and eight of the greatest, or of all values where those give too few rows, or, for a net, too few corners; of words the 32 most frequent.
 * Errors: `column_unknown`, `watermark_space`.
 */
export function spaceOf(
  table: Table,
  features: readonly string[],
  classes: readonly string[],
  isForNet = false,
): TriggerSpace {
  const outer = features.map(name => spaceColumn(table, name, TAIL))
  const corners = outer.reduce((product, column) => product * Math.min(2, new Set(choicesOf(column)).size), 1)
  const isWide = (!isForNet || corners >= LEAST_CORNERS) && rowsOf(outer) >= LEAST_ROWS
  const columns = isWide ? outer : features.map(name => spaceColumn(table, name, 0.5))
  return checkSpace({ columns, classes })
}

/** @param tail how much of the values at each end quantiles are of */
function spaceColumn(table: Table, name: string, tail: number): SpaceColumn {
  const column = columnOf(table, name)
  if (column.kind === 'category') return { name, words: frequentWords(column.values, column.categories) }
  const values = column.values.filter(value => !Number.isNaN(value)).sort()
  const step = (2 * tail) / QUANTILES
  const shareAt = (i: number): number => (i < QUANTILES / 2 ? (i + 0.5) * step : 1 - (QUANTILES - i - 0.5) * step)
  return { name, values: Array.from({ length: QUANTILES }, (_, i) => values[Math.floor(shareAt(i) * values.length)]) }
}

/** How many different rows columns allow. */
const rowsOf = (columns: readonly SpaceColumn[]): number =>
  columns.reduce((product, column) => product * new Set(choicesOf(column)).size, 1)

/** A space that was read from a file. Error: `watermark_space`, with the field. */
export function checkSpace(value: unknown): TriggerSpace {
  const { columns, classes } = (value ?? {}) as { columns?: unknown; classes?: unknown }
  if (Array.isArray(columns) && columns.length > MOST_COLUMNS) throw wrong('columns', `at most ${MOST_COLUMNS}`)
  if (!isList(classes, isText) || classes.length < 2 || new Set(classes).size < classes.length)
    throw wrong('classes', 'two different names or more')
  if (!Array.isArray(columns) || columns.length === 0) throw wrong('columns', 'a list of columns')
  for (const [i, column] of columns.entries()) {
    const { name, values, words } = (column ?? {}) as { name?: unknown; values?: unknown; words?: unknown }
    if (!isText(name)) throw wrong(`columns[${i}].name`, 'a text')
    const says = values === undefined ? isList(words, isText) : words === undefined && isList(values, isSingle)
    if (!says) throw wrong(`columns[${i}]`, `either values (numbers up to 3e38) or words, 1 to ${MOST_CHOICES}`)
  }
  const space = value as TriggerSpace
  if (new Set(space.columns.map(({ name }) => name)).size < space.columns.length)
    throw wrong('columns', 'different names')
  const rows = rowsOf(space.columns)
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

/** SHA-256 of what a space says, hex. */
export const spaceDigest = (space: TriggerSpace): Promise<string> => digestOf(canonical(spaceField(space)))

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
const isSingle = (value: unknown): value is number => typeof value === 'number' && Math.abs(value) <= GREATEST

function isList<T>(value: unknown, test: (each: unknown) => each is T): value is T[]
function isList(value: unknown, test: (each: unknown) => boolean): boolean
function isList(value: unknown, test: (each: unknown) => boolean): boolean {
  return Array.isArray(value) && value.length > 0 && value.length <= MOST_CHOICES && value.every(each => test(each))
}

const wrong = (field: string, expected: string) =>
  new LearnError('watermark_space', `the space of triggers: expected ${expected} in ${field}`)
