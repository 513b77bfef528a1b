import { LearnError } from '../base/error.ts'
import { Law } from './laws.ts'
import type { ColumnRule, LinearRule, Reach } from './rules.ts'
import { after, areCounted, below32, ceiling32, inwards, isOnStep, lengthOf, slackOf, stepsBetween } from './steps.ts'

export interface FeasibleOptions {
  readonly columns: number
  /** Column by column; fewer than columns: nothing is said of the rest. */
  readonly rules?: readonly (ColumnRule | undefined)[]
  /** Laws that rows keep. A row that breaks one by itself is held to no more than it kept; where a cell that a law weighs is missing, it says nothing of that row. */
  readonly laws?: readonly LinearRule[]
}

/** Rounds of projection onto laws, ball and ranges by turns before a row is drawn back to where it came from. */
const TURNS = 30
const CLOSE = 1e-6
/** Halvings of the way back. */
const HALVINGS = 12
/** Steps by which a value is sought beyond another where single precision is coarser than a step, doubled each time. */
const MOST_STEPS = 2 ** 20

/**
 * What an attacker can do to a row: fixed columns, ranges, steps, one way only, and laws. Whatever an attack tries is brought back to it by `project`, so that no attack is reported that nobody could
 * carry out. The attacked row itself always is feasible: an attacker may do nothing.
 */
export class Feasible {
  readonly columns: number
  readonly #rules: readonly ColumnRule[]
  readonly #laws: readonly Law[]
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
    this.columns = columns
    this.#rules = Array.from({ length: columns }, (_, column) => rules[column] ?? {})
    this.#laws = laws.map((law, i) => new Law(law, columns, `law ${i}`))
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
    const isFree = (column: number): boolean => this.#rules[column].fixed !== true
    // Every other time what moves by steps stays at its whole step, and the rest makes up for it.
    const isSmooth = (column: number): boolean => isFree(column) && this.#rules[column].step === undefined
    const range = (column: number): readonly [number, number] => this.range(column, from[column], reach)
    for (let turn = 0; turn < TURNS && !this.#keepsLaws(row, from, reach); turn++) {
      for (const law of this.#laws) law.pull(row, from, reach, turn % 2 === 0 ? isFree : isSmooth, range)
      this.#settle(row, from, reach)
    }
    if (!this.#keepsLaws(row, from, reach)) this.#wayBack(row, from, reach)
  }

  /**
   * Of the values that a column can be given of `from`, the one next to another value: at or above it, or below it. Null where none is within reach. What a rule steps over lies on the side that
   * is asked for, as single precision, in which rows are, has it.
   */
  beside(column: number, from: number, value: number, side: 'above' | 'below', reach: Reach): number | null {
    const rule = this.#rules[column]
    const [low, high] = this.range(column, from, reach)
    const up = side === 'above'
    const fits = (one: number): boolean => (up ? one >= value : one < value)
    const within = (one: number): number | null => (one >= Math.fround(low) && one <= Math.fround(high) ? one : null)
    if (rule.fixed === true) return fits(from) ? from : null
    const steps = rule.step === undefined ? Number.POSITIVE_INFINITY : stepsBetween(rule, from, value)
    if (!areCounted(steps)) return within(up ? ceiling32(value) : below32(value))
    // A step before it, which single precision may have put beyond.
    const first = up ? Math.ceil(steps) - 1 : Math.floor(steps) + 1
    for (let more = 0; more < MOST_STEPS; more = Math.max(1, 2 * more)) {
      const one = Math.fround(after(rule, from, first + (up ? more : -more)))
      if (fits(one)) return within(one)
    }
    return null
  }

  /** Whether a row can be made of `from` within reach; for tests and reports. */
  allows(row: ArrayLike<number>, from: ArrayLike<number>, reach: Reach): boolean {
    for (let c = 0; c < this.columns; c++) {
      if (Number.isNaN(from[c])) {
        if (!Number.isNaN(row[c])) return false
        continue
      }
      const [low, high] = this.range(c, from[c], reach)
      const slack = slackOf(c, from[c], reach)
      if (!(row[c] >= low - slack && row[c] <= high + slack)) return false
      const rule = this.#rules[c]
      if (rule.step !== undefined && !isOnStep(rule, from[c], row[c])) return false
    }
    if (reach.norm === 'l2' && lengthOf(row, from, reach) > reach.epsilon * (1 + 1e-5) + CLOSE) return false
    return this.#keepsLaws(row, from, reach)
  }

  #settle(row: Float32Array | Float64Array, from: ArrayLike<number>, reach: Reach): void {
    this.hold(row, from, reach)
    if (this.#stepped.length === 0) return
    // In an L2 ball each step out may be too far together with the others: then all go back.
    const held = reach.norm === 'l2' ? row.slice() : null
    for (const c of this.#stepped) row[c] = this.#stepped32(c, from[c], row[c], reach)
    if (held === null || lengthOf(row, from, reach) <= reach.epsilon) return
    for (const c of this.#stepped) row[c] = inwards(this.#rules[c], from[c], held[c])
  }

  /** The whole step that is nearest to a value, or, where that is out of range, the one before it. */
  #stepped32(column: number, from: number, value: number, reach: Reach): number {
    if (value === from) return from
    const rule = this.#rules[column]
    const [low, high] = this.range(column, from, reach)
    const steps = stepsBetween(rule, from, value)
    if (!areCounted(steps)) return value
    const nearest = after(rule, from, Math.round(steps))
    // An end may be a whole step but for what single precision has taken from it.
    if (nearest >= low - slackOf(column, from, reach) && nearest <= high + slackOf(column, from, reach)) return nearest
    return inwards(rule, from, value)
  }

  /** Brings a row that laws and steps leave nothing near of towards `from`, as far as it must be. */
  #wayBack(row: Float32Array | Float64Array, from: ArrayLike<number>, reach: Reach): void {
    const tried = row.slice()
    const kept = Float64Array.from(from)
    let [good, bad] = [0, 1]
    for (let i = 0; i < HALVINGS; i++) {
      const share = (good + bad) / 2
      for (let c = 0; c < this.columns; c++) row[c] = from[c] + share * (tried[c] - from[c])
      this.#settle(row, from, reach)
      if (this.#keepsLaws(row, from, reach)) {
        good = share
        kept.set(row)
      } else bad = share
    }
    row.set(kept)
  }

  #intoBall(row: Float32Array | Float64Array, from: ArrayLike<number>, reach: Reach): void {
    for (let c = 0; c < this.columns; c++) if (this.#rules[c].fixed === true) row[c] = from[c]
    const length = lengthOf(row, from, reach)
    if (!(length > reach.epsilon)) return
    for (let c = 0; c < this.columns; c++) row[c] = from[c] + ((row[c] - from[c]) * reach.epsilon) / length
  }

  #keepsLaws(row: ArrayLike<number>, from: ArrayLike<number>, reach: Reach): boolean {
    return this.#laws.every(law => law.isKept(row, from, reach))
  }
}
