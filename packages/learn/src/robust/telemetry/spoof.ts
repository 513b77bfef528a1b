import { checkEpisode, type Episode, follow, type Outcome, type Plan } from './episode.ts'
import { greedy } from './greedy.ts'

/** How hard a spoofer tries. */
export interface SpoofOptions {
  /** What further sensors could lie along with an error of one unit of the first: by it, and by its change from row to row. What does not lie along at all is tried by itself. */
  readonly along?: Plan['along']
  /** Steps along the gradient; 3 if absent. */
  readonly steps?: number
  /** Whether the greedy spoofer is tried; true if absent. */
  readonly greedy?: boolean
}

/** What a spoofer could hold. */
export interface Spoofed {
  /** The least error over the rows held, in the sensor's unit, of the strongest attack. */
  readonly error: number
  /** Which attack it was. */
  readonly by: 'plan' | 'gradient' | 'greedy' | 'none'
  readonly plan: Plan | null
  /** Runs of the machine that it took. */
  readonly runs: number
}

/** Shares of the approach that ramps take. */
const RAMPS = [1 / 120, 0.1, 0.25, 0.5, 1]
const KNOTS = [0.25, 0.5, 0.75]
const HALVINGS = 5
/** By how much more a try must be. */
const MORE = 1.04
/** Sharpness of the smooth maximum that the gradient is of. */
const SHARP = 30
const NUDGE = 0.04

/**
 * The largest error that a spoofer who knows machine, controller and detector can hold for the episode's rows without an alarm: the strongest of ramps of several lengths, of
 * what the gradient makes of the best of them (central differences of the smooth maximum of all scores, through the closed loop), and of the greedy spoofer. Each
 * plan is run through the loop before it counts. Error: `episode_wrong`.
 */
export function largestError(episode: Episode, options: SpoofOptions = {}): Spoofed {
  checkEpisode(episode)
  const { steps = 3 } = options
  const { sensors, approach } = episode
  const still = sensors.slice(1).map(() => ({ share: 0, slope: 0 }))
  const lies = options.along === undefined || sensors.length === 1 ? [still] : [still, options.along]
  const search = new Search(episode)
  for (const along of lies)
    for (const quiet of [true, false])
      for (const share of RAMPS) {
        const rows = Math.max(1, Math.round(share * approach))
        search.climb({ error: 0, rows, knots: KNOTS, along, quiet }, 'plan')
      }
  for (let step = 0; step < steps && search.best !== null; step++) {
    const moved = downhill(episode, { ...search.best, error: MORE * search.best.error })
    search.runs += moved.runs
    if (!search.climb(moved.plan, 'gradient')) break
  }
  const { best, runs, by } = search
  if (options.greedy === false) return { error: search.held, by, plan: best, runs }
  const shares = (best?.along ?? still).map(({ share }) => share)
  const { low, high } = sensors[0]
  const targets = [Math.max(MORE * search.held, (high - low) / 1000), (high - low) / 2]
  const reached = Math.max(...targets.map(target => greedy(episode, target, shares)))
  if (reached > search.held) return { error: reached, by: 'greedy', plan: null, runs: runs + targets.length }
  return { error: search.held, by, plan: best, runs: runs + targets.length }
}

/** The best plan so far. */
class Search {
  readonly #episode: Episode
  best: Plan | null = null
  held = 0
  by: 'plan' | 'gradient' | 'none' = 'none'
  runs = 0

  constructor(episode: Episode) {
    this.#episode = episode
  }

  /** Looks how far a shape carries: doubled until it fails, then by halves. True where it goes further than what was best. */
  climb(shape: Plan, by: 'plan' | 'gradient'): boolean {
    const { low, high } = this.#episode.sensors[0]
    const least = (high - low) / 2_000
    let good = 0
    let bad = Number.POSITIVE_INFINITY
    let error = Math.max(least, MORE * (this.best?.error ?? 0))
    for (let i = 0; i < 2 * HALVINGS + 10 && error <= high - low && bad > MORE * good; i++) {
      if (this.#holds({ ...shape, error }, by)) good = error
      else if (good === 0) return false
      else bad = error
      error = bad === Number.POSITIVE_INFINITY ? 1.5 * good : (good + bad) / 2
    }
    return good > 0
  }

  #holds(plan: Plan, by: 'plan' | 'gradient'): boolean {
    this.runs++
    const { held, alarm }: Outcome = follow(this.#episode, plan)
    // Range or rate may keep an attack from what it wants: then wanting more is of no use.
    if (alarm || held <= this.held) return false
    this.best = plan
    this.held = held
    this.by = by
    return true
  }
}

/** A plan moved a step down the gradient of its smooth maximum score. */
function downhill(episode: Episode, plan: Plan): { plan: Plan; runs: number } {
  const worst = (at: readonly number[]): number => {
    const { scores } = follow(episode, planAt(plan, at), true)
    const top = Math.max(...scores)
    return top + Math.log(scores.reduce((sum, score) => sum + Math.exp(SHARP * (score - top)), 0)) / SHARP
  }
  const from = parametersOf(plan)
  const slope = from.map((value, i) => {
    const nudge = NUDGE * Math.max(0.25, Math.abs(value))
    const at = (by: number): number[] => from.map((each, k) => (k === i ? each + by : each))
    return (worst(at(nudge)) - worst(at(-nudge))) / 2
  })
  const length = Math.hypot(...slope)
  if (!(length > 0)) return { plan, runs: 2 * from.length }
  const tries = [0.05, 0.15, 0.4].map(rate =>
    from.map((value, i) => value - (rate * slope[i] * Math.max(0.25, Math.abs(value))) / length),
  )
  const scores = tries.map(worst)
  return { plan: planAt(plan, tries[scores.indexOf(Math.min(...scores))]), runs: 2 * from.length + tries.length }
}

function parametersOf({ knots, along }: Plan): number[] {
  return [...knots, ...along.flatMap(({ share, slope }) => [share, slope])]
}

function planAt(plan: Plan, values: readonly number[]): Plan {
  const { knots } = plan
  const along = plan.along.map((_, i) => ({
    share: values[knots.length + 2 * i],
    slope: values[knots.length + 2 * i + 1],
  }))
  return { ...plan, knots: values.slice(0, knots.length).map(share => Math.min(1.2, Math.max(0, share))), along }
}
