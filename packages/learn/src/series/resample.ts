import { LearnError } from '../base/error.ts'
import type { Matrix } from '../base/matrix.ts'

/** One value of one sensor. */
export interface Reading {
  /** Milliseconds. */
  readonly at: number
  readonly sensor: number
  readonly value: number
}

export interface ResampleOptions {
  readonly sensors: number
  /** Milliseconds from row to row. */
  readonly period: number
  /** For how long a value stands; beyond it the row has NaN, and a gap is told. */
  readonly oldest: number
}

/** A stretch of rows in which a sensor was not heard: `[from, to)`. */
export interface Gap {
  readonly sensor: number
  readonly from: number
  readonly to: number
}

export interface Resampled {
  readonly rows: Matrix
  /** When each row ends: it holds what was heard up to then. */
  readonly times: Float64Array
  /** Milliseconds since each value of each row was heard; NaN where it never was. */
  readonly ages: Float32Array
  readonly gaps: readonly Gap[]
}

const MOST_VALUES = 2 ** 27

/**
 * Rows at even times of readings at uneven ones: each row has the last value of each sensor that was heard up to its time. Nothing is interpolated, because a stream
 * does not know the next value. Errors: `resample_invalid`, `readings_empty`, `readings_unordered`, `reading_invalid`,
 * `series_long`.
 */
export function resample(readings: readonly Reading[], { sensors, period, oldest }: ResampleOptions): Resampled {
  if (!(Number.isInteger(sensors) && sensors > 0 && period > 0 && Number.isFinite(period) && oldest >= 0))
    throw new LearnError('resample_invalid', `${sensors} sensors, a row each ${period} ms, values for ${oldest} ms`)
  const first = readings[0]
  const last = readings[readings.length - 1]
  if (first === undefined || last === undefined) throw new LearnError('readings_empty', 'there are no readings')
  check(readings, sensors)
  const count = Math.floor((last.at - first.at) / period) + 1
  if (!(count * sensors <= MOST_VALUES))
    throw new LearnError('series_long', `${count} rows of ${period} ms from ${first.at} to ${last.at}`)
  const data = new Float32Array(count * sensors).fill(Number.NaN)
  const ages = new Float32Array(count * sensors).fill(Number.NaN)
  const times = Float64Array.from({ length: count }, (_, row) => first.at + row * period)
  const value = new Float64Array(sensors)
  const heard = new Float64Array(sensors).fill(Number.NaN)
  let next = 0
  for (let row = 0; row < count; row++) {
    for (let reading = readings[next]; reading !== undefined && reading.at <= times[row]!; reading = readings[++next]) {
      value[reading.sensor] = reading.value
      heard[reading.sensor] = reading.at
    }
    for (let i = 0; i < sensors; i++) {
      const age = times[row]! - heard[i]!
      ages[row * sensors + i] = age
      if (age <= oldest) data[row * sensors + i] = value[i]!
    }
  }
  return { rows: { rows: count, columns: sensors, data }, times, ages, gaps: gapsOf(data, sensors) }
}

function check(readings: readonly Reading[], sensors: number): void {
  let before = Number.NEGATIVE_INFINITY
  for (const [index, { at, sensor, value }] of readings.entries()) {
    if (!(at >= before))
      throw new LearnError('readings_unordered', `reading ${index} is of ${at}, after one of ${before}`)
    if (!Number.isFinite(value) || !Number.isInteger(sensor) || sensor < 0 || sensor >= sensors)
      throw new LearnError('reading_invalid', `reading ${index} is ${value} of sensor ${sensor}, of ${sensors}`)
    before = at
  }
}

function gapsOf(data: Float32Array, sensors: number): Gap[] {
  const gaps: Gap[] = []
  const rows = data.length / sensors
  for (let sensor = 0; sensor < sensors; sensor++) {
    let from = -1
    for (let row = 0; row <= rows; row++) {
      const missing = row < rows && Number.isNaN(data[row * sensors + sensor]!)
      if (missing && from < 0) from = row
      if (!missing && from >= 0) {
        gaps.push({ sensor, from, to: row })
        from = -1
      }
    }
  }
  return gaps
}
