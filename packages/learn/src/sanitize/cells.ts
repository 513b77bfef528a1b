import { readingOf } from '../series/last-values.ts'
import { distanceFrom, type Method } from './limits.ts'
import { type Removal, told } from './removal.ts'
import { UnitJudge } from './unit-judge.ts'
import { convertBack } from './units.ts'
import type { Usual } from './usual.ts'

export interface CellOptions {
  readonly method: Method
  /** Spreads from the center beyond which a value is taken out. */
  readonly limit: number
}

/**
 * Of a column that never moved nobody knows how far it may. Of a sensor that moves at last, these times its only value are believed, or less on the other side of zero, where fault numbers lie (-999), and
 * in any case as much as a share in percent may move.
 */
const ONWARD = 10
const ACROSS = 2
const PERCENT = 100

/** Judges the values of one column of one device, one after the other. */
export class CellJudge {
  /** What one keeps, in bytes, beside its object. */
  static readonly bytes = 16 + UnitJudge.bytes

  readonly #column: number
  readonly #usual: Usual
  readonly #options: CellOptions
  #before = Number.NaN
  #run = 0
  readonly #units: UnitJudge

  constructor(column: number, usual: Usual, options: CellOptions) {
    this.#column = column
    this.#usual = usual
    this.#options = options
    this.#units = new UnitJudge(usual.level, usual.ownConversions)
  }

  /** What is wrong with the next value, which is judged in single precision, as values were learned from; null where nothing is. */
  judge(row: number, given: number): Removal | null {
    const value = readingOf(given)
    const at = { from: row, to: row + 1, column: this.#column, value: given }
    if (Number.isNaN(given)) return { ...at, code: 'missing', why: 'there is no value' }
    if (Number.isNaN(value)) return { ...at, code: 'absurd', why: `it is beyond 3e38, and nothing is so large` }
    this.#run = value === this.#before ? this.#run + 1 : 1
    this.#before = value
    return this.#unit(at, value) ?? this.#stuck(at, value) ?? this.#far(at, value)
  }

  #unit(at: Omit<Removal, 'code' | 'why'>, value: number): Removal | null {
    const conversion = this.#units.judge(value, this.#isLikeStates(value))
    if (conversion === null) return null
    const back = convertBack(conversion, value)
    return { ...at, code: 'unit_jump', why: `${told(value)} looks like ${conversion.name} of ${told(back)}` }
  }

  #stuck(at: Omit<Removal, 'code' | 'why'>, value: number): Removal | null {
    const { stuckAfter, states } = this.#usual
    // A state that is not the only kind of value is where the sensor rests, for as long as it likes.
    if (this.#run < stuckAfter || (!states.only && states.values.has(value))) return null
    return { ...at, code: 'stuck', why: `${told(value)} for ${this.#run} rows; up to ${stuckAfter - 1} are usual` }
  }

  /**
   * Whether a value lies within the states of its column or no farther from them than they from each other. How often each is taken says nothing of where
   * the next one may lie: their range does. Of other columns: whether it is a state itself.
   */
  #isLikeStates(value: number): boolean {
    const { states } = this.#usual
    const range = states.highest - states.lowest
    if (!states.only || !(range > 0)) return states.values.has(value)
    return value >= states.lowest - range && value <= states.highest + range
  }

  #far(at: Omit<Removal, 'code' | 'why'>, value: number): Removal | null {
    const { level, states, lowest, highest } = this.#usual
    if (this.#isLikeStates(value) || (value >= lowest && value <= highest)) return null
    if (states.only && states.values.size > 1) {
      const why = `${told(value)} is farther from the states ${told(lowest)} to ${told(highest)} than these from each other`
      return { ...at, code: 'state', why }
    }
    if (level.spread === 0) return this.#farFromOnly(at, value)
    const distance = distanceFrom(level, value)
    if (distance <= this.#options.limit) return null
    const why = `${told(value)} is ${told(distance)} spreads of ${told(level.spread)} from ${told(level.center)}`
    return { ...at, code: this.#options.method, why }
  }

  /** Of a column that had one value. */
  #farFromOnly(at: Omit<Removal, 'code' | 'why'>, value: number): Removal | null {
    const only = this.#usual.level.center
    const most = Math.max(PERCENT, (value * only < 0 ? ACROSS : ONWARD) * Math.abs(only))
    const distance = Math.abs(value - only)
    if (distance <= most) return null
    const why = `${told(value)} is ${told(distance)} from ${told(only)}, where it always stood; up to ${told(most)} is believed`
    return { ...at, code: 'state', why }
  }
}
