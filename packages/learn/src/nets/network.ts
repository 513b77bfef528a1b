import type { Carried } from './ops/recurrent.ts'
import type { ParameterPlan } from './parameters.ts'
import type { Tape, Value } from './tape.ts'

/** How samples lie in rows: `steps` rows of `columns` numbers each. */
export interface Layout {
  readonly steps: number
  readonly columns: number
  /** Step t of sample i is row t * batch + i, else i * steps + t. */
  readonly timeFirst: boolean
}

/** What a net gives. */
export interface Recorded {
  readonly y: Value
  /** What recurrent layers carry on, if any do. */
  readonly carried: readonly Carried[]
}

/** A net: its parameters, and how it is recorded for a batch. */
export interface Network {
  readonly plan: ParameterPlan
  readonly input: Layout
  readonly output: Layout
  record(tape: Tape, x: Value, batch: number): Recorded
}

/** How far apart a sample's rows are, for kernels. */
export function strides({ steps, timeFirst }: Layout, batch: number): { sampleRows: number; stepRows: number } {
  return timeFirst ? { sampleRows: 1, stepRows: batch } : { sampleRows: steps, stepRows: 1 }
}
