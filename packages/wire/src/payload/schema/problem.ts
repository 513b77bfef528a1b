/** Why a schema cannot be used. */
export interface SchemaProblem {
  /**
   * `schema_keyword` (unknown or unsupported), `schema_value` (not what the keyword takes), `schema_alone` (without the
   * keyword that gives it an effect), `schema_reference`, `schema_loop`, `schema_dialect`, `schema_depth`, or a
   * pattern's code: `pattern_syntax`, `pattern_unsupported`, `pattern_size`.
   */
  readonly code: string
  /** JSON pointer (RFC 6901) to the keyword, or to the schema where it is about the whole of it. */
  readonly pointer: string
  readonly why: string
  /** What to do. */
  readonly hint: string
}
