import { type Dialect, type HeadRow, numberIn } from './dialect.ts'
import { isMissing } from './number.ts'
import { epochFormat, TIME_FORMATS, type TimeFormat } from './time.ts'

/** What a column is taken for by its first values; `open` where there are none yet. */
export type Guess =
  | { readonly kind: 'number' }
  | { readonly kind: 'category' }
  | { readonly kind: 'open' }
  | { readonly kind: 'time'; readonly format: TimeFormat }

/** A column is of numbers although some of its cells are none: those are errors, and no categories. */
const NUMBERS_SHARE = 0.75
/** Of times, the same. */
const TIMES_SHARE = 0.75
const TIME_NAME = /^(?:ts|t|time|date|datetime|date_?time|time_?stamp|epoch|zeit|datum|zeitstempel)(?:[_ (].*)?$/i

/**
 * What the columns of a table hold, by its first rows.
 * @param time the name of a column of epochs
 * @param kinds of columns that are known
 */
export function guessKinds(
  names: readonly string[],
  rows: readonly HeadRow[],
  { decimal }: Pick<Dialect, 'decimal'>,
  time: string | null,
  kinds: Readonly<Record<string, 'number' | 'category'>> = {},
): Guess[] {
  return names.map((name, column) => {
    const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined
    if (kind !== undefined) return { kind }
    const texts = rows.map(({ texts }) => texts[column] ?? '').filter(text => !isMissing(text))
    if (texts.length === 0) return { kind: 'open' }
    const format = timeFormat(texts)
    if (format !== null) return { kind: 'time', format }
    const values = texts.map(text => numberIn(text, decimal)).filter(value => !Number.isNaN(value))
    if (values.length < NUMBERS_SHARE * texts.length) return { kind: 'category' }
    const epoch = epochOf(values, texts.length)
    const isTime = time === null ? TIME_NAME.test(name) || (column === 0 && rows.length > 2) : name === time
    return isTime && epoch !== null ? { kind: 'time', format: epoch } : { kind: 'number' }
  })
}

/** The format that most values are written in; of two, the one in which they come one after the other. */
function timeFormat(texts: readonly string[]): TimeFormat | null {
  let best: TimeFormat | null = null
  let most = [TIMES_SHARE * texts.length - 0.5, 0]
  for (const format of TIME_FORMATS) {
    const times = texts.map(text => format.parse(text)).filter(time => !Number.isNaN(time))
    if (times.length === 0) continue
    const rising = times.filter((value, i) => i > 0 && value >= times[i - 1]!).length
    if (times.length > most[0]! || (times.length === most[0] && rising > most[1]!)) {
      best = format
      most = [times.length, rising]
    }
  }
  return best
}

/** Whole numbers that never fall, all in one unit since 1970. */
function epochOf(values: readonly number[], count: number): TimeFormat | null {
  const format = epochFormat(values[0]!)
  if (format === null || values.length < count) return null
  const fits = values.every(
    (value, i) => (i === 0 || value >= values[i - 1]!) && epochFormat(value)?.name === format.name,
  )
  return fits ? format : null
}
