import type { ColumnReader, TimeColumn } from './column.ts'
import { isMissing } from './number.ts'
import type { TimeFormat } from './time.ts'

const FIRST_ROOM = 256

/** A format that all values so far are written in, and what they are by it. */
interface Reading {
  readonly format: TimeFormat
  values: Float64Array<ArrayBuffer>
}

/** How times are read. */
export interface TimeOptions {
  /** Whether days come first where nothing else tells. */
  readonly prefersDay: boolean
  /** Whether the text of each cell is kept. */
  readonly keepsTexts: boolean
}

/**
 * Reads times that may be written in one of several formats. A value that is none in a format rules that one out; of those that are left at the end it is the one in which times go on most evenly.
 * Of equals the preferred one, and the column says that it is open.
 */
export function times(name: string, formats: readonly TimeFormat[], options: TimeOptions): ColumnReader {
  const { prefersDay, keepsTexts } = options
  const texts: string[] = []
  let readings = formats.map((format): Reading => ({ format, values: new Float64Array(FIRST_ROOM) }))
  let count = 0
  return {
    take(record, cell) {
      const text = record.text(cell)
      const parsed = readings.map(({ format }) => format.parse(text))
      if (parsed.every(value => Number.isNaN(value)) && !isMissing(text)) {
        const one = readings.map(({ format }) => format.name).join(' or ')
        const before = formats.length > readings.length ? ', as rows before are' : ''
        throw record.unexpected('csv_time', cell, `a time as ${one} in column '${name}'${before}`)
      }
      if (!isMissing(text) && parsed.some(value => Number.isNaN(value)))
        readings = readings.filter((_, i) => !Number.isNaN(parsed[i]!))
      const left = parsed.length > readings.length ? parsed.filter(value => !Number.isNaN(value)) : parsed
      for (const [i, reading] of readings.entries()) {
        if (count === reading.values.length) reading.values = grown(reading.values)
        reading.values[count] = left[i]!
      }
      count++
      if (keepsTexts) texts.push(text)
    },
    end(): TimeColumn {
      const whole = readings.map(({ format, values }) => ({ format, values: values.slice(0, count) }))
      const fits = whole.map(({ values }) => (whole.length > 1 ? evenness(values) : 0))
      const best = whole.filter((_, i) => fits[i] === Math.max(...fits))
      const chosen = (prefersDay ? best.at(-1) : best[0])!
      const told = { kind: 'time', name, format: chosen.format.name, values: chosen.values } as const
      const column = keepsTexts ? { ...told, texts } : told
      return best.length > 1 && best.some(({ values }) => differs(values, chosen.values))
        ? { ...column, isOpen: true }
        : column
    },
  }
}

function grown(from: Float64Array): Float64Array<ArrayBuffer> {
  const to = new Float64Array(2 * from.length)
  to.set(from)
  return to
}

const differs = (one: Float64Array, other: Float64Array): boolean =>
  one.some((value, i) => value !== other[i] && !Number.isNaN(value))

/** How many steps from one time to the next are as the most frequent one, and of those that are not, how few fall. */
function evenness(values: Float64Array): number {
  const steps = new Map<number, number>()
  let [falls, before] = [0, Number.NaN]
  for (const value of values) {
    if (Number.isNaN(value)) continue
    const step = value - before
    before = value
    if (Number.isNaN(step)) continue
    steps.set(step, (steps.get(step) ?? 0) + 1)
    falls += Number(step < 0)
  }
  let most = 0
  for (const count of steps.values()) most = Math.max(most, count)
  return most - falls
}
