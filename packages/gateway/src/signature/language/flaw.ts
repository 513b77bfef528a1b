/** Why a rule cannot be used. Thrown while one is read, and caught before its reader returns. */
export class RuleFlaw extends Error {
  /** `rule_syntax`, `rule_header`, `rule_variable`, `rule_keyword_unknown`, `rule_keyword_value`, `rule_pcre` or `rule_sid`. */
  readonly code: string
  readonly what: string
  readonly hint: string
  /** Offset into the rule's text. */
  readonly at: number

  constructor(code: string, what: string, hint: string, at: number) {
    super(what)
    this.code = code
    this.what = what
    this.hint = hint
    this.at = at
  }
}
