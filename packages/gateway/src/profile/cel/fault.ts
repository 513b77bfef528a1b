import { RingwallError } from '../../base/error.ts'

/**
 * What can be wrong with an expression: `cel_syntax` (cannot be read), `cel_type` (an operator or a function does not fit its
 * operands), `cel_unknown` (no such variable, function or state), `cel_cost` (longer, deeper or dearer than `CEL_LIMITS`).
 */
export type CelCode = 'cel_syntax' | 'cel_type' | 'cel_unknown' | 'cel_cost'

/** An expression that is refused, with the column (from 1) in `place`. */
export class CelError extends RingwallError {
  readonly celCode: CelCode

  constructor(code: CelCode, what: string, hint: string, column: number) {
    super(code, what, hint, { column })
    this.name = 'CelError'
    this.celCode = code
  }
}
