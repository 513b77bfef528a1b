import Type from 'typebox'
import { choice, list, section, text } from '../leaf.ts'
import { devices, ROLE_NAME } from './identity.ts'
import { QUARANTINES } from './prevention.ts'

const filters = (description: string) =>
  list(text('role-filter', { description: 'An MQTT topic filter; may hold `${site}`, `${device}` and `${role}`.' }), {
    description,
    default: [],
  })

const role = section(
  {
    publish: filters('Topics that the role may publish to, as filters. Wills count as publishing.'),
    subscribe: filters('What the role may subscribe to: a subscription must lie wholly inside one of these.'),
    receive: Type.Optional(
      list(text('role-filter', { description: 'An MQTT topic filter, as in `publish`.' }), {
        description: 'Topics whose messages may reach the role. Absent: the same as `subscribe`.',
      }),
    ),
  },
  { description: 'What one role may do. What is not listed is refused.' },
)

/** What each role may do. */
export const roles = Type.Record(Type.String({ pattern: ROLE_NAME }), role, {
  additionalProperties: false,
  description: 'What each role may do. A name is lowercase letters, digits and `-`, starting with a letter.',
  default: {},
})

/** The rings, in the design's order. */
export const RINGS = ['models', 'network', 'identity', 'integrity', 'lifecycle', 'watch', 'physical'] as const

/** The guards that exist today, each with its ring. */
export const GUARDS = {
  access: 'identity',
  size: 'network',
  rate: 'network',
  integrity: 'integrity',
  schema: 'network',
  invariant: 'integrity',
  rhythm: 'network',
  signature: 'network',
  command: 'physical',
  quarantine: 'network',
} as const

const MODES = ['off', 'observe', 'enforce'] as const

const ringMode = (ring: string) => ({ description: `Mode of the ${ring} ring's guards.` })
const guardMode = (guard: keyof typeof GUARDS) => ({
  description: `Mode of the ${guard} guard, in place of its ring's (${GUARDS[guard]}).`,
})

/** Mode by ring, complete. */
export const rings = section(
  {
    models: choice(MODES, { ...ringMode('models'), default: 'observe' }),
    network: choice(MODES, { ...ringMode('network'), default: 'observe' }),
    identity: choice(MODES, { ...ringMode('identity'), default: 'observe' }),
    integrity: choice(MODES, { ...ringMode('integrity'), default: 'observe' }),
    lifecycle: choice(MODES, { ...ringMode('lifecycle'), default: 'observe' }),
    watch: choice(MODES, { ...ringMode('watch'), default: 'observe' }),
    physical: choice(MODES, { ...ringMode('physical'), default: 'observe' }),
  },
  {
    description: 'What each ring does: `off`, `observe` (report only) or `enforce`. The floor is never off.',
    default: {},
  },
)

const someRings = section(
  {
    models: Type.Optional(choice(MODES, ringMode('models'))),
    network: Type.Optional(choice(MODES, ringMode('network'))),
    identity: Type.Optional(choice(MODES, ringMode('identity'))),
    integrity: Type.Optional(choice(MODES, ringMode('integrity'))),
    lifecycle: Type.Optional(choice(MODES, ringMode('lifecycle'))),
    watch: Type.Optional(choice(MODES, ringMode('watch'))),
    physical: Type.Optional(choice(MODES, ringMode('physical'))),
  },
  { description: 'Rings that differ for the group.', default: {} },
)

/** Mode by guard, where it differs from its ring's. */
export const guards = section(
  {
    access: Type.Optional(choice(MODES, guardMode('access'))),
    size: Type.Optional(choice(MODES, guardMode('size'))),
    rate: Type.Optional(choice(MODES, guardMode('rate'))),
    integrity: Type.Optional(choice(MODES, guardMode('integrity'))),
    schema: Type.Optional(choice(MODES, guardMode('schema'))),
    invariant: Type.Optional(choice(MODES, guardMode('invariant'))),
    rhythm: Type.Optional(choice(MODES, guardMode('rhythm'))),
    signature: Type.Optional(choice(MODES, guardMode('signature'))),
    command: Type.Optional(choice(MODES, guardMode('command'))),
    quarantine: Type.Optional(choice(MODES, guardMode('quarantine'))),
  },
  { description: 'Guards that differ from their ring.', default: {} },
)

/** Devices for which rings or guards differ. */
export const groups = list(
  section(
    {
      name: text(
        'name',
        { description: "The group's name, for logs and metrics." },
        '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$',
      ),
      devices: devices("The group's devices, by id."),
      rings: someRings,
      guards,
      quarantine: Type.Optional(
        choice(QUARANTINES, {
          description: 'What a quarantined device of the group may not do, in place of `prevention.quarantine`.',
        }),
      ),
    },
    { description: 'Some devices.' },
  ),
  {
    description: 'Devices for which rings or guards differ. A device belongs to the first group that matches.',
    default: [],
  },
)
