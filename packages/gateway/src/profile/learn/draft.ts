import { escaped, type Roles, schemaOf, withoutTerms } from './schema.ts'
import type { TopicStatistics } from './topics.ts'
import type { Values } from './values.ts'

/** How much more often than in the busiest second a device may speak. */
const HEADROOM = 2
/** A device's clock may differ so many times more than was seen. */
const SKEW = 3
/** And by this many milliseconds at least: clients keep what they say while they are not connected, and send it a minute later. */
const LEAST_SKEW = 60_000
/** The same for commands, which nobody may keep for later. */
const LEAST_COMMAND_SKEW = 5_000

/** What the topics of Sparkplug B begin with: their leaf is the whole filter, and their payloads say by themselves what they are. */
export const SPARKPLUG = 'spBv1.0/'

/** One topic of a type of device, joined from all of its devices. */
export interface TypedTopic {
  readonly leaf: string
  readonly command: boolean
  readonly statistics: readonly TopicStatistics[]
  readonly values: Values
}

/** Drafts the Thing Description of a type of device for a person to edit. */
export function draft(type: string, devices: readonly string[], topics: readonly TypedTopic[], prefix: string): object {
  const properties: Record<string, unknown> = {}
  const actions: Record<string, unknown> = {}
  const taken = new Set<string>()
  for (const topic of topics) {
    const name = nameOf(topic.leaf)
    const affordance = affordanceOf(topic, prefix)
    if (topic.command) actions[name] = affordance
    else properties[name] = affordance
    distinct(affordance, taken, name)
  }
  return {
    '@context': [
      'https://www.w3.org/2022/wot/td/v1.1',
      { mqv: 'http://www.example.org/mqtt-binding#', rw: 'urn:ringwall:ns:profile:1#' },
    ],
    id: `urn:ringwall:profile:${type}`,
    title: `${type} (learned, to be edited)`,
    version: { instance: '0.1.0' },
    securityDefinitions: { tls: { scheme: 'auto' } },
    security: 'tls',
    'rw:devices': devices,
    ...(Object.keys(properties).length > 0 ? { properties } : {}),
    ...(Object.keys(actions).length > 0 ? { actions } : {}),
  }
}

function affordanceOf({ leaf, command, statistics, values }: TypedTopic, prefix: string): Record<string, unknown> {
  const messages = statistics.reduce((sum, each) => sum + each.messages, 0)
  const json = statistics.reduce((sum, each) => sum + each.json, 0)
  // How fast a reading changes is learned only where messages have a beat.
  const period = statistics.every(each => each.steady) ? Math.max(...statistics.map(each => each.period)) : 0
  const busiest = Math.max(...statistics.map(each => each.busiest))
  const roles = rolesOf(values)
  const edge = leaf.startsWith(SPARKPLUG)
  const readings = edge ? { type: 'object' } : json === messages ? schemaOf(values, '', roles, period) : {}
  // What a device is told is no reading of it.
  const schema = command ? withoutTerms(readings) : readings
  const terms = {
    ...(json === messages ? termsOf(values, roles, command) : {}),
    'rw:maximumRate': { messages: `${HEADROOM * busiest}/s`, burst: 2 * HEADROOM * busiest },
  }
  const form = {
    href: 'mqtts://gateway:8883',
    op: command ? 'invokeaction' : 'observeproperty',
    contentType: edge
      ? 'application/x-sparkplug-b'
      : json === messages
        ? 'application/json'
        : 'application/octet-stream',
    'mqv:controlPacket': command ? 'publish' : 'subscribe',
    ...(edge ? { 'mqv:filter': leaf } : { 'mqv:topic': `${prefix}/${leaf}` }),
  }
  return command ? { input: schema, ...terms, forms: [form] } : { ...schema, ...terms, forms: [form] }
}

/** `telemetry`, `state_door`; of an edge node `node`, or the device's name. */
function nameOf(leaf: string): string {
  const [, , , node, device] = leaf.split('/')
  if (!leaf.startsWith(SPARKPLUG)) return leaf.replaceAll('/', '_')
  return device ?? (node === undefined ? SPARKPLUG : 'node')
}

/** Which field counts the messages and which tells the time, by JSON pointer. */
function rolesOf(values: Values): Roles {
  const always = [...values.members].filter(([, { count }]) => count === values.objects)
  const clock = always.find(([, { numbers, count }]) => numbers.count === count && numbers.clock !== null)
  const counter = always.find(([, { numbers, count }]) => numbers.count === count && numbers.counts)
  return {
    clock: clock === undefined ? undefined : `/${escaped(clock[0])}`,
    counter: counter === undefined ? undefined : `/${escaped(counter[0])}`,
  }
}

function termsOf(values: Values, { clock, counter }: Roles, command: boolean): Record<string, unknown> {
  const time = clock === undefined ? null : values.members.get(unescaped(clock.slice(1)))!.numbers.clock
  const counts = counter !== undefined && !command
  const redundant = command ? [] : redundantOf(values, counts)
  const least = command ? LEAST_COMMAND_SKEW : LEAST_SKEW
  return {
    ...(time === null
      ? {}
      : {
          'rw:clock': {
            field: clock,
            unit: time.unit,
            skew: `${Math.ceil(Math.max(least, SKEW * time.skew) / 1000)}s`,
          },
        }),
    ...(counts ? { 'rw:counter': { field: counter } } : {}),
    ...(redundant.length > 0 ? { 'rw:redundant': redundant } : {}),
  }
}

/** Numbers that always are another one in another unit, and (where messages are counted) running sums. */
function redundantOf(values: Values, counts: boolean): object[] {
  const always = (name: string) => values.members.get(name)?.count === values.objects
  const found: object[] = []
  const copies = new Set<string>()
  for (const [first, row] of values.pairs) {
    for (const [second, pair] of row) {
      const { ratio, modulus } = pair
      if (ratio !== null && !copies.has(`${second} ${first}`)) {
        copies.add(`${first} ${second}`)
        const resolution = Math.abs(values.members.get(first)!.numbers.maximum) * 1e-3
        found.push({
          kind: 'copy',
          of: `/${escaped(first)}`,
          field: `/${escaped(second)}`,
          scale: 1 / ratio,
          tolerance: resolution,
        })
      }
      if (modulus === null || !counts || !always(first) || !always(second)) continue
      found.push({ kind: 'sum', of: `/${escaped(first)}`, field: `/${escaped(second)}`, modulus, tolerance: 0.01 })
    }
  }
  return found
}

/** Gives every reading of the profile a name of its own. */
function distinct(schema: unknown, taken: Set<string>, topic: string): void {
  if (typeof schema !== 'object' || schema === null) return
  const node = schema as Record<string, unknown>
  const name = node['rw:name']
  if (typeof name === 'string') {
    let own = name
    for (let number = 1; taken.has(own); number++) own = `${topic}_${name}${number === 1 ? '' : number}`
    node['rw:name'] = own
    taken.add(own)
  }
  for (const [key, inner] of Object.entries(node)) if (key !== 'forms') distinct(inner, taken, topic)
}

const unescaped = (step: string) => step.replaceAll('~1', '/').replaceAll('~0', '~')
