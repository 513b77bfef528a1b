import { type Dialect, type HeadRow, numberIn } from './dialect.ts'
import { isMissing } from './number.ts'
import { type DateOrder, epochFormat, isSlashed, type TimeFormat, timeFormats } from './time.ts'

/** What a column is taken for by its first values; `open` where there are none yet. */
export type Guess =
  | { readonly kind: 'number' }
  | { readonly kind: 'category' }
  | { readonly kind: 'open' }
  /** The formats that fit all of them: two where days and months may be exchanged. */
  | { readonly kind: 'time'; readonly formats: readonly TimeFormat[] }
  /** Nobody wants to know. */
  | { readonly kind: 'skipped' }

/** A column is of numbers although some of its cells are none: those are errors, and no categories. */
const NUMBERS_SHARE = 0.75
/** Of times, the same. */
const TIMES_SHARE = 0.75
const TIME_NAME = /^(?:ts|t|time|date|datetime|date_?time|time_?stamp|epoch|zeit|datum|zeitstempel)(?:[_ (].*)?$/i

/**
 * What the columns of a table hold, by its first rows.
 * @param time the name of a column of epochs
 * @param kinds of columns that are known
 * @param dates the order of days, months and years, where it is said
 */
export function guessKinds(
  names: readonly string[],
  rows: readonly HeadRow[],
  { decimal }: Pick<Dialect, 'decimal'>,
  time: string | null,
  kinds: Readonly<Record<string, 'number' | 'category'>> = {},
  dates?: DateOrder,
): Guess[] {
  return names.map((name, column) => {
    const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined
    if (kind !== undefined) return { kind }
    const texts = rows.map(({ texts }) => texts[column] ?? '').filter(text => !isMissing(text))
    if (texts.length === 0) return { kind: 'open' }
    const formats = fittingFormats(texts, dates)
    if (formats.length > 0) return { kind: 'time', formats }
    const values = texts.map(text => numberIn(text, decimal)).filter(value => !Number.isNaN(value))
    if (values.length < NUMBERS_SHARE * texts.length) return { kind: 'category' }
    const epoch = epochOf(values, texts.length)
    const isTime = time === null ? TIME_NAME.test(name) || (column === 0 && rows.length > 2) : name === time
    return isTime && epoch !== null ? { kind: 'time', formats: [epoch] } : { kind: 'number' }
  })
}

/** The format that most values are written in, with its twin where that fits as many. */
function fittingFormats(texts: readonly string[], dates: DateOrder | undefined): TimeFormat[] {
  let best: TimeFormat[] = []
  let most = TIMES_SHARE * texts.length - 0.5
  for (const format of timeFormats(dates)) {
    const count = texts.filter(text => !Number.isNaN(format.parse(text))).length
    if (count === 0) continue
    if (count > most) {
      best = [format]
      most = count
    } else if (count === most && best.some(isSlashed) && isSlashed(format)) best.push(format)
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
