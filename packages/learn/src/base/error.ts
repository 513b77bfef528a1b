/** What was given cannot be learned from, or is no model. `code` is stable; the message says where, and what was expected. */
export class LearnError extends Error {
  readonly code: string

  constructor(code: string, what: string) {
    super(what)
    this.name = 'LearnError'
    this.code = code
  }
}
