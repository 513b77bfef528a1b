import { distanceFrom, type Level, type Method } from './limits.ts'
import { type Removal, told } from './removal.ts'
import { type Conversion, conversionOf, convertBack } from './units.ts'

/** What is usual of a column. */
export interface Usual {
  readonly level: Level
  /** Rows of the same value from which on it is stuck. */
  readonly stuckAfter: number
}

export interface CellOptions {
  readonly method: Method
  /** Spreads from the center beyond which a value is taken out. */
  readonly limit: number
}

/** How many values in a row must be explained by one conversion before it is a unit and no outlier. */
const SURE = 3

/** Judges the values of one column of one device, one after the other. */
export class CellJudge {
  /** What one keeps, in bytes, beside its object. */
  static readonly bytes = 32
  readonly #column: number
  readonly #usual: Usual
  readonly #options: CellOptions
  #before = Number.NaN
  #run = 0
  #conversion: Conversion | null = null
  #converted = 0

  constructor(column: number, usual: Usual, options: CellOptions) {
    this.#column = column
    this.#usual = usual
    this.#options = options
  }

  /** What is wrong with the next value; null where nothing is. */
  judge(row: number, value: number): Removal | null {
    const at = { from: row, to: row + 1, column: this.#column, value }
    if (!Number.isFinite(value)) return { ...at, code: 'missing', why: `${value} is no value` }
    const { level, stuckAfter } = this.#usual
    this.#run = value === this.#before ? this.#run + 1 : 1
    this.#before = value
    const unit = this.#unit(at, value)
    if (unit !== null) return unit
    if (this.#run >= stuckAfter)
      return { ...at, code: 'stuck', why: `${told(value)} for ${this.#run} rows; up to ${stuckAfter - 1} are usual` }
    const distance = distanceFrom(level, value)
    if (distance <= this.#options.limit) return null
    return {
      ...at,
      code: this.#options.method,
      why: `${told(value)} is ${told(distance)} spreads of ${told(level.spread)} from ${told(level.center)}`,
    }
  }

  #unit(at: Omit<Removal, 'code' | 'why'>, value: number): Removal | null {
    const conversion = conversionOf(this.#usual.level, value, this.#conversion)
    this.#converted = conversion !== null && conversion === this.#conversion ? this.#converted + 1 : 1
    this.#conversion = conversion
    if (conversion === null || this.#converted < SURE) return null
    const back = convertBack(conversion, value)
    return { ...at, code: 'unit_jump', why: `${told(value)} looks like ${conversion.name} of ${told(back)}` }
  }
}
