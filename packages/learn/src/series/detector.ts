import { LearnError } from '../base/error.ts'
import type { Matrix } from '../base/matrix.ts'
import { Alarm } from './alarm.ts'
import {
  type Channel,
  type ChannelOptions,
  checkChannels,
  DEFAULT_CHANNELS,
  defaultRecipes,
  learnChannels,
  recordChannel,
  windowFor,
} from './channels.ts'
import { MOST_SENSORS } from './chosen.ts'
import { fill, longestSilences, usualValues } from './gaps.ts'
import { DetectorStream } from './judgment.ts'
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

/** All that a detector has learned. */
export interface Learned {
  readonly channels: readonly Channel[]
  /** Sensors that no score is taken of, and why. */
  readonly unfit: ReadonlyMap<number, Unfit>
  /** The mean of each sensor. */
  readonly usual: Float64Array
  /** Rows in a row for which each sensor was silent, at most. */
  readonly patience: Int32Array
  readonly off: number
  readonly oldest: number
  /** The share of normal rows that scores above 1 by the thresholds that were set; channels that were learned before come on top. */
  readonly falseAlarms: number
}

/**
 * Learns what rows of a table are like where nothing is wrong, without labels, and judges rows to come, each by itself and those before it. One configuration for all
 * tables: what suits it is taken from the training rows.
 */
export class SeriesDetector {
  readonly learned: Learned

  constructor(learned: Learned) {
    this.learned = learned
  }

  get sensors(): number {
    return this.learned.usual.length
  }

  get channels(): readonly Channel[] {
    return this.learned.channels
  }

  get unfit(): ReadonlyMap<number, Unfit> {
    return this.learned.unfit
  }

  /**
   * Learns from rows in the order of time; missing values are NaN. Errors: `rows_too_few` (under 48), `columns_many` (over 256), `sensor_empty`, `sensors_constant` (of several sensors), `rate_invalid`,
   * `rate_unsupported` (of one sensor), `alarm_invalid`, `oldest_invalid`, `channel_options`.
   */
  static fit(train: Matrix, options: DetectorOptions = {}): SeriesDetector {
    const { falseAlarms, off, oldest } = { ...DEFAULTS, ...options }
    const { learned = [], progress = () => {} } = options
    const wanted = { ...DEFAULT_CHANNELS, ...options.channels }
    if (train.columns > MOST_SENSORS)
      throw new LearnError('columns_many', `${train.columns} columns, and at most ${MOST_SENSORS} are judged together`)
    if (!(falseAlarms > 0 && falseAlarms < 1))
      throw new LearnError('rate_invalid', `${falseAlarms} is no rate between 0 and 1`)
    if (!(oldest >= 0))
      throw new LearnError('oldest_invalid', `a value stands for ${oldest} rows: it is no number from 0`)
    new Alarm({ on: 1, off, beginAfter: 1, endAfter: 1 })
    checkChannels(wanted)
    const other = learned.find(({ scorer }) => scorer.sensors !== train.columns)
    if (other !== undefined)
      throw new LearnError(
        'channel_options',
        `the channel '${other.name}' takes rows of ${other.scorer.sensors} values, not ${train.columns}`,
      )
    const usual = usualValues(train)
    const patience = longestSilences(train)
    const filled = fill(train, usual, oldest)
    const window = windowFor(train.rows, wanted.window)
    const more = options.more?.(filled) ?? []
    const rest = { usual, patience, off, oldest }
    if (train.columns > 1) {
      const { recipes, unfit } = defaultRecipes(filled, { ...wanted, window })
      const channels = learnChannels([...recipes, ...more], filled, falseAlarms, progress)
      return new SeriesDetector({ ...rest, channels: [...channels, ...learned], unfit, falseAlarms })
    }
    // Of one sensor there are no relations to learn, and its level is seldom all there is: what are told are its records.
    if (options.falseAlarms !== undefined && options.more === undefined)
      throw new LearnError(
        'rate_unsupported',
        'one sensor is judged by its records, whose rate of false alarms cannot be set',
      )
    const records = recordChannel(filled)
    const others = learnChannels(more, filled, falseAlarms, progress)
    progress(1)
    const still = filled.data.every(value => value === filled.data[0])
    return new SeriesDetector({
      ...rest,
      channels: [records, ...others, ...learned],
      unfit: new Map<number, Unfit>(still ? [[0, 'constant']] : []),
      falseAlarms: Math.min(1, records.calibration.p(2) + (more.length > 0 ? falseAlarms : 0)),
    })
  }

  /**
   * One device's stream. Its state is some `(window + 2 smoothing) * sensors * 8` bytes, however long it runs.
   * @param first the number of its first row, counted as in training: scores with a season tell its place by it
   */
  stream(first = 0): DetectorStream {
    const { channels, usual, oldest, patience, off } = this.learned
    return new DetectorStream(channels, new LastValues(usual, oldest, patience), off, first)
  }
}
