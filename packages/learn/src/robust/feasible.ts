import { LearnError } from '../base/error.ts'

/** What can be done to a column by somebody who is not the machine. Nothing said: anything. */
export interface ColumnRule {
  /** It stays as it is. */
  readonly fixed?: boolean
  readonly least?: number
  readonly most?: number
  /** It moves by whole multiples of this, in its own unit. */
  readonly step?: number
  /** How values here are told in the column's own unit, where a model takes them otherwise: a count's logarithm, say. Both must rise. */
  readonly own?: {
    /** A value in the column's own unit. */
    readonly from: (value: number) => number
    readonly to: (own: number) => number
  }
  /** It only grows: a counter, a size to which bytes can be added and not taken. */
  readonly only?: 'up' | 'down'
}

/** A linear law of the machine over a row: a sum of weighted columns stays what it is (a balance), or is at most `most`. */
export interface LinearRule {
  /** One a column. */
  readonly weights: readonly number[]
  readonly most?: number
}

/** How far an attack may go: by column (L-infinity), or in all, in units of each column's scale (L2). */
export interface Reach {
  readonly norm: 'linf' | 'l2'
  /** The size of the ball. */
  readonly epsilon: number
  /** What one unit of each column is measured by: its standard deviation, say; 1 where nothing is said. */
  readonly scale?: ArrayLike<number>
}

export interface FeasibleOptions {
  readonly columns: number
  /** Column by column; fewer than columns: nothing is said of the rest. */
  readonly rules?: readonly (ColumnRule | undefined)[]
  /** Laws that rows keep. A row that breaks one by itself is held to no more than it kept. */
  readonly laws?: readonly LinearRule[]
}

/** Rounds of projection onto laws, ball and ranges by turns before a row is drawn back to where it came from. */
const TURNS = 30
const CLOSE = 1e-6
/** Of the largest part of a law's sum: what single precision leaves open. */
const LAW_SLACK = 1e-4
/** Halvings on the way back. */
const HALVINGS = 12

/**
 * What an attacker can do to a row: fixed columns, ranges, steps, one way only, and laws. Whatever an attack tries is brought back to it by `project`, so that no attack is reported that nobody could
 * carry out. The attacked row itself always is feasible: an attacker may do nothing.
 */
export class Feasible {
  readonly columns: number
  readonly #rules: readonly ColumnRule[]
  readonly #laws: readonly LinearRule[]
  /** Columns that move by steps. */
  readonly #stepped: readonly number[]

  /** Error: `feasible_invalid`. */
  constructor({ columns, rules = [], laws = [] }: FeasibleOptions) {
    if (!Number.isInteger(columns) || columns < 1 || rules.length > columns)
      throw new LearnError('feasible_invalid', `${rules.length} rules for ${columns} columns`)
    for (const [column, { least = -Infinity, most = Infinity, step = 1 } = {}] of rules.entries()) {
      if (!(least <= most) || !(step > 0 && step < Infinity))
        throw new LearnError('feasible_invalid', `column ${column}: from ${least} to ${most} by steps of ${step}`)
    }
    for (const [i, { weights, most = 0 }] of laws.entries()) {
      if (weights.length !== columns || !weights.every(Number.isFinite) || !Number.isFinite(most))
        throw new LearnError('feasible_invalid', `law ${i} is no law over ${columns} columns`)
    }
    this.columns = columns
    this.#rules = Array.from({ length: columns }, (_, column) => rules[column] ?? {})
    this.#laws = laws
    this.#stepped = this.free.filter(column => this.#rules[column].step !== undefined)
  }

  /** The columns that can be moved at all. */
  get free(): number[] {
    return Array.from(this.#rules.keys()).filter(column => this.#rules[column].fixed !== true)
  }

  /** Whether a column can be moved, and between which ends. */
  ends(column: number): { readonly fixed: boolean; readonly least: number; readonly most: number } {
    const { fixed = false, least = Number.NEGATIVE_INFINITY, most = Number.POSITIVE_INFINITY } = this.#rules[column]
    return { fixed, least, most }
  }

  /** What of a column's values an attacker may reach from one: both ends may be it. */
  range(column: number, from: number, { epsilon, scale }: Reach): readonly [least: number, most: number] {
    const { fixed = false, least = -Infinity, most = Infinity, only } = this.#rules[column]
    if (fixed) return [from, from]
    // In an L2 ball, too, no column reaches farther.
    const far = epsilon * (scale?.[column] ?? 1)
    const low = only === 'up' ? from : Math.max(from - far, Math.min(least, from))
    const high = only === 'down' ? from : Math.min(from + far, Math.max(most, from))
    return [low, high]
  }

  /** Brings a row, in place, into reach and between its ends, without regard to steps and laws: what is on its way need not be one that somebody could send. */
  hold(row: Float32Array | Float64Array, from: ArrayLike<number>, reach: Reach): void {
    if (reach.norm === 'l2') this.#intoBall(row, from, reach)
    for (let c = 0; c < this.columns; c++) {
      // Most columns are, often, and this is asked most often of all.
      if (this.#rules[c].fixed === true) {
        row[c] = from[c]
        continue
      }
      const [low, high] = this.range(c, from[c], reach)
      row[c] = Number.isNaN(row[c]) ? from[c] : Math.min(high, Math.max(low, row[c]))
    }
  }

  /** Brings a row, in place, to one near it (by turns, not to the last digit) that can be made of `from` within reach. */
  project(row: Float32Array | Float64Array, from: ArrayLike<number>, reach: Reach): void {
    this.#settle(row, from, reach)
    if (this.#laws.length === 0) return
    for (let turn = 0; turn < TURNS && !this.#keepsLaws(row, from); turn++) {
      for (const law of this.#laws) this.#towards(law, row, from)
      this.#settle(row, from, reach)
    }
    // Steps and laws may not meet. On the straight way back there is a row that is feasible: `from`, at the latest.
    let share = 1
    const tried = row.slice()
    for (let i = 0; i < HALVINGS && !this.#keepsLaws(row, from); i++) {
      share /= 2
      for (let c = 0; c < this.columns; c++) row[c] = from[c] + share * (tried[c] - from[c])
      this.#settle(row, from, reach)
    }
    if (!this.#keepsLaws(row, from)) row.set(from)
  }

  /** Whether a row can be made of `from` within reach; for tests and reports. */
  allows(row: ArrayLike<number>, from: ArrayLike<number>, reach: Reach): boolean {
    let square = 0
    for (let c = 0; c < this.columns; c++) {
      const [low, high] = this.range(c, from[c], reach)
      const slack = CLOSE * Math.max(1, Math.abs(from[c]), reach.scale?.[c] ?? 1)
      if (!(row[c] >= low - slack && row[c] <= high + slack)) return false
      const rule = this.#rules[c]
      const steps = rule.step === undefined ? 0 : stepsBetween(rule, from[c], row[c])
      if (Math.abs(steps - Math.round(steps)) > 1e-3 * Math.max(1, Math.abs(steps) / 100)) return false
      square += ((row[c] - from[c]) / (reach.scale?.[c] ?? 1)) ** 2
    }
    if (reach.norm === 'l2' && Math.sqrt(square) > reach.epsilon * (1 + 1e-5) + CLOSE) return false
    return this.#keepsLaws(row, from)
  }

  #settle(row: Float32Array | Float64Array, from: ArrayLike<number>, reach: Reach): void {
    this.hold(row, from, reach)
    for (const c of this.#stepped) {
      const rule = this.#rules[c]
      if (row[c] === from[c]) continue
      const steps = stepsBetween(rule, from[c], row[c])
      const [low, high] = this.range(c, from[c], reach)
      const nearest = after(rule, from[c], Math.round(steps))
      // Back towards where it came from neither ball nor range is left again.
      const inside = reach.norm === 'linf' && nearest >= low && nearest <= high
      row[c] = inside ? nearest : after(rule, from[c], Math.trunc(steps + Math.sign(steps) * 1e-6))
    }
  }

  #intoBall(row: Float32Array | Float64Array, from: ArrayLike<number>, { epsilon, scale }: Reach): void {
    let square = 0
    for (let c = 0; c < this.columns; c++) {
      if (this.#rules[c].fixed === true) row[c] = from[c]
      square += ((row[c] - from[c]) / (scale?.[c] ?? 1)) ** 2
    }
    const norm = Math.sqrt(square)
    if (!(norm > epsilon)) return
    for (let c = 0; c < this.columns; c++) row[c] = from[c] + ((row[c] - from[c]) * epsilon) / norm
  }

  /** Moves what can be moved of a row onto a law that it breaks. */
  #towards(law: LinearRule, row: Float32Array | Float64Array, from: ArrayLike<number>): void {
    const off = excess(law, row, from)
    if (off === 0) return
    const { weights } = law
    const free = (column: number): boolean => this.#rules[column].fixed !== true
    let square = 0
    for (let c = 0; c < this.columns; c++) if (free(c)) square += weights[c] ** 2
    if (square === 0) return
    for (let c = 0; c < this.columns; c++) if (free(c)) row[c] -= (off * weights[c]) / square
  }

  #keepsLaws(row: ArrayLike<number>, from: ArrayLike<number>): boolean {
    return this.#laws.every(law => {
      let size = 1
      for (let c = 0; c < this.columns; c++) size = Math.max(size, Math.abs(law.weights[c] * row[c]))
      return Math.abs(excess(law, row, from)) <= LAW_SLACK * size
    })
  }
}

const SELF = (value: number): number => value

/** How many steps, in a column's own unit, lie between two values. */
function stepsBetween({ step = 1, own = { from: SELF, to: SELF } }: ColumnRule, one: number, other: number): number {
  return (own.from(other) - own.from(one)) / step
}

/** A value so many steps behind another. */
function after({ step = 1, own = { from: SELF, to: SELF } }: ColumnRule, value: number, steps: number): number {
  return steps === 0 ? value : own.to(own.from(value) + steps * step)
}

/** By how much a row breaks a law beyond what it broke it by before. */
function excess({ weights, most }: LinearRule, row: ArrayLike<number>, from: ArrayLike<number>): number {
  const before = dot(weights, from)
  const sum = dot(weights, row)
  return most === undefined ? sum - before : Math.max(0, sum - Math.max(most, before))
}

function dot(weights: readonly number[], row: ArrayLike<number>): number {
  let sum = 0
  for (let c = 0; c < weights.length; c++) if (weights[c] !== 0) sum += weights[c] * row[c]
  return sum
}
