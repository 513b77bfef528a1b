import type Type from 'typebox'
import { section, text } from './leaf.ts'
import { groups, guards, rings, roles } from './sections/access.ts'
import { context, load } from './sections/context.ts'
import { identity } from './sections/identity.ts'
import { intrusion } from './sections/intrusion.ts'
import { ledger } from './sections/ledger.ts'
import { limits, rates, size } from './sections/limits.ts'
import { listen } from './sections/listen.ts'
import { control, log, metrics, store } from './sections/operator.ts'
import { prevention } from './sections/prevention.ts'
import { profiles } from './sections/profiles.ts'
import { record } from './sections/record.ts'
import { rhythm } from './sections/rhythm.ts'
import { rules } from './sections/rules.ts'
import { scenarios } from './sections/scenarios.ts'
import { seals } from './sections/seals.ts'
import { session } from './sections/session.ts'
import { upstream } from './sections/upstream.ts'
import type { Shape } from './shape.ts'

/** The one schema of `ringwall.yaml`: keys, types, ranges, defaults and the sentence that describes each key. */
export const schema = section(
  {
    site: text(
      'name',
      { description: 'The name of this site; part of every device id. Letters, digits, `.`, `_` and `-`, at most 64.' },
      '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$',
    ),
    listen,
    upstream,
    identity,
    roles,
    profiles,
    rules,
    scenarios,
    intrusion,
    rings,
    guards,
    groups,
    session,
    limits,
    size,
    rate: rates,
    rhythm,
    context,
    load,
    prevention,
    metrics,
    control,
    store,
    record,
    ledger,
    seals,
    log,
  },
  { description: 'The configuration of a Ringwall gateway.' },
)

/** The same schema, as the walkers of this room see it. */
export const shape = schema as unknown as Shape

type Read = Type.Static<typeof schema>
type Role = Required<Read['roles'][string]>

/**
 * A configuration, checked and with all defaults filled in. Durations are milliseconds, sizes bytes, rates a second, paths absolute.
 */
export type Config = Omit<Read, 'roles'> & { roles: Record<string, Role> }
