import { type Config, compileModes } from '../config/index.ts'
import type { Guard } from '../contract/index.ts'
import { access } from '../guards/access.ts'
import { command } from '../guards/command.ts'
import { invariant } from '../guards/invariant.ts'
import { ProfileDesk } from '../guards/payload.ts'
import { type RateLimits, rate, type TopicLimit } from '../guards/rate.ts'
import { schema } from '../guards/schema.ts'
import { signature } from '../guards/signature.ts'
import { size } from '../guards/size.ts'
import type { SharedApprovals } from '../lanes/approvals.ts'
import type { SharedLimits } from '../lanes/limits.ts'
import { type Plan, planOf } from '../path/judge.ts'
import type { ProfileBook } from '../profile/book.ts'
import type { RuleSet } from '../signature/index.ts'

/** How many guards keep something with an address or a connection. */
export const SLOTS = 6

/** Memory that the guards of all workers share: budgets of topics, and which commands were said. */
export interface SharedMemory {
  readonly topics: SharedLimits
  readonly approvals: SharedApprovals
}

/** The guards in the order in which they judge; the slot of each is a parameter. */
function guards(config: Config, book: ProfileBook, shared: SharedMemory, signatures: RuleSet | null): Guard[] {
  const first = [access(config.roles, 0), size(config.size, 1), rate(rateLimits(config, book), shared.topics, 2)]
  const { strangers, undeclared, downward } = config.profiles
  const signed = signatures === null ? [] : [signature(signatures, config.listen.mqtts.port, 5)]
  if (book.descriptions.length === 0 && strangers === 'allow') return [...first, ...signed]
  const desk = new ProfileDesk(book, { all: downward === 'all' }, 3)
  const rules = { undeclared: undeclared === 'refuse', strangers: strangers === 'refuse' }
  return [...first, schema(desk, rules), invariant(desk), ...signed, command(desk, shared.approvals, 4)]
}

function rateLimits({ rate: { connection, device, topics, patience } }: Config, book: ProfileBook): RateLimits {
  const limit = (each: { messages: number; burst: number }) => ({ perSecond: each.messages, burst: each.burst })
  return {
    connection: limit(connection),
    device: limit(device),
    topics: [...topics.map(each => ({ ...limit(each), filter: each.filter })), ...profileLimits(book)],
    patience,
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

/** Whether a plan reads what edge nodes say, and so knows of their births. */
export function readsPayloads(plan: Plan): boolean {
  return plan.some(({ guard }) => guard.name === 'schema')
}

/** Compiles the guards once and says which plan a device's acts are judged by. */
export function compilePlans(
  config: Config,
  book: ProfileBook,
  shared: SharedMemory,
  signatures: RuleSet | null = null,
): (device: string) => Plan {
  const all = guards(config, book, shared, signatures)
  const modesOf = compileModes(config)
  const plans = new Map<string, Plan>()
  return device => {
    const { group, modes } = modesOf(device)
    let plan = plans.get(group)
    if (plan === undefined) {
      plan = planOf(
        all.flatMap(guard => {
          const mode = modes[guard.name as keyof typeof modes]
          // Literals: texts out of a file are compared letter by letter, with every act.
          return mode === 'off' ? [] : [{ guard, mode: mode === 'enforce' ? 'enforce' : 'observe' }]
        }),
      )
      plans.set(group, plan)
    }
    return plan
  }
}
