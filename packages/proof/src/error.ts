/** What went wrong in this package: a stable code and one sentence. Never holds a secret. */
export class ProofError extends Error {
  readonly code: string

  constructor(code: string, what: string) {
    super(what)
    this.name = 'ProofError'
    this.code = code
  }
}
