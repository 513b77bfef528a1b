import type { Config } from '../config/index.ts'
import { type Drift, rehearseDrift } from '../demo/drift.ts'
import { type Rehearsal, type RehearsalParts, rehearse } from '../demo/rehearsal.ts'
import { readProfiles } from '../keys/profiles.ts'
import { readRules } from '../keys/rules.ts'
import { SharedApprovals } from '../lanes/approvals.ts'
import { SharedLimits } from '../lanes/limits.ts'
import type { NamedTopic } from '../lanes/rhythm-keeper.ts'
import type { LaneTable } from '../lanes/table.ts'
import { compileProfiles } from '../profile/compile.ts'
import { compileRules } from '../signature/index.ts'
import { compilePlans, modeNames, SLOTS } from '../worker/plan.ts'
import { keepBaselines } from './demo-baselines.ts'

/** Of plant time. */
const MINUTES = 10
/** Of plant time, in which guards learn. */
const TEACHING = 40
const WORDS = 4_096

/**
 * Judges ten simulated minutes of the honest fleet by a configuration's own guards and profiles, as a worker composes them.
 * @param after minutes that pass unjudged before: those that profiles were learned from
 * @param learning minutes after them in which guards learn, and what they find does not count
 */
export function rehearseFleet(
  config: Config,
  seed: number,
  say: (line: string) => void,
  after = 0,
  learning = 0,
): Rehearsal {
  return rehearse({ ...partsOf(config, seed), minutes: MINUTES, after, learning, on: minuteTold(say) })
}

/** mm/s: well above what the laws of the demo's plant allow over a minute, and just above it. */
const RATES = [1.5, 0.5]

/** Lets a level drift, each time from the beginning, by a configuration's own guards and profiles. @param tolerance over the window, m */
export function rehearseDrifts(config: Config, seed: number, tolerance: number, rates = RATES): Drift[] {
  return rates.map(rate => rehearseDrift({ ...partsOf(config, seed), rate, tolerance }))
}

/**
 * As `rehearseFleet`, after minutes in which the guards learn; what they learned of the devices' rhythm stands ready for a gateway of
 * this configuration then.
 */
export async function teachFleet(
  config: Config,
  seed: number,
  say: (line: string) => void,
  after: number,
): Promise<Rehearsal> {
  const topics: NamedTopic[] = []
  const parts = partsOf(config, seed, (lane, key, topic) => topics.push({ lane, key, topic }))
  let lanes: LaneTable | null = null
  const taught = (table: LaneTable): void => {
    lanes = table
  }
  const told = rehearse({ ...parts, minutes: MINUTES, after, learning: TEACHING, on: minuteTold(say), taught })
  if (lanes !== null) await keepBaselines(config, lanes, topics, parts.modes ?? [])
  return told
}

const minuteTold = (say: (line: string) => void) => (minute: number) =>
  minute % 5 === 0 && say(`  ${minute} of ${MINUTES} simulated minutes of honest traffic judged`)

function partsOf(
  config: Config,
  seed: number,
  named?: (lane: number, key: number, topic: string) => void,
): Omit<RehearsalParts, 'minutes'> {
  const { site, profiles, rules } = config
  const signatures = compileRules(readRules(config), rules.vars)
  const book = compileProfiles(readProfiles(config), { site, mode: profiles.mode })
  const shared = {
    topics: new SharedLimits(WORDS, seed),
    approvals: new SharedApprovals(WORDS, [seed, 1, 2, 3]),
    ...(named && { named }),
  }
  return {
    site,
    seed,
    planOf: compilePlans(config, book, shared, signatures),
    slots: SLOTS,
    modes: modeNames(config, book),
    series: book.series.length,
  }
}
