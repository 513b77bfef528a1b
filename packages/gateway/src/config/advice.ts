import type { GuardName } from './modes.ts'
import type { Problem } from './problem.ts'
import type { Config } from './schema.ts'
import { GUARDS, RINGS } from './sections/access.ts'

/**
 * What is allowed and does less than it seems: rings that are enforced and have no guard yet, payloads that are refused less than what
 * is judged of their values, roles that allow nothing.
 */
export function advice(config: Config): Problem[] {
  const guarded = new Set<string>(Object.values(GUARDS))
  const empty = RINGS.filter(ring => config.rings[ring] === 'enforce' && !guarded.has(ring))
  const warnings = empty.map(ring =>
    warning('ring_empty', `the ring ${ring} is enforced and has no guard yet`, 'Write observe.', `rings.${ring}`),
  )
  for (const [index, group] of config.groups.entries()) {
    for (const ring of RINGS) {
      if (group.rings[ring] !== 'enforce' || guarded.has(ring)) continue
      const what = `the ring ${ring} is enforced for ${group.name} and has no guard yet`
      warnings.push(warning('ring_empty', what, 'Write observe.', `groups[${index}].rings.${ring}`))
    }
  }
  warnings.push(...payloads(config))
  for (const [name, role] of Object.entries(config.roles)) {
    if (role.publish.length + role.subscribe.length + role.receive.length > 0) continue
    warnings.push(
      warning('role_empty', `the role ${name} may do nothing`, 'List topics, or remove it.', `roles.${name}`),
    )
  }
  return warnings
}

/** `invariant` and `command` judge what `schema` has read. They refuse what they cannot judge, but not what only `schema` finds. */
function payloads(config: Config): Problem[] {
  const { rings, guards, groups, profiles } = config
  if (profiles.files.length === 0) return []
  const places = [
    { field: 'guards.schema', mode: (guard: GuardName) => guards[guard] ?? rings[GUARDS[guard]] },
    ...groups.map((group, index) => ({
      field: `groups[${index}].guards.schema`,
      mode: (guard: GuardName) =>
        group.guards[guard] ?? group.rings[GUARDS[guard]] ?? guards[guard] ?? rings[GUARDS[guard]],
    })),
  ]
  return places.flatMap(({ field, mode }) => {
    const harder = (['invariant', 'command'] as const).filter(guard => mode(guard) === 'enforce')
    if (harder.length === 0 || mode('schema') === 'enforce') return []
    const what = `schema is not enforced and ${harder.join(' and ')} ${harder.length === 1 ? 'is' : 'are'}`
    return [warning('schema_weaker', what, 'Enforce schema too: what it finds passes otherwise.', field)]
  })
}

const warning = (code: string, what: string, hint: string, field: string): Problem => ({
  code,
  what,
  hint,
  place: { field },
})
