import { LearnError } from '../base/error.ts'
import { largest } from '../base/largest.ts'
import { Alarm, Events } from './alarm.ts'
import type { Channel } from './channels.ts'
import type { LastValues } from './last-values.ts'

/** What a row was found to be. */
export interface Judgment {
  /** 1 where an alarm begins; 0 where there is no score: in the first rows, and where too little is heard. */
  readonly score: number
  /** How often a normal row scores as high, at most. */
  readonly p: number
  readonly alarm: boolean
  /** The first row of an alarm. */
  readonly onset: boolean
  /** The sensor that has most in the score, where it is high enough to keep an alarm; else -1. */
  readonly sensor: number
  /** The channel that scores highest; empty before there is a score. */
  readonly channel: string
}

/** Rows after an event of a single sensor in which none other is told. */
const REST = 30

const NOTHING: Judgment = { score: 0, p: 1, alarm: false, onset: false, sensor: -1, channel: '' }

/** Judges the rows of one device, one after the other. */
export class DetectorStream {
  readonly #channels: readonly Channel[]
  readonly #streams
  readonly #last: LastValues
  readonly #alarm: Alarm | Events
  readonly #off: number

  constructor(channels: readonly Channel[], last: LastValues, off: number, first: number) {
    this.#channels = channels
    this.#streams = channels.map(channel => channel.scorer.stream(first))
    this.#last = last
    this.#off = off
    this.#alarm = last.values.length === 1 ? new Events(REST) : new Alarm({ on: 1, off, beginAfter: 1, endAfter: 1 })
  }

  /** What is kept of the device. */
  get bytes(): number {
    return this.#streams.reduce((sum, stream) => sum + stream.bytes, this.#last.bytes + Alarm.bytes)
  }

  /** Takes a row of normal operation, that an alarm is not to be given for. */
  warm(row: ArrayLike<number>): void {
    this.#take(row)
    for (const stream of this.#streams) stream.push(this.#last.values, this.#last.unheard)
  }

  /** Judges the next row; NaN where a value is missing. Error: `row_width`. */
  push(row: ArrayLike<number>): Judgment {
    this.#take(row)
    let best = -1
    let score = 0
    let p = 1
    for (const [i, { calibration, threshold }] of this.#channels.entries()) {
      const own = this.#streams[i]!.push(this.#last.values, this.#last.unheard)
      if (Number.isNaN(own)) continue
      p = Math.min(p, calibration.p(own) * this.#channels.length)
      // A threshold may be next to nothing, and infinity is no JSON.
      const level = Math.min(own / threshold, Number.MAX_VALUE)
      if (best >= 0 && level <= score) continue
      best = i
      score = level
    }
    if (best < 0) return { ...NOTHING, alarm: this.#alarm.next(Number.NaN) }
    const before = this.#alarm instanceof Alarm && this.#alarm.active
    const alarm = this.#alarm.next(score)
    const sensor = score > this.#off ? largest(this.#streams[best]!.contributions()) : -1
    return { score, p, alarm, onset: alarm && !before, sensor, channel: this.#channels[best]!.name }
  }

  #take(row: ArrayLike<number>): void {
    const width = this.#last.values.length
    if (row.length !== width) throw new LearnError('row_width', `a row has ${row.length} values, not ${width}`)
    this.#last.take(row)
  }
}
