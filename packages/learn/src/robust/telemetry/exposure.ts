import type { Matrix } from '../../base/matrix.ts'
import type { ProcessDescription } from './description.ts'
import { type Episode, follow, type Plan } from './episode.ts'
import { RecordedProcess } from './recorded.ts'
import { largestError } from './spoof.ts'
import { settleOf } from './telemetry-watch.ts'
import type { Watch } from './watch.ts'

/** What is attacked: a `TelemetryWatch`, or another watch of the same process. */
export interface Exposed {
  readonly process: ProcessDescription
  /** Before the first row. */
  watch(): Watch
}

/** How far a sensor can be spoofed unseen, in recorded rows. */
export interface Exposure {
  readonly column: number
  /** The largest error that was held in each attack, in the sensor's unit. */
  readonly errors: readonly number[]
  /** Starts that were left out, for the watch alarmed there by itself, or the rows lacked what the attacker needs. */
  readonly skipped: number
}

export interface ExposureOptions {
  /** Rows that the attacker may take to get there; 60. */
  readonly approach?: number
  /** Rows for which the error must be held; 60. */
  readonly hold?: number
  /** Places in the rows where attacks begin, each upward and downward; 3. */
  readonly starts?: number
  /** From 0 to 1. */
  readonly progress?: (done: number) => void
}

const HONEST: Plan = { error: 0, rows: 1, knots: [], along: [], quiet: false }

/**
 * What a spoofer who speaks for one sensor, and knows the watch and its thresholds, could hold for `hold` rows without an alarm, for each sensor of the watch: `largestError` on recorded rows, where
 * nothing answers to the lie. Starts lie evenly in the rows. No attack fits where there are too few rows: then there are no errors.
 */
export function exposureOf(exposed: Exposed, rows: Matrix, options: ExposureOptions = {}): Exposure[] {
  const { approach = 60, hold = 60, starts = 3, progress = () => {} } = options
  const { sensors } = exposed.process
  const settle = settleOf(exposed.process)
  // The greedy spoofer looks as far ahead as it goes.
  const room = rows.rows - settle - approach - hold
  const begin = (i: number): number => settle + Math.floor((i * room) / Math.max(1, starts - 1))
  const episodes =
    room < 0 ? [] : Array.from({ length: starts }, (_, i) => episodeAt(exposed, rows, begin(i), approach, hold))
  let done = 0
  return sensors.map(limits => {
    const errors: number[] = []
    let skipped = 0
    for (const start of episodes) {
      const episode: Episode = { ...start, sensors: [limits], direction: 1 }
      const usable = Number.isFinite(start.last[limits.column]) && !follow(episode, { ...HONEST, rows: approach }).alarm
      if (usable) for (const direction of [1, -1] as const) errors.push(largestError({ ...episode, direction }).error)
      else skipped++
      progress(++done / (sensors.length * episodes.length))
    }
    return { column: limits.column, errors, skipped }
  })
}

function episodeAt(exposed: Exposed, rows: Matrix, begin: number, approach: number, hold: number) {
  const process = new RecordedProcess(rows)
  const judge = exposed.watch()
  let last: ArrayLike<number> = []
  for (let row = 0; row < begin; row++) {
    last = process.advance(() => {})
    judge.push(last)
  }
  return { process, watch: judge, last, approach, hold }
}
