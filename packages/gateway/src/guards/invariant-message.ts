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
  /** The rule whose values stand here. */
  #placed: Rule | null = null

  /** Takes the values out of what was captured. Returns the index of a signal whose unit the message does not tell, or -1. */
  fill(rule: Rule, captures: Captures, time: number): number {
    if (rule !== this.#placed) this.#prepare(rule)
    const { signals } = rule
    const { values } = this
    const bySeries = this.#bySeries
    const isRead = rule.invariants.length > 0
    this.time = time
    let unknown = -1
    for (let i = 0; i < signals.length; i++) {
      const signal = signals[i]
      const value = measured(signal, captures)
      values[i] = value
      if (isRead && signal.series >= 0) bySeries[signal.series] = value
      if (Number.isNaN(value) && !Number.isNaN(captures.values[signal.slot])) unknown = i
    }
    return unknown
  }

  value(series: number): number {
    return series < this.#bySeries.length ? this.#bySeries[series] : Number.NaN
  }

  /** Makes room for the values of another rule, and takes away those of the one before. */
  #prepare(rule: Rule): void {
    if (this.#placed !== null) this.#clear(this.#placed)
    this.#placed = rule
    const { signals, invariants } = rule
    if (signals.length > this.values.length) this.values = new Float64Array(signals.length)
    if (invariants.length === 0) return
    for (const { series } of signals) if (series >= this.#bySeries.length) this.#grow(series)
  }

  #clear({ signals }: Rule): void {
    for (const { series } of signals) {
      if (series >= 0 && series < this.#bySeries.length) this.#bySeries[series] = Number.NaN
    }
  }

  #grow(series: number): void {
    const longer = new Float64Array(2 * series + 8).fill(Number.NaN)
    longer.set(this.#bySeries)
    this.#bySeries = longer
  }
}
