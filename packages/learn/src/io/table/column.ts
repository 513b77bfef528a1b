import type { Guess } from './kinds.ts'
import { isMissing, numberOf } from './number.ts'
import type { CsvRecord } from './record.ts'
import type { TimeFormat } from './time.ts'

/** One column of a table. */
export type Column = NumberColumn | TimeColumn | CategoryColumn

/** Numbers; NaN where one is missing. */
export interface NumberColumn {
  readonly kind: 'number'
  readonly name: string
  readonly values: Float64Array
}

/** Milliseconds since 1970 (of times of day, since midnight); NaN where one is missing. */
export interface TimeColumn {
  readonly kind: 'time'
  readonly name: string
  /** How the file writes them. */
  readonly format: string
  readonly values: Float64Array
}

/** Words. */
export interface CategoryColumn {
  readonly kind: 'category'
  readonly name: string
  /** Which of `categories`; -1 where it is missing. */
  readonly values: Int32Array
  /** In the order in which they first come. */
  readonly categories: readonly string[]
}

const FIRST_ROOM = 1_024
/** Different words in a column. More are no categories but texts. */
const MOST_CATEGORIES = 1_000_000

/** Takes the cells of one column. */
export interface ColumnReader {
  /** Errors: `csv_number`, `csv_time`, `csv_encoding`, `csv_categories`. */
  take(record: CsvRecord, cell: number): void
  end(): Column
}

/** @param seen how many values the guess stands on, for messages */
export function columnReader(name: string, guess: Guess, mark: number): ColumnReader {
  switch (guess.kind) {
    case 'number':
      return numbers(name, mark)
    case 'time':
      return times(name, guess.format)
    case 'category':
      return categories(name)
    case 'open':
      return open(name, mark)
  }
}

function numbers(name: string, mark: number): ColumnReader {
  let values = new Float64Array(FIRST_ROOM)
  let count = 0
  return {
    take(record, cell) {
      if (count === values.length) values = grown(values, new Float64Array(2 * count))
      let value = numberOf(record.bytes, record.starts[cell]!, record.ends[cell]!, mark)
      if (Number.isNaN(value) && !isMissing(record.text(cell))) {
        const decimal = mark === 0x2c ? ' with a decimal comma' : ''
        throw record.unexpected('csv_number', cell, `a number${decimal} in column '${name}'`)
      }
      // No sign where there is nothing, so that sums and digests do not differ by it.
      if (value === 0) value = 0
      values[count++] = value
    },
    end: () => ({ kind: 'number', name, values: values.slice(0, count) }),
  }
}

function times(name: string, format: TimeFormat): ColumnReader {
  let values = new Float64Array(FIRST_ROOM)
  let count = 0
  return {
    take(record, cell) {
      if (count === values.length) values = grown(values, new Float64Array(2 * count))
      const text = record.text(cell)
      const value = format.parse(text)
      if (Number.isNaN(value) && !isMissing(text))
        throw record.unexpected('csv_time', cell, `a time as ${format.name} in column '${name}'`)
      values[count++] = value
    },
    end: () => ({ kind: 'time', name, format: format.name, values: values.slice(0, count) }),
  }
}

function categories(name: string): ColumnReader {
  const known = new Map<string, number>()
  let values = new Int32Array(FIRST_ROOM)
  let count = 0
  return {
    take(record, cell) {
      if (count === values.length) values = grown(values, new Int32Array(2 * count))
      const text = record.text(cell)
      let code = isMissing(text) ? -1 : known.get(text)
      if (code === undefined) {
        code = known.size
        if (code === MOST_CATEGORIES) {
          const what = `expected at most ${MOST_CATEGORIES} different words in column '${name}', found another`
          throw record.error('csv_categories', cell, `${what}: leave the column out`)
        }
        known.set(text, code)
      }
      values[count++] = code
    },
    end: () => ({ kind: 'category', name, values: values.slice(0, count), categories: [...known.keys()] }),
  }
}

/** Is what its first value is. */
function open(name: string, mark: number): ColumnReader {
  let missing = 0
  let reader: ColumnReader | null = null
  return {
    take(record, cell) {
      if (reader === null && isMissing(record.text(cell))) {
        missing++
        return
      }
      reader ??= startedWith(record, cell)
      reader.take(record, cell)
    },
    end() {
      const nothing: NumberColumn = { kind: 'number', name, values: new Float64Array() }
      const column = reader?.end() ?? nothing
      if (column.kind === 'category') {
        const values = new Int32Array(missing + column.values.length).fill(-1)
        values.set(column.values, missing)
        return { ...column, values }
      }
      const values = new Float64Array(missing + column.values.length).fill(Number.NaN)
      values.set(column.values, missing)
      return { ...column, values }
    },
  }
  function startedWith(record: CsvRecord, cell: number): ColumnReader {
    const isNumber = !Number.isNaN(numberOf(record.bytes, record.starts[cell]!, record.ends[cell]!, mark))
    return isNumber ? numbers(name, mark) : categories(name)
  }
}

function grown<A extends Float64Array | Int32Array>(from: A, to: A): A {
  to.set(from)
  return to
}
