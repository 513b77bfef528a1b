import {
  follow,
  largestError,
  type Plan,
  type SensorLimits,
  Watch,
} from '../../../packages/learn/src/robust/telemetry/index.ts'
import { type Contender, LEVEL } from './model-telemetry-detectors.ts'
import { LabProcess } from './model-telemetry-plant.ts'
import { plantSeed } from './model-telemetry-seeds.ts'

/** Runs of the plant that attacks begin in; each is attacked upward and downward. */
export const START_SEEDS = 6

/** A machine that has run for a while, and the detector that has watched it. */
export interface Situation {
  readonly process: LabProcess
  readonly watch: Watch
  readonly last: Float64Array
  readonly direction: 1 | -1
}

/** Seconds of the minute that the error is held. */
const HOLD = 60
/** Seconds that the detector has watched: from here to twice as many. */
const WATCHED = 700
const HONEST: Plan = { error: 0, rows: 1, knots: [], along: [], quiet: false }
const LEVEL_LIMITS: SensorLimits = { column: LEVEL, low: 0, high: 2, resolution: 1e-4, rate: 2 }

/** Seeded starts, in each of which the detector is silent if nobody attacks: an attack that begins in a false alarm says nothing. */
export function situations({ armed }: Contender, seed: number, count: number, approach: number): Situation[] {
  const found: Situation[] = []
  for (let run = 0; found.length < 2 * count; run++) {
    const process = new LabProcess(plantSeed('start', seed, run))
    const watch = Watch.of(armed)
    let last: Float64Array = new Float64Array()
    for (let second = 0; second < WATCHED + ((run * 97) % WATCHED); second++) {
      last = process.advance(() => {})
      watch.push(last)
    }
    const episode = { process, watch, last, sensors: [LEVEL_LIMITS], direction: 1, approach, hold: HOLD } as const
    if (follow(episode, { ...HONEST, rows: approach }).alarm) continue
    for (const direction of [1, -1] as const) found.push({ process, watch, last, direction })
  }
  return found
}

/** The largest error held, in m. */
export function spoofed(
  situation: Situation,
  { sensors, along }: { sensors: readonly SensorLimits[]; along: Plan['along'] },
  approach: number,
): number {
  return largestError({ ...situation, sensors, approach, hold: HOLD }, { along }).error
}
