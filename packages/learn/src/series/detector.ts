import { LearnError } from '../base/error.ts'
import { type Matrix, rowOf } from '../base/matrix.ts'
import { Alarm } from './alarm.ts'
import {
  type Channel,
  type ChannelOptions,
  DEFAULT_CHANNELS,
  defaultRecipes,
  learnChannels,
  recordChannel,
  windowFor,
} from './channels.ts'
import { fill, longestSilences, usualValues } from './gaps.ts'
import { DetectorStream, type Judgment } from './judgment.ts'
import { LastValues } from './last-values.ts'
import type { Recipe } from './scorer.ts'
import type { Unfit } from './select.ts'

/** How a detector is learned and when it alarms. Everything may be left out. */
export interface DetectorOptions {
  /** The share of normal rows whose score may be above 1. Of a single sensor the rate of records is what it is: refused, unless there are recipes of `more` to set by it. */
  readonly falseAlarms?: number
  /** An alarm ends where the score is at or below this, of 1. */
  readonly off?: number
  /** Rows for which the last value stands in for a missing one. */
  readonly oldest?: number
  readonly channels?: Partial<ChannelOptions>
  /** Recipes beside the default ones: a forest, say. */
  readonly more?: (train: Matrix) => readonly Recipe[]
  /** Channels that were learned before: nets (`trainedChannel`). */
  readonly learned?: readonly Channel[]
  /** From 0 to 1. */
  readonly progress?: (done: number) => void
}

export const DEFAULTS = { falseAlarms: 0.01, off: 0.9, oldest: 60 } as const

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
  readonly #patience: Int32Array
  readonly #off: number
  readonly #oldest: number

  private constructor(
    channels: readonly Channel[],
    unfit: ReadonlyMap<number, Unfit>,
    usual: Float64Array,
    patience: Int32Array,
    off: number,
    oldest: number,
  ) {
    this.sensors = usual.length
    this.channels = channels
    this.unfit = unfit
    this.#usual = usual
    this.#patience = patience
    this.#off = off
    this.#oldest = oldest
  }

  /**
   * Learns from rows in the order of time; missing values are NaN. Errors: `rows_too_few` (under 48), `sensor_empty`, `sensors_constant` (of several sensors), `rate_invalid`,
   * `rate_unsupported` (of one sensor), `alarm_invalid`.
   */
  static fit(train: Matrix, options: DetectorOptions = {}): SeriesDetector {
    const { falseAlarms, off, oldest } = { ...DEFAULTS, ...options }
    const wanted = { ...DEFAULT_CHANNELS, ...options.channels }
    if (!(falseAlarms > 0 && falseAlarms < 1))
      throw new LearnError('rate_invalid', `${falseAlarms} is no rate between 0 and 1`)
    new Alarm({ on: 1, off, beginAfter: 1, endAfter: 1 })
    const usual = usualValues(train)
    const patience = longestSilences(train)
    const filled = fill(train, usual, oldest)
    if (train.columns === 1) return SeriesDetector.#single(filled, usual, { patience, off, oldest }, options)
    const window = windowFor(train.rows, wanted.window)
    const { recipes, unfit } = defaultRecipes(filled, { ...wanted, window })
    const all = [...recipes, ...(options.more?.(filled) ?? [])]
    const channels = learnChannels(all, filled, falseAlarms, options.progress ?? (() => {}))
    return new SeriesDetector([...channels, ...(options.learned ?? [])], unfit, usual, patience, off, oldest)
  }

  /** Of one sensor there are no relations to learn, and its level is seldom all there is: what is told are its records. */
  static #single(
    train: Matrix,
    usual: Float64Array,
    { patience, off, oldest }: { patience: Int32Array; off: number; oldest: number },
    { more, learned = [], falseAlarms, progress = () => {} }: DetectorOptions,
  ): SeriesDetector {
    if (falseAlarms !== undefined && more === undefined)
      throw new LearnError(
        'rate_unsupported',
        'one sensor is judged by its records, whose rate of false alarms cannot be set',
      )
    // Refuses too few rows.
    windowFor(train.rows, DEFAULT_CHANNELS.window)
    const unfit = new Map<number, Unfit>()
    if (train.data.every(value => value === train.data[0])) unfit.set(0, 'constant')
    const others = learnChannels(more?.(train) ?? [], train, falseAlarms ?? DEFAULTS.falseAlarms, progress)
    progress(1)
    return new SeriesDetector([recordChannel(train), ...others, ...learned], unfit, usual, patience, off, oldest)
  }

  /** One device's stream. Its state is some `(window + 2 smoothing) * sensors * 8` bytes, however long it runs. */
  stream(): DetectorStream {
    return new DetectorStream(this.channels, new LastValues(this.#usual, this.#oldest, this.#patience), this.#off)
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
