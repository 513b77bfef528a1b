import type { CsvRecord } from './record.ts'

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
  /** Whether days and months may be exchanged: all values fit the other order, and rise as evenly in it. */
  readonly isOpen?: true
  /** The cells as they stand in the file, where `keepsTexts` was said. */
  readonly texts?: readonly string[]
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

/** Takes the cells of one column. */
export interface ColumnReader {
  /** Errors: `csv_number`, `csv_range`, `csv_time`, `csv_encoding`, `csv_categories`. */
  take(record: CsvRecord, cell: number): void
  end(): Column
}
