import { type Named, type SimulatedAct, simulate, undisturbed } from '@ringwall/lab'
import { type RehearsalParts, Stage } from './rehearsal.ts'

/** What a rehearsed drift takes. */
export interface DriftParts extends Pick<RehearsalParts, 'site' | 'seed' | 'planOf' | 'slots' | 'series'> {
  /** How fast the lie grows, mm/s. */
  readonly rate: number
  /** What the laws allow a level to be off by over their window, m. */
  readonly tolerance: number
}

/** How far a drift had gone when a guard first spoke of it. */
export interface Drift {
  /** mm/s */
  readonly rate: number
  /** The guard and its code; empty where none spoke. */
  readonly by: string
  /** From the first false reading to the finding, s; where none came, to the end of the rehearsal. */
  readonly seconds: number
  /** Null where it was never named. */
  readonly named: Named | null
  /** How far it was in the end, m. */
  readonly deviation: number
}

/** Whose level is drifting, that of tank 2. */
const LIAR = 'level-2'
/** The plant is in normal operation from here until it is stopped, s. */
const FROM = 60
const MINUTES = 2.9

/**
 * Lets a level drift so slowly that a live demo has no time for it: the honest fleet's traffic in simulated time, in which one sensor
 * lies by a little more each time, with everything that says the same once more.
 */
export function rehearseDrift(parts: DriftParts): Drift {
  const { site, seed, rate, tolerance } = parts
  const stage = new Stage(parts)
  let began = 0
  let seconds = 0
  let deviation = 0
  for (const act of simulate({ seed, site, minutes: MINUTES, script: undisturbed(MINUTES) })) {
    if (began === 0) began = act.wall
    const isLie = act.device === LIAR && act.topic === `${site}/${LIAR}/telemetry` && act.wall - began >= FROM * 1000
    if (!isLie) {
      stage.judge(act)
      continue
    }
    seconds = Number(((act.wall - began) / 1000 - FROM).toFixed(1))
    deviation = Number(((rate * seconds) / 1000).toFixed(4))
    const [finding] = stage.judge(raised(act, deviation))
    if (finding === undefined) continue
    const named = { deviation, tolerance, unit: 'm' }
    return { rate, by: `${finding.guard} ${finding.code}`, seconds, named, deviation }
  }
  return { rate, by: '', seconds, named: null, deviation }
}

/** The same message with a level that is so many meters higher. */
function raised(act: SimulatedAct, by: number): SimulatedAct {
  const told = JSON.parse(new TextDecoder().decode(act.payload)) as { value: number }
  const value = Number((told.value + by).toFixed(4))
  const cm = Number((value * 100).toFixed(2))
  return { ...act, payload: new TextEncoder().encode(JSON.stringify({ ...told, value, cm })) }
}
