import type { Config } from '../config/index.ts'
import { type Drift, rehearseDrift } from '../demo/drift.ts'
import { type Rehearsal, type RehearsalParts, rehearse } from '../demo/rehearsal.ts'
import { readProfiles } from '../keys/profiles.ts'
import { readRules } from '../keys/rules.ts'
import { SharedApprovals } from '../lanes/approvals.ts'
import { SharedLimits } from '../lanes/limits.ts'
import { compileProfiles } from '../profile/compile.ts'
import { compileRules } from '../signature/index.ts'
import { compilePlans, modeNames, SLOTS } from '../worker/plan.ts'

/** Of plant time. */
const MINUTES = 10
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
  const on = (minute: number) =>
    minute % 5 === 0 && say(`  ${minute} of ${MINUTES} simulated minutes of honest traffic judged`)
  return rehearse({ ...partsOf(config, seed), minutes: MINUTES, after, learning, on })
}

/** mm/s: well above what the laws of the demo's plant allow over a minute, and just above it. */
const RATES = [1.5, 0.5]

/** Lets a level drift, each time from the beginning, by a configuration's own guards and profiles. @param tolerance over the window, m */
export function rehearseDrifts(config: Config, seed: number, tolerance: number, rates = RATES): Drift[] {
  return rates.map(rate => rehearseDrift({ ...partsOf(config, seed), rate, tolerance }))
}

function partsOf(config: Config, seed: number): Omit<RehearsalParts, 'minutes'> {
  const { site, profiles, rules } = config
  const signatures = compileRules(readRules(config), rules.vars)
  const book = compileProfiles(readProfiles(config), { site, mode: profiles.mode })
  const shared = { topics: new SharedLimits(WORDS, seed), approvals: new SharedApprovals(WORDS, [seed, 1, 2, 3]) }
  return {
    site,
    seed,
    planOf: compilePlans(config, book, shared, signatures),
    slots: SLOTS,
    modes: modeNames(config, book),
    series: book.series.length,
  }
}
