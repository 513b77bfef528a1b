import type { Captures } from '@ringwall/wire'
import type { Current, Rule } from '../profile/types.ts'
import { measured } from './measured.ts'

/** The signals of one message in the units that they are judged in. One a worker, filled anew for each message. */
export class Message implements Current {
  time = 0
  /** By index of the rule's signals; NaN where the payload does not have one. */
  values = new Float64Array(8)
  #rule: Rule | null = null
  #count = 0

  /** Takes the values out of what was captured. Returns the index of a signal whose unit the message does not tell, or -1. */
  fill(rule: Rule, captures: Captures, time: number): number {
    const { signals } = rule
    if (signals.length > this.values.length) this.values = new Float64Array(signals.length)
    this.time = time
    this.#rule = rule
    this.#count = signals.length
    let unknown = -1
    for (let i = 0; i < signals.length; i++) {
      const value = measured(signals[i], captures)
      this.values[i] = value
      if (Number.isNaN(value) && !Number.isNaN(captures.values[signals[i].slot])) unknown = i
    }
    return unknown
  }

  value(series: number): number {
    if (this.#rule === null) return Number.NaN
    const { signals } = this.#rule
    for (let i = 0; i < this.#count; i++) if (signals[i].series === series) return this.values[i]
    return Number.NaN
  }
}
