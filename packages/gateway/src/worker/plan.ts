import { type Config, compileGlobs } from '../config/index.ts'
import type { Guard, Mode, Ring } from '../contract/index.ts'
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

type Modes = { readonly rings: Partial<Record<Ring, Mode>>; readonly guards: Partial<Record<string, Mode>> }

/** Compiles the guards once and says which plan a device's acts are judged by: the first group that it is in, else the gateway's. */
export function compilePlans(config: Config, shared: SharedLimits): (device: string) => Plan {
  const all = guards(config, shared)
  const base = plan(all, [config])
  const groups = config.groups.map(group => ({
    covers: compileGlobs(group.devices),
    plan: plan(all, [group, config]),
  }))
  return device => groups.find(group => group.covers(device))?.plan ?? base
}

/** Within one layer a guard's own mode goes before its ring's; a group's layer goes before the gateway's. */
function plan(all: readonly Guard[], layers: readonly Modes[]): Plan {
  return all.flatMap(guard => {
    const mode = layers
      .map(layer => layer.guards[guard.name] ?? layer.rings[guard.ring])
      .find(each => each !== undefined)
    return mode === undefined || mode === 'off' ? [] : [{ guard, mode }]
  })
}
