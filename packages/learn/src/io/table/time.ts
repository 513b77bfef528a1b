/** A way to write an instant. */
export interface TimeFormat {
  /** As a person would write it down. */
  readonly name: string
  /** Milliseconds since 1970 (of a time of day, since midnight), NaN where the text is no such time. What names no zone is UTC. */
  parse(text: string): number
}

/** The order in which a date's numbers stand. */
export type DateOrder = 'dmy' | 'mdy' | 'ymd'

const CLOCK = String.raw`(\d{1,2})(?::(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?\s*([AaPp][Mm])?\s*(Z|[+-]\d{2}:?\d{2})?`
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const DAY = 86_400_000

type Order = readonly ['year' | 'month' | 'day', 'year' | 'month' | 'day', 'year' | 'month' | 'day']

function dated(name: string, date: string, order: Order): TimeFormat {
  const pattern = new RegExp(`^${date}(?:(?:[T,]|\\s)\\s*${CLOCK})?$`)
  return {
    name,
    parse(text) {
      const found = pattern.exec(text)
      if (found === null) return Number.NaN
      const part = (which: string): number => numeral(found[order.indexOf(which as Order[0]) + 1]!)
      const day = dayOf(part('year'), part('month'), part('day'))
      return found[4] === undefined ? day : day + clockOf(found, 4)
    },
  }
}

/** The formats that are recognized, in the order in which they are tried. */
export const TIME_FORMATS: readonly TimeFormat[] = [
  dated('ISO 8601 (yyyy-mm-dd hh:mm:ss)', String.raw`(\d{4})[-/](\d{1,2})[-/](\d{1,2})`, ['year', 'month', 'day']),
  dated('dd.mm.yyyy hh:mm:ss', String.raw`(\d{1,2})\.(\d{1,2})\.(\d{4}|\d{2})`, ['day', 'month', 'year']),
  dated('mm/dd/yyyy hh:mm:ss', String.raw`(\d{1,2})/(\d{1,2})/(\d{4}|\d{2})`, ['month', 'day', 'year']),
  dated('dd/mm/yyyy hh:mm:ss', String.raw`(\d{1,2})/(\d{1,2})/(\d{4}|\d{2})`, ['day', 'month', 'year']),
  dated('dd-Mon-yyyy hh:mm:ss', String.raw`(\d{1,2})[- ]([A-Za-z]{3})[- ](\d{4}|\d{2})`, ['day', 'month', 'year']),
  {
    name: 'a time of day (hh:mm:ss)',
    parse(text) {
      const found = CLOCK_ALONE.exec(text)
      return found === null || found[2] === undefined ? Number.NaN : clockOf(found, 1)
    },
  },
]

const SLASHED = ['mm/dd/yyyy hh:mm:ss', 'dd/mm/yyyy hh:mm:ss']

/** Whether days up to 12 leave it open whether this format or its twin is meant. */
export const isSlashed = ({ name }: TimeFormat): boolean => SLASHED.includes(name)

const SIGN = '[-/.]'
const [DIGITS, YEAR] = [String.raw`(\d{1,2})`, String.raw`(\d{4}|\d{2})`]

/** Dates of numbers in the order that was said, whatever sign stands between them. */
const ORDERED: Readonly<Record<DateOrder, TimeFormat>> = {
  dmy: dated('dd/mm/yyyy hh:mm:ss', DIGITS + SIGN + DIGITS + SIGN + YEAR, ['day', 'month', 'year']),
  mdy: dated('mm/dd/yyyy hh:mm:ss', DIGITS + SIGN + DIGITS + SIGN + YEAR, ['month', 'day', 'year']),
  ymd: dated('yyyy/mm/dd hh:mm:ss', YEAR + SIGN + DIGITS + SIGN + DIGITS, ['year', 'month', 'day']),
}
const UNMISTAKABLE = TIME_FORMATS.filter(({ name }) => !/^(?:dd|mm)[./]/.test(name))

/** The formats that are tried: where the order of dates is said, that one and those that cannot be mistaken. */
export function timeFormats(order?: DateOrder): readonly TimeFormat[] {
  return order === undefined ? TIME_FORMATS : [ORDERED[order], ...UNMISTAKABLE]
}
const CLOCK_ALONE = new RegExp(`^${CLOCK}$`)

const [EARLIEST, LATEST] = [Date.UTC(1990, 0), Date.UTC(2100, 0)]
const UNITS = [
  ['s', 1_000],
  ['ms', 1],
  ['us', 1e-3],
  ['ns', 1e-6],
] as const

/** Seconds, milli-, micro- or nanoseconds since 1970, by which of them a number falls between 1990 and 2100; null where none does. */
export function epochFormat(value: number): TimeFormat | null {
  const unit = UNITS.find(([, factor]) => value * factor > EARLIEST && value * factor < LATEST)
  if (unit === undefined) return null
  const [name, factor] = unit
  return {
    name: `${name} since 1970`,
    parse: text => (/^\d+(?:\.\d+)?$/.test(text) ? Number(text) * factor : Number.NaN),
  }
}

function numeral(text: string): number {
  const month = MONTHS.indexOf(text.toLowerCase())
  return month >= 0 ? month + 1 : Number(text)
}

function dayOf(year: number, month: number, day: number): number {
  // Two digits: this century up to 69, as POSIX has it.
  const full = year > 99 ? year : year + (year < 70 ? 2_000 : 1_900)
  const time = Date.UTC(full, month - 1, day)
  return month >= 1 && month <= 12 && new Date(time).getUTCDate() === day ? time : Number.NaN
}

/** What of a day has passed, from the match of `CLOCK` that begins at a group. */
function clockOf(found: RegExpExecArray, first: number): number {
  const [hours = '', minutes = '0', seconds = '0', fraction = '', half, zone] = found.slice(first)
  let hour = Number(hours)
  if (half !== undefined) {
    if (hour < 1 || hour > 12) return Number.NaN
    hour = (hour % 12) + (half.toLowerCase() === 'pm' ? 12 : 0)
  }
  const time = ((hour * 60 + Number(minutes)) * 60 + Number(seconds)) * 1_000 + Number(`0.${fraction}0`) * 1_000
  // A leap second is the next minute's first.
  if (time > DAY || Number(minutes) > 59 || Number(seconds) > 60) return Number.NaN
  return time - offsetOf(zone)
}

function offsetOf(zone: string | undefined): number {
  if (zone === undefined || zone === 'Z') return 0
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2))
  return (zone.startsWith('-') ? -minutes : minutes) * 60_000
}
