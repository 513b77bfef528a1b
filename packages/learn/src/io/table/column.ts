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
