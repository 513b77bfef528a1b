import { type Config, compileModes } from '../config/index.ts'
import type { Guard } from '../contract/index.ts'
import { access } from '../guards/access.ts'
import { type RateLimits, rate } from '../guards/rate.ts'
import { size } from '../guards/size.ts'
import type { SharedLimits } from '../lanes/limits.ts'
import type { Plan } from '../path/judge.ts'

/** How many guards keep something with an address or a connection. */
export const SLOTS = 3

/** The guards in the order in which they judge; the second parameter of each is its slot. */
function guards(config: Config, shared: SharedLimits): Guard[] {
  return [access(config.roles, 0), size(config.size, 1), rate(rateLimits(config), shared, 2)]
}

function rateLimits({ rate: { connection, device, topics, patience } }: Config): RateLimits {
  const limit = (each: { messages: number; burst: number }) => ({ perSecond: each.messages, burst: each.burst })
  return {
    connection: limit(connection),
    device: limit(device),
    topics: topics.map(each => ({ ...limit(each), filter: each.filter })),
    patience,
  }
}

/** Compiles the guards once and says which plan a device's acts are judged by. */
export function compilePlans(config: Config, shared: SharedLimits): (device: string) => Plan {
  const all = guards(config, shared)
  const modesOf = compileModes(config)
  const plans = new Map<string, Plan>()
  return device => {
    const { group, modes } = modesOf(device)
    let plan = plans.get(group)
    if (plan === undefined) {
      plan = all.flatMap(guard => {
        const mode = modes[guard.name as keyof typeof modes]
        return mode === 'off' ? [] : [{ guard, mode }]
      })
      plans.set(group, plan)
    }
    return plan
  }
}
