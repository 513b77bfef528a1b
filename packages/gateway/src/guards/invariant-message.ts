import type { Captures } from '@ringwall/wire'
import type { Current, Rule } from '../profile/types.ts'
import { measured } from './measured.ts'

/** The signals of one message in the units that they are judged in. One a worker, filled anew for each message. */
export class Message implements Current {
  time = 0
  /** By index of the rule's signals; NaN where the payload does not have one. */
  values = new Float64Array(8)
  /** The same by series, for laws: all that the message does not bring is NaN. */
  #bySeries = new Float64Array(0)
  /** The rule whose values stand there. */
  #placed: Rule | null = null

  /** Takes the values out of what was captured. Returns the index of a signal whose unit the message does not tell, or -1. */
  fill(rule: Rule, captures: Captures, time: number): number {
    const { signals } = rule
    if (signals.length > this.values.length) this.values = new Float64Array(signals.length)
    const { values } = this
    this.time = time
    let unknown = -1
    for (let i = 0; i < signals.length; i++) {
      const value = measured(signals[i], captures)
      values[i] = value
      if (Number.isNaN(value) && !Number.isNaN(captures.values[signals[i].slot])) unknown = i
    }
    if (this.#placed !== null && this.#placed !== rule) this.#clear(this.#placed)
    if (rule.invariants.length > 0) this.#place(rule)
    return unknown
  }

  value(series: number): number {
    return series < this.#bySeries.length ? this.#bySeries[series] : Number.NaN
  }

  #place(rule: Rule): void {
    const { signals } = rule
    for (let i = 0; i < signals.length; i++) {
      const { series } = signals[i]
      if (series >= this.#bySeries.length) this.#grow(series)
      if (series >= 0) this.#bySeries[series] = this.values[i]
    }
    this.#placed = rule
  }

  /** Takes away what another rule has placed. */
  #clear({ signals }: Rule): void {
    for (let i = 0; i < signals.length; i++) {
      const { series } = signals[i]
      if (series >= 0) this.#bySeries[series] = Number.NaN
    }
    this.#placed = null
  }

  #grow(series: number): void {
    const longer = new Float64Array(2 * series + 8).fill(Number.NaN)
    longer.set(this.#bySeries)
    this.#bySeries = longer
  }
}
