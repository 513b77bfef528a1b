import { LearnError } from '../../base/error.ts'
import type { Process, SensorLimits } from './process.ts'
import type { Watch } from './watch.ts'

/** Where an attack begins, and what it is about. */
export interface Episode {
  readonly process: Process
  /** What judges, having seen the rows before. */
  readonly watch: Watch
  /** The last row before. */
  readonly last: ArrayLike<number>
  /** What the attacker speaks for; the first is the sensor whose error counts. */
  readonly sensors: readonly SensorLimits[]
  /** 1: the sensor says more than is true; -1: less. */
  readonly direction: 1 | -1
  /** Rows that the attacker may take to get there. */
  readonly approach: number
  /** Rows for which the error must be held. */
  readonly hold: number
}

/** How a spoofer moves. */
export interface Plan {
  /** What is added in the end to the first sensor, in its unit, in the episode's direction. */
  readonly error: number
  /** Rows from nothing to all of it. */
  readonly rows: number
  /** Shares of the error at even distances of these rows; begins at 0 and ends at 1 without being said. */
  readonly knots: readonly number[]
  /** For each further sensor: how much it lies along with the first, by its error and by the change of that from row to row. */
  readonly along: readonly { readonly share: number; readonly slope: number }[]
  /** Whether the first sensor's noise is left out: the attacker knows the truth. */
  readonly quiet: boolean
}

/** What came of a plan. */
export interface Outcome {
  /** The least error over the rows held, in the sensor's unit; 0 where there was an alarm. */
  readonly held: number
  readonly alarm: boolean
  /** Scores by row, over the threshold. */
  readonly scores: readonly number[]
}

/** Refuses what is no episode. Error: `episode_wrong`. */
export function checkEpisode({ sensors, approach, hold, last }: Episode): void {
  const wrong = (what: string): never => {
    throw new LearnError('episode_wrong', what)
  }
  if (sensors.length === 0) wrong('a spoofer speaks for one sensor or more, not for none')
  for (const { column, low, high, resolution, rate } of sensors) {
    if (!(column >= 0 && column < last.length)) wrong(`there is no column ${column} in rows of ${last.length}`)
    if (!(low < high && resolution > 0 && rate > 0))
      wrong(`column ${column} from ${low} to ${high} in steps of ${resolution}, ${rate} a row: no sensor is like that`)
  }
  for (const [name, rows] of [['approach', approach] as const, ['hold', hold] as const])
    if (!Number.isInteger(rows) || rows < 1) wrong(`${name} is a whole number of rows from 1, not ${rows}`)
}

/** Says readings that the sensors could say: in range, of their resolution, no faster than their rate. */
export class Mouth {
  readonly #sensors: readonly SensorLimits[]
  readonly #last: number[]

  constructor(sensors: readonly SensorLimits[], last: ArrayLike<number>) {
    this.#sensors = sensors
    this.#last = sensors.map(({ column }) => last[column])
  }

  /** What the sensor would say for a reading that is wanted. */
  allowed(i: number, wanted: number): number {
    const { low, high, resolution, rate } = this.#sensors[i]
    const least = Math.max(low, this.#last[i] - rate)
    const most = Math.min(high, this.#last[i] + rate)
    const steps = Math.round(Math.min(most, Math.max(least, wanted)) / resolution)
    // A step too far by rounding is taken back.
    const inside =
      steps * resolution > most + 1e-12 ? steps - 1 : steps * resolution < least - 1e-12 ? steps + 1 : steps
    return inside * resolution
  }

  say(row: Float64Array, i: number, wanted: number): void {
    this.#last[i] = this.allowed(i, wanted)
    row[this.#sensors[i].column] = this.#last[i]
  }
}

/** The share of the error after so many rows. */
export function shareAt({ rows, knots }: Plan, row: number): number {
  if (row >= rows) return 1
  const at = (Math.max(0, row) / rows) * (knots.length + 1)
  const place = Math.floor(at)
  const value = (i: number): number => (i === 0 ? 0 : (knots[i - 1] ?? 1))
  return value(place) + (at - place) * (value(place + 1) - value(place))
}

/** Runs a plan through machine, controller and detector. @param toEnd goes on behind an alarm, to know all scores */
export function follow(episode: Episode, plan: Plan, toEnd = false): Outcome {
  const { sensors, direction, hold } = episode
  const process = episode.process.copy()
  const watch = episode.watch.copy()
  const mouth = new Mouth(sensors, episode.last)
  const main = sensors[0].column
  const scores: number[] = []
  let held = Number.POSITIVE_INFINITY
  let alarm = false
  for (let row = 1; row <= plan.rows + hold && (toEnd || !alarm); row++) {
    const offset = direction * plan.error * shareAt(plan, row)
    const before = direction * plan.error * shareAt(plan, row - 1)
    const said = process.advance(values => {
      mouth.say(values, 0, (plan.quiet ? process.truth(main) : values[main]) + offset)
      for (const [i, { share, slope }] of plan.along.entries())
        mouth.say(values, i + 1, values[sensors[i + 1].column] + share * offset + slope * (offset - before))
    })
    if (row > plan.rows) held = Math.min(held, direction * (said[main] - process.truth(main)))
    const score = watch.push(said)
    scores.push(score)
    alarm ||= score > 1
  }
  return { held: alarm ? 0 : Math.max(0, held), alarm, scores }
}
