import { medianOf } from '../linear/index.ts'
import { distanceFrom, type Level } from './limits.ts'
import { CONVERSIONS, type Conversion, convertBack } from './units.ts'

/** Spreads from the center outside which a value must be before another unit explains it, and within which it lies once it is converted back. */
const OUTSIDE = 8
const WITHIN = 6
/** Good values by which the level and the fluctuation just before are known. */
const WINDOW = 8
/** Fluctuations from the level just before within which the first converted values lie. */
const NEAR = 6
/** That must be less than this share of the jump: where a column moves by as much from row to row, every step looks like some unit. */
const SHARP = 0.5
/** From this factor on (thousands, thousandths) a jump shows itself by its size, and may come with another way of working of up to twice the level. */
const LARGE = 100
/** The first values, which must each fit. */
const SURE = 3
/** So many steps of the window a single spike makes. */
const SPIKE = 2
/** How much of a value a fluctuation is at least: the digits that a sensor tells. */
const DIGITS = 1e-3

/** Tells a stretch of values in another unit from a step of the plant: it begins by a jump of exactly the conversion from where the column just was, and goes on with the same fluctuation. */
export class UnitJudge {
  /** What one keeps, in bytes, beside its object. */
  static readonly bytes = 8 * WINDOW + 24

  readonly #level: Level
  readonly #own: ReadonlySet<Conversion>
  readonly #good = new Float64Array(WINDOW)
  #count = 0
  #conversion: Conversion | null = null
  #converted = 0
  /** The conversion of a stretch that has not ended: no value has been usual since. */
  #open: Conversion | null = null
  #before = Number.NaN

  /** @param own conversions that are the way in which the column works: see `ownConversions` */
  constructor(level: Level, own: ReadonlySet<Conversion>) {
    this.#level = level
    this.#own = own
  }

  /** The conversion of the stretch that the rows are in; null outside of one. */
  get open(): Conversion | null {
    return this.#open
  }

  /** The conversion that explains the next value, from the third one of a stretch on; null where none does. @param isState whether the value is a state of the column */
  judge(value: number, isState: boolean): Conversion | null {
    const repeats = value === this.#before
    this.#before = value
    if (isState || distanceFrom(this.#level, value) < OUTSIDE) this.#open = null
    const conversion = isState ? null : this.#explains(value, repeats)
    this.#converted = conversion !== null && conversion === this.#conversion ? this.#converted + 1 : 1
    this.#conversion = conversion
    if (conversion === null) {
      this.#good[this.#count++ % WINDOW] = value
      return null
    }
    if (this.#converted >= SURE) this.#open = conversion
    return this.#open
  }

  #explains(value: number, repeats: boolean): Conversion | null {
    if (this.#level.spread === 0 || distanceFrom(this.#level, value) < OUTSIDE || this.#count < WINDOW) return null
    if (this.#open !== null)
      return distanceFrom(this.#level, convertBack(this.#open, value)) < WITHIN ||
        isNear(this.#open, value, this.#level.center, 0)
        ? this.#open
        : null
    const last = this.#conversion
    const { level, fluctuation, stands } = this.#justBefore()
    // A column that moved from row to row and now stands is a machine that is off.
    if (repeats && !stands) return null
    if (last !== null) return isNear(last, value, level, fluctuation) ? last : null
    const near = CONVERSIONS.filter(each => !this.#own.has(each) && isNear(each, value, level, fluctuation))
    const distance = (each: Conversion) => Math.abs(convertBack(each, value) - level)
    return near.sort((a, b) => distance(a) - distance(b))[0] ?? null
  }

  #justBefore(): { level: number; fluctuation: number; stands: boolean } {
    const level = medianOf(this.#good)
    const steps: number[] = []
    for (let i = 1; i < WINDOW; i++)
      steps.push(Math.abs(this.#good[(this.#count + i) % WINDOW]! - this.#good[(this.#count + i - 1) % WINDOW]!))
    const usual = steps.sort((a, b) => a - b).slice(0, -SPIKE)
    const fluctuation = usual.reduce((sum, step) => sum + step, 0) / usual.length
    return { level, fluctuation: Math.max(fluctuation, DIGITS * Math.abs(level)), stands: steps[0] === 0 }
  }
}

const isLarge = ({ factor }: Conversion): boolean => factor >= LARGE || factor <= 1 / LARGE

function isNear(conversion: Conversion, value: number, level: number, fluctuation: number): boolean {
  const { factor, offset } = conversion
  const near = Math.max(NEAR * fluctuation, isLarge(conversion) ? SHARP * Math.abs(level) : 0)
  const jump = Math.abs(level * factor + offset - level)
  return (
    NEAR * fluctuation * Math.max(1, factor) < SHARP * jump && Math.abs(convertBack(conversion, value) - level) <= near
  )
}

/**
 * Faults of a unit are rare: a column that is explained by them in more than this share of its rows, or more often than so many times, works in that way. Of temperatures,
 * pressures and tenths the share is less: many a machine at rest looks like 0 degrees for 32.
 */
const MOST = { large: 0.1, others: 0.01 }
const MOST_STRETCHES = 3

/** Conversions that are no faults of a column but the way in which it works: thousands and hundreds, or all others, as those of a kind explain each other's values. */
export function ownConversions(
  values: Float64Array,
  level: Level,
  states: ReadonlySet<number>,
): ReadonlySet<Conversion> {
  const judge = new UnitJudge(level, new Set())
  const rows = { large: 0, others: 0 }
  const stretches = { large: 0, others: 0 }
  for (const value of values) {
    const before = judge.open
    const conversion = judge.judge(value, states.has(value))
    if (conversion === null) continue
    const kind = isLarge(conversion) ? 'large' : 'others'
    rows[kind]++
    if (conversion !== before) stretches[kind]++
  }
  const isOwn = (kind: 'large' | 'others') =>
    rows[kind] > MOST[kind] * values.length || stretches[kind] > MOST_STRETCHES
  const own = { large: isOwn('large'), others: isOwn('others') }
  return new Set(CONVERSIONS.filter(each => own[isLarge(each) ? 'large' : 'others']))
}
