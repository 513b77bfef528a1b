import { type Matrix, rowOf } from '../../base/matrix.ts'
import type { Process } from './process.ts'

/**
 * Recorded rows as a process for the attacker: what a sensor said in them is the truth, and nothing answers to a lie (open loop). A column that did not speak at a row has its last value as truth.
 */
export class RecordedProcess implements Process {
  readonly #rows: Matrix
  #at: number
  #truth: Float64Array

  /** @param from the row that comes next */
  constructor(rows: Matrix, from = 0, truth: Float64Array = new Float64Array(rows.columns)) {
    this.#rows = rows
    this.#at = from
    this.#truth = truth
  }

  /** Rows that are left. */
  get left(): number {
    return this.#rows.rows - this.#at
  }

  advance(report: (row: Float64Array) => void): Float64Array {
    const row = Float64Array.from(rowOf(this.#rows, this.#at++))
    this.#truth = row.map((value, column) => (Number.isFinite(value) ? value : this.#truth[column]))
    report(row)
    return row
  }

  truth(column: number): number {
    return this.#truth[column]
  }

  copy(): RecordedProcess {
    return new RecordedProcess(this.#rows, this.#at, this.#truth)
  }
}
