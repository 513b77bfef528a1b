import type { Problem } from './problem.ts'
import type { Config } from './schema.ts'
import { GUARDS, RINGS } from './sections/access.ts'

/** What is allowed and does less than it seems: rings that are enforced and have no guard yet, roles that allow nothing. */
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
  for (const [name, role] of Object.entries(config.roles)) {
    if (role.publish.length + role.subscribe.length + role.receive.length > 0) continue
    warnings.push(
      warning('role_empty', `the role ${name} may do nothing`, 'List topics, or remove it.', `roles.${name}`),
    )
  }
  return warnings
}

const warning = (code: string, what: string, hint: string, field: string): Problem => ({
  code,
  what,
  hint,
  place: { field },
})
