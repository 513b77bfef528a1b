import { LearnError } from '../base/error.ts'

/** When an alarm begins and ends. */
export interface AlarmOptions {
  /** It begins where the level is above this … */
  readonly on: number
  /** … and ends where it is at or below this. */
  readonly off: number
  /** Rows in a row that must be above `on` before it begins. */
  readonly beginAfter: number
  /** Rows in a row that must be at or below `off` before it ends. */
  readonly endAfter: number
}

/** The alarm of one device, with hysteresis: it does not flicker where its level is about the threshold. */
export class Alarm {
  /** What one keeps, in bytes, beside its object. */
  static readonly bytes = 24
  readonly #options: AlarmOptions
  #active = false
  #count = 0

  /** Error: `alarm_invalid` where `off` is above `on`, or a count is below one. */
  constructor(options: AlarmOptions) {
    const { on, off, beginAfter, endAfter } = options
    if (!(off <= on) || !(beginAfter >= 1) || !(endAfter >= 1))
      throw new LearnError('alarm_invalid', `on ${on}, off ${off}, rows ${beginAfter} and ${endAfter}: no alarm`)
    this.#options = options
  }

  get active(): boolean {
    return this.#active
  }

  /** Takes the next level; NaN, which is no level, leaves it as it is. True where the alarm is active. */
  next(level: number): boolean {
    if (Number.isNaN(level)) return this.#active
    const { on, off, beginAfter, endAfter } = this.#options
    const against = this.#active ? level <= off : level > on
    this.#count = against ? this.#count + 1 : 0
    if (this.#count >= (this.#active ? endAfter : beginAfter)) {
      this.#active = !this.#active
      this.#count = 0
    }
    return this.#active
  }
}

/** Alarms that last one row each, as for records: what is told is that something happened. */
export class Events {
  /** Rows after an event in which none other is told. */
  readonly #rest: number
  #since = Number.POSITIVE_INFINITY
  #active = false

  constructor(rest: number) {
    this.#rest = rest
  }

  get active(): boolean {
    return this.#active
  }

  /** Takes the next level; true where it is above 1 and the last event is past. */
  next(level: number): boolean {
    this.#since++
    this.#active = level > 1 && this.#since > this.#rest
    if (this.#active) this.#since = 0
    return this.#active
  }
}
