import { LearnError } from '../base/error.ts'
import { type Matrix, rowOf } from '../base/matrix.ts'
import { picked } from '../base/rows.ts'
import type { Feasible } from './feasible.ts'
import type { Reach } from './rules.ts'
import { type Attacked, type Decider, marginsOf } from './target.ts'

/** Refuses what is no attack. Error: `attack_invalid`. */
export function checkAttack(rows: Matrix, labels: Int32Array, { epsilon, scale }: Reach, feasible: Feasible): void {
  const wrong = (what: string): LearnError => new LearnError('attack_invalid', what)
  if (labels.length !== rows.rows) throw wrong(`${labels.length} labels for ${rows.rows} rows`)
  if (feasible.columns !== rows.columns)
    throw wrong(`rules for ${feasible.columns} columns, and rows of ${rows.columns}`)
  if (!(epsilon >= 0 && epsilon < Number.POSITIVE_INFINITY)) throw wrong(`an epsilon of ${epsilon}`)
  if (scale !== undefined && scale.length !== rows.columns)
    throw wrong(`${scale.length} scales for ${rows.columns} columns`)
}

/** Of each row the one that was worst for the target so far. */
export class Worst {
  readonly #judge: Decider
  readonly #rows: Matrix
  readonly #labels: Int32Array
  readonly #targets: Int32Array | undefined
  readonly #margins: Float64Array
  /** Rows that the judge was asked about. */
  queries = 0

  constructor(judge: Decider, rows: Matrix, labels: Int32Array, targets?: Int32Array) {
    this.#judge = judge
    this.#rows = { ...rows, data: rows.data.slice() }
    this.#labels = labels
    this.#targets = targets
    this.#margins = this.#judged(this.#rows, Array.from(labels.keys()))
  }

  /** Rows that are still told rightly (or, with targets, not yet as wished). */
  get open(): number[] {
    return Array.from(this.#margins.keys()).filter(row => !(this.#margins[row] > 0))
  }

  /** Rows that are told wrongly. */
  get fallen(): number[] {
    return Array.from(this.#margins.keys()).filter(row => this.#margins[row] > 0)
  }

  get result(): Attacked {
    const right = marginsOf(this.#judge, this.#rows, this.#labels).filter(margin => margin < 0).length
    return { rows: this.#rows, accuracy: right / Math.max(1, this.#rows.rows), queries: this.queries }
  }

  /** All rows as they are now. */
  get rows(): Matrix {
    return this.#rows
  }

  /** For each of some rows the likeliest class that it is not of. */
  rivals(rows: readonly number[]): Int32Array {
    const { columns, data } = this.#judge.probabilities(picked(this.#rows, rows))
    this.queries += rows.length
    return Int32Array.from(rows, (row, i) => {
      let best = -1
      for (let k = 0; k < columns; k++) {
        if (k !== this.#labels[row] && (best < 0 || data[i * columns + k] > data[i * columns + best])) best = k
      }
      return best
    })
  }

  /** Takes of candidates, one for each of some rows, those that are better than what was there; with `level`, also those that are no worse: across a plateau a search must walk. */
  take(which: readonly number[], candidates: Matrix, least: 'better' | 'level' = 'better'): void {
    const margins = this.#judged(candidates, which)
    for (const [i, row] of which.entries()) {
      const [now, before] = [margins[i], this.#margins[row]]
      if (!(now > before || (least === 'level' && now === before))) continue
      this.#margins[row] = now
      rowOf(this.#rows, row).set(rowOf(candidates, i))
    }
  }

  #judged(candidates: Matrix, which: readonly number[]): Float64Array {
    this.queries += which.length
    if (this.#targets === undefined) return marginsOf(this.#judge, candidates, pick(this.#labels, which))
    return marginsOf(this.#judge, candidates, pick(this.#targets, which)).map(margin => -margin)
  }
}

export function pick(labels: Int32Array, which: readonly number[]): Int32Array {
  return Int32Array.from(which, row => labels[row])
}
