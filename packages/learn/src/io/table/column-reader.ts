import type { ColumnReader, NumberColumn } from './column.ts'
import type { Guess } from './kinds.ts'
import { infinityOf, isMissing, numberOf } from './number.ts'
import type { CsvRecord } from './record.ts'
import { times } from './times.ts'

const FIRST_ROOM = 256
/** Different words in a column. More are no categories but texts. */
const MOST_CATEGORIES = 1_000_000

/** How cells are read. */
export interface CellOptions {
  /** The byte of the decimal mark. */
  readonly mark: number
  /** Whether numbers that have no place among 32-bit ones are kept, for somebody who judges them, and not refused. */
  readonly keepsAbsurd: boolean
  /** Whether days come before months where nothing else tells. */
  readonly prefersDay: boolean
  /** Whether times keep the text of their cells. */
  readonly keepsTexts: boolean
}

/** The reader of a column by what it is taken for. */
export function columnReader(name: string, guess: Guess, options: CellOptions): ColumnReader {
  switch (guess.kind) {
    case 'number':
      return numbers(name, options)
    case 'time':
      return times(name, guess.formats, options)
    case 'category':
      return categories(name)
    case 'open':
      return open(name, options)
    case 'skipped':
      return skipped(name)
  }
}

function numbers(name: string, { mark, keepsAbsurd }: CellOptions): ColumnReader {
  let values = new Float64Array(FIRST_ROOM)
  let count = 0
  return {
    take(record, cell) {
      if (count === values.length) values = grown(values, new Float64Array(2 * count))
      let value = numberOf(record.bytes, record.starts[cell]!, record.ends[cell]!, mark)
      if (keepsAbsurd && Number.isNaN(value)) value = infinityOf(record.text(cell))
      if (Number.isNaN(value) && !isMissing(record.text(cell))) {
        const decimal = mark === 0x2c ? ' with a decimal comma' : ''
        throw record.unexpected('csv_number', cell, `a number${decimal} in column '${name}'`)
      }
      if (!keepsAbsurd && Math.abs(Math.fround(value)) === Infinity)
        throw record.unexpected('csv_range', cell, `a number between -3.4e38 and 3.4e38 in column '${name}'`)
      // No sign where there is nothing, so that sums and digests do not differ by it.
      if (value === 0) value = 0
      values[count++] = value
    },
    end: () => ({ kind: 'number', name, values: values.slice(0, count) }),
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

/** Reads no cell. */
function skipped(name: string): ColumnReader {
  let count = 0
  return {
    take() {
      count++
    },
    end: () => ({ kind: 'category', name, values: new Int32Array(count).fill(-1), categories: [] }),
  }
}

/** Is what its first value is. */
function open(name: string, options: CellOptions): ColumnReader {
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
    const isNumber = !Number.isNaN(numberOf(record.bytes, record.starts[cell]!, record.ends[cell]!, options.mark))
    return isNumber ? numbers(name, options) : categories(name)
  }
}

function grown<A extends Float64Array | Int32Array>(from: A, to: A): A {
  to.set(from)
  return to
}
