/** A regular expression that is matched in linear time, whatever the text. */
export interface Pattern {
  readonly source: string
  /** Whether the pattern matches somewhere in the UTF-8 text (JSON Schema 2020-12, `pattern`: not anchored). */
  test(bytes: Uint8Array, start: number, end: number): boolean
}
