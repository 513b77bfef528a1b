import { filterCovers, filterMatches } from '@ringwall/wire'
import type { Act, Guard, Principal } from '../contract/index.ts'

/** What a role may do: topic filters with `${site}`, `${device}` and `${role}` in them. */
export interface Role {
  readonly publish?: readonly string[]
  readonly subscribe?: readonly string[]
  /** What may come down to the device; what it may subscribe to where this is left out. */
  readonly receive?: readonly string[]
}

export type Roles = Readonly<Record<string, Role>>

type Right = 'publish' | 'subscribe' | 'receive'

/** An address's decisions, two bits a right: bit 2n says that it was worked out, bit 2n + 1 that it is granted. */
const SHIFT: Record<Right, number> = { publish: 0, subscribe: 2, receive: 4 }

/**
 * Refuses acts that no role of the speaker grants: publishing, wills, subscribing (a filter must lie within a granted one;
 * of a shared subscription the filter behind the share name counts) and receiving. Decisions are kept with the address.
 * Stops: lab/attackers foreign-topic, command-injection, alias-smuggling, will-abuse, wildcard, shared-subscription,
 * retained-poisoning (ATT&CK for ICS T1692.001, T1692.002, T0801, T0832, T0861). Clauses: MQTT-3.3.5-2, MQTT-4.7.2-1.
 */
export function access(roles: Roles, slot: number): Guard {
  return {
    name: 'access',
    ring: 'identity',
    judge(act, _lane, _scene, report) {
      if (act.action === 'control') return
      if (act.action === 'connect') {
        if (act.speaker.roles.length > 0) return
        report.add('no_role', `${act.speaker.device} has no role that the configuration knows`, 'roles', 'high')
        return
      }
      const right: Right = act.action === 'subscribe' ? 'subscribe' : act.action === 'receive' ? 'receive' : 'publish'
      const shift = SHIFT[right]
      let known = (act.address.memo[slot] as number | undefined) ?? 0
      if ((known & (1 << shift)) === 0) {
        const granted = isGranted(roles, act.speaker, right, act.address.text)
        known |= (granted ? 3 : 1) << shift
        act.address.memo[slot] = known
      }
      if ((known & (2 << shift)) !== 0) return
      report.add(CODE[act.action], sentence(act), 'roles', right === 'receive' ? 'medium' : 'high')
    },
  }
}

const CODE: Record<Exclude<Act['action'], 'connect' | 'control'>, string> = {
  publish: 'publish_denied',
  will: 'will_denied',
  subscribe: 'subscribe_denied',
  receive: 'receive_denied',
}

const VERB: Record<Exclude<Act['action'], 'connect' | 'control'>, string> = {
  publish: 'publish on',
  will: 'leave a will on',
  subscribe: 'subscribe to',
  receive: 'receive from',
}

function sentence(act: Act): string {
  const roles = act.speaker.roles.join(', ')
  const verb = act.action === 'connect' || act.action === 'control' ? act.action : VERB[act.action]
  return `${act.speaker.device} (${roles === '' ? 'no role' : roles}) may not ${verb} ${act.address.text}`
}

/** Whether a role of the principal grants this right on this topic, or on all that this filter can match. */
export function isGranted(roles: Roles, principal: Principal, right: Right, address: string): boolean {
  const asked = right === 'subscribe' ? unshared(address) : address
  for (const name of principal.roles) {
    const role = roles[name]
    if (role === undefined) continue
    const filters = right === 'receive' ? (role.receive ?? role.subscribe) : role[right]
    if (filters === undefined) continue
    for (const filter of filters) {
      const grant = fill(filter, principal, name)
      if (right === 'subscribe' ? filterCovers(grant, asked) : filterMatches(grant, asked)) return true
    }
  }
  return false
}

function fill(filter: string, principal: Principal, role: string): string {
  if (!filter.includes('${')) return filter
  return filter
    .replaceAll('${site}', principal.site)
    .replaceAll('${device}', principal.device)
    .replaceAll('${role}', role)
}

/** The filter behind `$share/NAME/` (MQTT 5.0, section 4.8.2). */
function unshared(filter: string): string {
  if (!filter.startsWith('$share/')) return filter
  const slash = filter.indexOf('/', 7)
  return slash === -1 ? filter : filter.slice(slash + 1)
}
