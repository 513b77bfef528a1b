import type { Random } from '../random.ts'
import { luhn } from './check-digit.ts'
import type { Instrument } from './devices.ts'

/** Where a flow's running sum begins anew, l/s. */
export const SUM_MODULUS = 1000

/** A telemetry message of an instrument. */
export type Telemetry = {
  readonly n: number
  readonly ts: number
  readonly value: number
} & Readonly<Record<string, unknown>>

/**
 * Makes an instrument's messages: a counter, the clock, the reading with its unit, and what says the same once more (a level
 * in centimeters too, a flow's running sum, a check digit over a temperature). Sends nothing itself.
 */
export class Gauge {
  readonly instrument: Instrument
  readonly #site: string
  readonly #random: Random
  #n = 0
  #used = -1
  #sum = 0

  constructor(instrument: Instrument, site: string, random: Random) {
    this.instrument = instrument
    this.#site = site
    this.#random = random
  }

  /** Counts messages that were due and not made, so that the counter keeps agreeing with the clock. */
  skip(count: number): void {
    this.#n += count
  }

  /** Begins all counts anew, as after a loss of power. */
  restart(): void {
    this.#n = 0
    this.#used = -1
    this.#sum = 0
  }

  /** What the sensor reads: the truth and its noise, to four decimals. */
  read(truth: number): number {
    return Number((truth + this.instrument.noise * this.#random.normal()).toFixed(4))
  }

  /** Whether a reading needs no alarm. */
  inRange(value: number): boolean {
    const [low, high] = this.instrument.range
    return value >= low && value <= high
  }

  /**
   * The next message with this reading.
   * @param trace of an attacker, a word that finds the message again; its numbers are those that the silenced device leaves out.
   */
  compose(value: number, wall: number, trace?: string): Telemetry {
    const { device, quantity, unit } = this.instrument
    const n = Math.max(this.#n, this.#used + 1)
    this.#used = n
    if (trace === undefined) this.#n = n + 1
    return {
      ...(trace === undefined ? {} : { trace }),
      n,
      ts: Math.round(wall),
      site: this.#site,
      device,
      quantity,
      value,
      unit,
      quality: this.inRange(value) ? 'good' : 'uncertain',
      ...this.#again(value),
    }
  }

  /** An alarm that begins or is over. */
  alarm(value: number, wall: number): object {
    const { device, unit } = this.instrument
    return { ts: Math.round(wall), device, active: !this.inRange(value), value, unit }
  }

  #again(value: number): object {
    switch (this.instrument.quantity) {
      case 'level':
        return { cm: Number((value * 100).toFixed(2)) }
      case 'flow':
        this.#sum = Number(((this.#sum + value + SUM_MODULUS) % SUM_MODULUS).toFixed(4))
        return { sum: this.#sum }
      case 'temperature':
        return { check: luhn(value) }
      default:
        return {}
    }
  }
}
