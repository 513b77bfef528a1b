import { type Config, compileGlobs, compileModes } from '../config/index.ts'
import type { Guard } from '../contract/index.ts'
import { access } from '../guards/access.ts'
import { command } from '../guards/command.ts'
import { context } from '../guards/context.ts'
import { invariant } from '../guards/invariant.ts'
import { ProfileDesk } from '../guards/payload.ts'
import { type QuarantineRule, quarantine } from '../guards/quarantine.ts'
import { type RateLimits, rate, type TopicLimit } from '../guards/rate.ts'
import { type RhythmOptions, rhythm } from '../guards/rhythm.ts'
import { schema } from '../guards/schema.ts'
import { signature } from '../guards/signature.ts'
import { size } from '../guards/size.ts'
import type { SharedApprovals } from '../lanes/approvals.ts'
import type { SharedLimits } from '../lanes/limits.ts'
import type { Standing } from '../lanes/standing.ts'
import { type Plan, planOf } from '../path/judge.ts'
import type { ProfileBook } from '../profile/book.ts'
import type { RuleSet } from '../signature/index.ts'

/** How many guards keep something with an address or a connection. */
export const SLOTS = 8
/** The slot of the guard that verifies seals. */
export const SEAL_SLOT = 7

/** Memory that the guards of all workers share: budgets of topics, and which commands were said. */
export interface SharedMemory {
  readonly topics: SharedLimits
  readonly approvals: SharedApprovals
  /** Absent where nothing can be told of the plant, as in a rehearsal. */
  readonly standing?: Standing
  /** Told of each topic that is learned, by its lane. */
  readonly named?: RhythmOptions['named']
}

/** The guards in the order in which they judge; the slot of each is a parameter. */
export function compileGuards(
  config: Config,
  book: ProfileBook,
  shared: SharedMemory,
  signatures: RuleSet | null = null,
  seals: Guard | null = null,
): Guard[] {
  const before = [access(config.roles, 0), size(config.size, 1), rate(rateLimits(config, book), shared.topics, 2)]
  // Before all that learn: what is forged teaches nothing.
  const first = seals === null ? before : [...before, seals]
  const { strangers, undeclared, downward } = config.profiles
  const learned = rhythmOptions(config, book, shared)
  const last = quarantineOf(config)
  const signed = signatures === null ? [] : [signature(signatures, config.listen.mqtts.port, 6)]
  if (book.descriptions.length === 0 && strangers === 'allow') {
    return [...first, rhythm(learned, null, 5), ...signed, quarantine(null, last)]
  }
  const desk = new ProfileDesk(book, { all: downward === 'all' }, 3)
  const rules = { undeclared: undeclared === 'refuse', strangers: strangers === 'refuse' }
  const judged = [schema(desk, rules), invariant(desk), rhythm(learned, desk, 5), ...signed]
  return [...first, ...judged, command(desk, shared.approvals, 4), quarantine(desk, last)]
}

function quarantineOf({ groups, prevention }: Config): (device: string) => QuarantineRule {
  const rules = groups.map(group => ({ covers: compileGlobs(group.devices), rule: group.quarantine }))
  return device => rules.find(({ covers }) => covers(device))?.rule ?? prevention.quarantine
}

function rhythmOptions(config: Config, book: ProfileBook, { named }: SharedMemory): RhythmOptions {
  return { ...config.rhythm, modes: modeNames(config, book), ...(named === undefined ? {} : { named }) }
}

/** The names of the operating modes, by their index in `Scene.mode`. */
export function modeNames({ context }: Config, book: ProfileBook): readonly string[] {
  return context.mode?.states ?? book.mode?.states ?? []
}

function rateLimits(config: Config, book: ProfileBook): RateLimits {
  const { connection, device, topics, patience, headroom, floor, recovery } = config.rate
  const limit = (each: { messages: number; burst: number }) => ({ perSecond: each.messages, burst: each.burst })
  return {
    connection: limit(connection),
    device: limit(device),
    topics: [...topics.map(each => ({ ...limit(each), filter: each.filter })), ...profileLimits(book)],
    patience,
    adaptation: { headroom, floor, recovery, modes: modeNames(config, book) },
  }
}

/** How often a profile's devices may speak on its topics. Commands have a limit of their own, whoever sends them. */
function profileLimits(book: ProfileBook): TopicLimit[] {
  return book.descriptions.flatMap(description => {
    const covers = (device: string): boolean => book.profileOf(device) === description
    return description.affordances.flatMap(({ kind, rate: limit, topics }) =>
      limit === null || kind === 'command' ? [] : topics.map(topic => ({ ...limit, filter: topic.filter(), covers })),
    )
  })
}

/** Who hears the operating mode on its topic; it refuses nothing, and no mode of a ring switches it off. */
function listeners({ context: { mode } }: Config, { standing }: SharedMemory): Plan {
  if (mode === undefined || standing === undefined) return []
  const { topic, states, from } = mode
  return [{ guard: context({ topic, states, trusts: compileGlobs(from) }, standing), mode: 'observe' }]
}

/** Whether a plan reads what edge nodes say, and so knows of their births. */
export function readsPayloads(plan: Plan): boolean {
  return plan.some(({ guard }) => guard.name === 'schema')
}

/**
 * Compiles the guards once and says which plan a device's acts are judged by. In a bypass the same guards only observe: what
 * they have learned and counted stays.
 */
export function compilePlans(
  config: Config,
  book: ProfileBook,
  shared: SharedMemory,
  signatures: RuleSet | null = null,
  seals: Guard | null = null,
): (device: string, isBypassed?: boolean) => Plan {
  return plansOf(config, compileGuards(config, book, shared, signatures, seals), listeners(config, shared))
}

/** Says which of the guards judge a device's acts, and in which modes. @param listening those that no mode switches off */
export function plansOf(
  config: Config,
  all: readonly Guard[],
  listening: Plan = [],
): (device: string, isBypassed?: boolean) => Plan {
  const modesOf = compileModes(config)
  const plans = new Map<string, { usual: Plan; bypassed: Plan }>()
  return (device, isBypassed = false) => {
    const { group, modes } = modesOf(device)
    let pair = plans.get(group)
    if (pair === undefined) {
      const judging: Plan = all.flatMap((guard): Plan[number][] => {
        const mode = modes[guard.name as keyof typeof modes]
        // Literals: texts out of a file are compared letter by letter, with every act.
        return mode === 'off' ? [] : [{ guard, mode: mode === 'enforce' ? 'enforce' : 'observe' }]
      })
      const usual = planOf([...judging, ...listening])
      const bypassed = planOf(usual.map(({ guard }) => ({ guard, mode: 'observe' })))
      pair = { usual, bypassed }
      plans.set(group, pair)
    }
    return isBypassed ? pair.bypassed : pair.usual
  }
}
