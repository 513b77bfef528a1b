import type { Captures } from '@ringwall/wire'
import type { Current, Rule } from '../profile/types.ts'
import { measured } from './measured.ts'

/** Words of a series: the number of the message that brought it last, and what that said. */
const WORDS = 2

/** The signals of one message in the units that they are judged in. One a worker, filled anew for each message. */
export class Message implements Current {
  time = 0
  /** By index of the rule's signals; NaN where the payload does not have one. */
  values = new Float64Array(8)
  /** Which message this is, so that what those before it have left among the series need not be taken away. */
  #number = 0
  #bySeries = new Float64Array(0)

  /** Takes the values out of what was captured. Returns the index of a signal whose unit the message does not tell, or -1. */
  fill(rule: Rule, captures: Captures, time: number): number {
    const { signals } = rule
    if (signals.length > this.values.length) this.values = new Float64Array(signals.length)
    const { values } = this
    const isRead = rule.invariants.length > 0
    this.time = time
    this.#number++
    let unknown = -1
    for (let i = 0; i < signals.length; i++) {
      const signal = signals[i]
      const value = measured(signal, captures)
      values[i] = value
      if (isRead && signal.series >= 0) this.#place(signal.series, value)
      if (Number.isNaN(value) && !Number.isNaN(captures.values[signal.slot])) unknown = i
    }
    return unknown
  }

  value(series: number): number {
    const at = series * WORDS
    return at < this.#bySeries.length && this.#bySeries[at] === this.#number ? this.#bySeries[at + 1] : Number.NaN
  }

  #place(series: number, value: number): void {
    const at = series * WORDS
    if (at >= this.#bySeries.length) this.#grow(series)
    this.#bySeries[at] = this.#number
    this.#bySeries[at + 1] = value
  }

  /** As many as the site has series, at most. */
  #grow(series: number): void {
    const longer = new Float64Array(WORDS * (2 * series + 8))
    longer.set(this.#bySeries)
    this.#bySeries = longer
  }
}
