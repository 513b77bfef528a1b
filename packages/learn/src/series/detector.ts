import { LearnError } from '../base/error.ts'
import { type Matrix, rowOf } from '../base/matrix.ts'
import { Alarm } from './alarm.ts'
import {
  type Channel,
  type ChannelOptions,
  DEFAULT_CHANNELS,
  defaultRecipes,
  learnChannels,
  windowFor,
} from './channels.ts'
import { LastValues } from './last-values.ts'
import type { Recipe } from './scorer.ts'
import type { Unfit } from './select.ts'

/** How a detector is learned and when it alarms. Everything may be left out. */
export interface DetectorOptions {
  /** The share of normal rows whose score may be above 1. */
  readonly falseAlarms?: number
  /** An alarm ends where the score is at or below this, of 1. */
  readonly off?: number
  /** Rows for which the last value stands in for a missing one. */
  readonly oldest?: number
  readonly channels?: Partial<ChannelOptions>
  /** Scores beside the default ones: forests and nets, say. */
  readonly more?: (train: Matrix) => readonly Recipe[]
  /** From 0 to 1. */
  readonly progress?: (done: number) => void
}

/** What a row was found to be. */
export interface Judgment {
  /** 1 where an alarm begins; 0 in rows that come before there is a score. */
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

export const DEFAULTS = { falseAlarms: 0.01, off: 0.75, oldest: 60 } as const

const NOTHING: Judgment = { score: 0, p: 1, alarm: false, onset: false, sensor: -1, channel: '' }

/**
 * Learns what rows of a table are like where nothing is wrong, without labels, and judges rows to come, each by itself and those before it. One configuration for all
 * tables: what suits it is taken from the training rows.
 */
export class SeriesDetector {
  readonly sensors: number
  readonly channels: readonly Channel[]
  /** Sensors that no score is taken of, and why. */
  readonly unfit: ReadonlyMap<number, Unfit>
  readonly #usual: Float64Array
  readonly #off: number
  readonly #oldest: number

  private constructor(
    channels: readonly Channel[],
    unfit: ReadonlyMap<number, Unfit>,
    usual: Float64Array,
    off: number,
    oldest: number,
  ) {
    this.sensors = usual.length
    this.channels = channels
    this.unfit = unfit
    this.#usual = usual
    this.#off = off
    this.#oldest = oldest
  }

  /**
   * Learns from rows in the order of time; missing values are NaN. Errors: `rows_too_few` (under 48), `sensor_empty`, `sensors_constant`, `rate_invalid`, `alarm_invalid`.
   */
  static fit(train: Matrix, options: DetectorOptions = {}): SeriesDetector {
    const { falseAlarms, off, oldest } = { ...DEFAULTS, ...options }
    const wanted = { ...DEFAULT_CHANNELS, ...options.channels }
    const usual = usualValues(train)
    const filled = fill(train, usual, oldest)
    const window = windowFor(train.rows, wanted.window)
    const { recipes, unfit } = defaultRecipes(filled, { ...wanted, window })
    const all = [...recipes, ...(options.more?.(filled) ?? [])]
    const channels = learnChannels(all, filled, falseAlarms, options.progress ?? (() => {}))
    return new SeriesDetector(channels, unfit, usual, off, oldest)
  }

  /** One device's stream. Its state is some `(window + 2 smoothing) * sensors * 8` bytes, however long it runs. */
  stream(): DetectorStream {
    return new DetectorStream(this.channels, new LastValues(this.#usual, this.#oldest), this.#off)
  }
}

/** Judges the rows of one device, one after the other. */
export class DetectorStream {
  readonly #channels: readonly Channel[]
  readonly #streams
  readonly #last: LastValues
  readonly #alarm: Alarm
  readonly #off: number

  constructor(channels: readonly Channel[], last: LastValues, off: number) {
    this.#channels = channels
    this.#streams = channels.map(channel => channel.scorer.stream())
    this.#last = last
    this.#off = off
    this.#alarm = new Alarm({ on: 1, off, beginAfter: 1, endAfter: 1 })
  }

  /** What is kept of the device. */
  get bytes(): number {
    return this.#streams.reduce((sum, stream) => sum + stream.bytes, this.#last.bytes + Alarm.bytes)
  }

  /** Takes a row of normal operation, that an alarm is not to be given for. */
  warm(row: ArrayLike<number>): void {
    this.#take(row)
    for (const stream of this.#streams) stream.push(this.#last.values)
  }

  /** Judges the next row; NaN where a value is missing. Error: `row_width`. */
  push(row: ArrayLike<number>): Judgment {
    this.#take(row)
    let best = -1
    let score = 0
    let p = 1
    for (const [i, { calibration, threshold }] of this.#channels.entries()) {
      const own = this.#streams[i]!.push(this.#last.values)
      if (Number.isNaN(own)) continue
      p = Math.min(p, calibration.p(own) * this.#channels.length)
      if (best >= 0 && own / threshold <= score) continue
      best = i
      score = own / threshold
    }
    if (best < 0) return NOTHING
    const before = this.#alarm.active
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

/**
 * Learns from the first rows of a table and judges the others; the first get scores, but no alarms. This is `ringwall learn series`.
 * Errors: those of `fit`.
 */
export function detectSeries(rows: Matrix, trainRows: number, options: DetectorOptions = {}): Judgment[] {
  if (!(trainRows >= 0 && trainRows <= rows.rows))
    throw new LearnError('rows_too_few', `${trainRows} training rows of a table of ${rows.rows}`)
  const train: Matrix = { ...rows, rows: trainRows, data: rows.data.subarray(0, trainRows * rows.columns) }
  const { progress = () => {} } = options
  const detector = SeriesDetector.fit(train, { ...options, progress: done => progress(LEARNING * done) })
  const scores = detector.stream()
  const stream = detector.stream()
  return Array.from({ length: rows.rows }, (_, row) => {
    if (row % REPORT_ROWS === 0) progress(LEARNING + (1 - LEARNING) * (row / rows.rows))
    const values = rowOf(rows, row)
    if (row >= trainRows) return stream.push(values)
    stream.warm(values)
    return { ...scores.push(values), alarm: false, onset: false, sensor: -1 }
  })
}

/** The share of the time that learning takes, by and large. */
const LEARNING = 0.5
const REPORT_ROWS = 500

function largest(values: Float64Array): number {
  let best = 0
  for (let i = 1; i < values.length; i++) if (values[i]! > values[best]!) best = i
  return best
}

function usualValues({ rows, columns, data }: Matrix): Float64Array {
  const sums = new Float64Array(columns)
  const counts = new Float64Array(columns)
  for (let at = 0; at < rows * columns; at++) {
    const value = data[at]!
    if (!Number.isFinite(value)) continue
    sums[at % columns]! += value
    counts[at % columns]!++
  }
  const empty = counts.indexOf(0)
  if (rows > 0 && empty >= 0) throw new LearnError('sensor_empty', `sensor ${empty} has no value in the training rows`)
  return sums.map((sum, i) => sum / counts[i]!)
}

/** Training rows as a stream would see them. */
function fill(train: Matrix, usual: Float64Array, oldest: number): Matrix {
  const last = new LastValues(usual, oldest)
  const data = new Float32Array(train.rows * train.columns)
  for (let row = 0; row < train.rows; row++) {
    last.take(rowOf(train, row))
    data.set(last.values, row * train.columns)
  }
  return { ...train, data }
}
