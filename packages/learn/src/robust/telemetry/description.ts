import { LearnError } from '../../base/error.ts'
import { MOST_ROWS } from '../../series/scorer.ts'
import type { NetLaw } from './net-law.ts'
import type { SensorLimits } from './process.ts'
import type { LinearResidualOptions } from './witnesses.ts'

/** A sensor that is worth spoofing, and what bears witness of it. Leave out what a controller moves by what the sensor says, but for flows: that repeats the lie. */
export interface WatchedSensor extends SensorLimits {
  /** Columns of what flows in and out: the sensor moves by their integral, with areas and units learned. */
  readonly flows: readonly number[]
  /** Columns each of which says the sensor's value once more. */
  readonly redundant: readonly number[]
  /** Columns that say it together, by a linear law. */
  readonly together: readonly number[]
  /** Columns that say it together by what law a net finds (`NetLaw`). */
  readonly net: readonly number[]
}

/** What of a machine is watched: its columns, and the sensors among them. */
export interface ProcessDescription {
  readonly columns: number
  readonly sensors: readonly WatchedSensor[]
  /** Rows over which balances are drawn. */
  readonly lags: readonly number[]
}

/** From a row to five minutes at 1 Hz. */
export const LAGS: readonly number[] = [1, 15, 60, 300]
/** Most sensors and lags: what is watched is named, and each has residuals of its own. */
export const MOST_WATCHED = 64
export const MOST_LAGS = 8

/** Refuses what describes no process. @param names of columns, to be called by. Error: `process_wrong`. */
export function checkProcess({ columns, sensors, lags }: ProcessDescription, names: readonly string[] = []): void {
  const called = (at: number): string => (names[at] === undefined ? `column ${at}` : `'${names[at]}'`)
  const wrong = (what: string): never => {
    throw new LearnError('process_wrong', what)
  }
  if (sensors.length === 0 || sensors.length > MOST_WATCHED)
    wrong(`a watch is of 1 to ${MOST_WATCHED} sensors, not of ${sensors.length}`)
  if (lags.length > MOST_LAGS || new Set(lags).size < lags.length)
    wrong(`lags are up to ${MOST_LAGS} numbers of rows, none of them twice, not ${lags.join(', ')}`)
  for (const lag of lags)
    if (!Number.isInteger(lag) || lag < 1 || lag > MOST_ROWS)
      wrong(`a lag is a whole number of rows from 1 to ${MOST_ROWS}, not ${lag}`)
  if (new Set(sensors.map(({ column }) => column)).size < sensors.length) wrong('a sensor is described twice')
  for (const { column, low, high, resolution, rate, flows, redundant, together, net } of sensors) {
    const isColumn = (at: number): boolean => Number.isInteger(at) && at >= 0 && at < columns
    if (!isColumn(column)) wrong(`there is no ${called(column)} of ${columns}`)
    if (!(low < high && resolution > 0 && rate > 0 && [low, high, resolution, rate].every(Number.isFinite)))
      wrong(
        `${called(column)} goes from ${low} to ${high} in steps of ${resolution}, ${rate} a row: no sensor is like that`,
      )
    if (flows.length > 0 && lags.length === 0)
      wrong(`${called(column)} has flows, and there is no lag to draw a balance over`)
    if (flows.length + redundant.length + together.length + net.length === 0)
      wrong(`nothing bears witness of ${called(column)}: name flows, redundant, together or net`)
    for (const witnesses of [flows, redundant, together, net]) {
      if (new Set(witnesses).size < witnesses.length) wrong(`a witness of ${called(column)} is named twice`)
      const bad = witnesses.find(at => !isColumn(at) || at === column)
      if (bad !== undefined) wrong(`${called(bad)} is no witness of ${called(column)}: name another one of ${columns}`)
    }
  }
}

/** The linear residuals that a process is watched by, in the order in which a watch keeps them. */
export function residualsOf({ sensors, lags }: ProcessDescription): LinearResidualOptions[] {
  return sensors.flatMap(({ column: sensor, flows, redundant, together }) => [
    ...(flows.length === 0 ? [] : lags.map(lag => ({ sensor, witnesses: flows, lag }))),
    ...redundant.map(witness => ({ sensor, witnesses: [witness], lag: 0 })),
    ...(together.length === 0 ? [] : [{ sensor, witnesses: together, lag: 0 }]),
  ])
}

/** The nets that it is watched by; a watch keeps them behind the linear residuals. */
export function netLawsOf({ sensors }: ProcessDescription): NetLaw[] {
  return sensors.filter(({ net }) => net.length > 0).map(({ column, net }) => ({ sensor: column, sees: net }))
}
