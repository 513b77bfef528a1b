import type { Config } from '../config/index.ts'
import type { Guard, Tap } from '../contract/index.ts'
import { SharedApprovals } from '../lanes/approvals.ts'
import { SharedLimits } from '../lanes/limits.ts'
import { SharedSeries } from '../lanes/series.ts'
import type { Plan } from '../path/judge.ts'
import type { ProfileBook } from '../profile/book.ts'
import { compileProfiles } from '../profile/compile.ts'
import { SparkplugDesk } from '../profile/sparkplug.ts'
import type { Sources } from '../recording/head.ts'
import type { SealSlots } from '../seals/slots.ts'
import { compileRules } from '../signature/index.ts'
import { compileGuards, plansOf, SEAL_SLOT } from '../worker/plan.ts'
import { sealGuard, sealSlotsOf } from '../worker/seals.ts'

const WORDS = 65_536

/** Guards as a worker compiles them, and all that they read beside lanes, away from any gateway. */
export interface House {
  readonly book: ProfileBook
  readonly series: SharedSeries
  readonly sparkplug: SparkplugDesk
  /** The keys of seals; null where seals are off. */
  readonly seals: SealSlots | null
  /** The guards by name, whatever their modes are. */
  readonly guards: ReadonlyMap<string, Guard>
  /** The same guards as the configuration's modes want them. */
  readonly planFor: (device: string) => Plan
}

/**
 * Compiles a configuration. Errors: `ConfigError` of its profiles.
 * @param tap where what guards read of shared memory passes by
 * @param sealSecret of the site; null where what was found of MACs is recalled, or nobody can say it
 */
export function buildHouse(
  config: Config,
  sources: Sources,
  tap: Tap | null,
  sealSecret: Uint8Array | null = null,
): House {
  const sparkplug = new SparkplugDesk()
  const book = compileProfiles(sources.profiles, { site: config.site, mode: config.profiles.mode, sparkplug })
  const series = new SharedSeries(book.series.length)
  const shared = { topics: new SharedLimits(WORDS, 1), approvals: new SharedApprovals(WORDS, [1, 2, 3, 4]) }
  const seals = sealSlotsOf(config, sealSecret)
  for (const each of [sparkplug, series, shared.topics, shared.approvals]) each.tap = tap
  if (seals !== null) seals.tap = tap
  const signatures = sources.rules.length === 0 ? null : compileRules(sources.rules, config.rules.vars)
  const guards = compileGuards(config, book, shared, signatures, sealGuard(config, seals, SEAL_SLOT))
  return {
    book,
    series,
    sparkplug,
    seals,
    guards: new Map(guards.map(guard => [guard.name, guard])),
    planFor: plansOf(config, guards),
  }
}
