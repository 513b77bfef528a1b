import type { Affordance } from './affordance.ts'
import type { Description } from './description.ts'

/** What one type of device needs, in the shape of the configuration's `roles`. */
export interface Grant {
  readonly role: string
  readonly publish: readonly string[]
  readonly subscribe: readonly string[]
}

/** What a topic accepts, for people. */
export interface Accepted {
  readonly topic: string
  readonly kind: string
  readonly name: string
  readonly format: string
  readonly limits: readonly string[]
  readonly judged: readonly string[]
}

/** The role of a type of device: it publishes what it tells and subscribes to its commands. */
export function grantOf({ title, affordances }: Description, site: string): Grant {
  const topics = (wanted: boolean) => [
    ...new Set(
      affordances
        .filter(({ kind }) => (kind === 'command') === wanted)
        .flatMap(each => each.topics.map(({ text }) => general(text, site))),
    ),
  ]
  return { role: roleName(title), publish: topics(false), subscribe: topics(true) }
}

/** The topic with the site's placeholder, as roles have it. */
const general = (topic: string, site: string) =>
  topic.startsWith(`${site}/`) ? `\${site}${topic.slice(site.length)}` : topic

const roleName = (title: string) =>
  title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '')
    .slice(0, 64) || 'device'

/** What each topic of a type of device accepts. */
export function acceptedBy({ affordances }: Description): Accepted[] {
  return affordances.flatMap(affordance =>
    affordance.topics.map(topic => ({
      topic: topic.text,
      kind: affordance.kind,
      name: affordance.name,
      format: affordance.metrics === null ? (affordance.reader?.format ?? 'anything') : 'sparkplug',
      limits: limitsOf(affordance),
      judged: judgedOf(affordance),
    })),
  )
}

function limitsOf({ qos, retain, rate, bytes }: Affordance): string[] {
  return [
    ...(rate === null ? [] : [`${Number(rate.perSecond.toPrecision(6))}/s, ${rate.burst} at once`]),
    ...(bytes === 0 ? [] : [`${bytes} bytes`]),
    ...(qos === null ? [] : [`QoS up to ${qos}`]),
    ...(retain === null ? [] : [retain ? 'retained' : 'not retained']),
  ]
}

function judgedOf({ signals, redundancies, continuities, clock, command }: Affordance): string[] {
  return [
    ...signals.map(({ name, unit, change, frozen }) => {
      const rules = [
        change === null ? '' : `at most ${change.perSecond} ${unit}/s`,
        frozen === 0 ? '' : `frozen at ${frozen}`,
      ]
      const told = rules.filter(rule => rule !== '').join(', ')
      return `reading ${name}${unit === '' ? '' : ` in ${unit}`}${told === '' ? '' : ` (${told})`}`
    }),
    ...redundancies.map(({ kind, field }) => `${kind} ${field}`),
    ...continuities.map(({ kind, field }) => `${kind} ${field}`),
    ...(clock === null ? [] : [`clock ${clock.field} within ${clock.skew} ms`]),
    ...(command === null || command.senders.length === 0 ? [] : [`from ${command.senders.join(', ')}`]),
    ...(command === null || command.modes.length === 0 ? [] : [`in ${command.modes.join(', ')}`]),
  ]
}
