import { compileGlobs } from '../config/glob.ts'
import { quote } from '../config/problem.ts'
import { DEVICE_ID } from '../config/template.ts'
import { type Affordance, CRITICALITIES, type Criticality, readAffordance } from './affordance.ts'
import { Layout } from './layout.ts'
import type { Part } from './part.ts'

/** One profile, read: a type of device, or (without `rw:devices`) laws of the plant. */
export interface Description {
  readonly id: string
  readonly title: string
  readonly version: string
  /** Globs over device ids. */
  readonly devices: readonly string[]
  readonly covers: (device: string) => boolean
  readonly criticality: Criticality
  readonly affordances: readonly Affordance[]
  /** The first word of the lane behind those of its affordances. */
  readonly words: number
  readonly invariants: readonly Part[]
  /** A MUD file beside the profile, or an empty text. */
  readonly mud: string
  readonly part: Part
}

const TD = 'https://www.w3.org/2022/wot/td/v1.1'
const NAMESPACE = 'urn:ringwall:ns:profile:1#'
/** What TD 1.1 (5.3.1.1) has in a description. */
const MEMBERS = [
  'id',
  'title',
  'titles',
  'description',
  'descriptions',
  'version',
  'created',
  'modified',
  'support',
  'base',
  'properties',
  'actions',
  'events',
  'links',
  'forms',
  'security',
  'securityDefinitions',
  'profile',
  'schemaDefinitions',
  'uriVariables',
]
const TERMS = ['rw:devices', 'rw:criticality', 'rw:invariants', 'rw:mud']

/** Reads a Thing Description 1.1 with Ringwall's terms; what is wrong is taken down. */
export function readDescription(part: Part, site: string): Description {
  readFrame(part)
  part.limitTo(TERMS, 'prefixed')
  part.plain(MEMBERS)
  const devices = part.at('rw:devices').texts()
  for (const [index, glob] of devices.entries()) {
    if (!/^[A-Za-z0-9._*?-]{1,64}$/.test(glob)) {
      part
        .at('rw:devices')
        .at(index)
        .fail(`${quote(glob)} can match no device id`, 'Letters, digits, `.`, `_`, `-`, `*`, `?`.')
    }
  }
  const criticality = part.at('rw:criticality').oneOf(CRITICALITIES) ?? 'medium'
  const layout = new Layout()
  const context = { site, layout, criticality }
  const affordances = (['properties', 'actions', 'events'] as const).flatMap(group =>
    part
      .at(group)
      .entries()
      .flatMap(([name, each]) => readAffordance(group, name, each, context)),
  )
  const invariants = part.at('rw:invariants').items()
  checkDevices(part, devices, affordances, invariants)
  if (layout.over > 0)
    part.fail(`its readings need ${layout.over} words more than a lane has`, 'Name fewer.', 'profile_lane_full')
  const named = (key: string) => part.at(key).text() ?? ''
  return {
    id: named('id'),
    title: named('title'),
    version: part.at('version').at('instance').text() ?? '',
    devices,
    covers: compileGlobs(devices),
    criticality,
    affordances,
    words: layout.next,
    invariants,
    mud: named('rw:mud'),
    part,
  }
}

/** What TD 1.1 (5.3.1.1) asks of every description. */
function readFrame(part: Part): void {
  const context = part
    .at('@context')
    .need('@context is missing', `Write ["${TD}", { "rw": "${NAMESPACE}", "mqv": … }].`)
  const list = Array.isArray(context.value) ? context.value : [context.value]
  if (context.there && list[0] !== TD)
    context.fail(`its first is not ${TD}`, 'Thing Descriptions of version 1.1 are read.', 'profile_td')
  const prefixes: Record<string, unknown> = Object.assign({}, ...list.filter(each => typeof each === 'object'))
  if (context.there && prefixes['rw'] !== NAMESPACE) {
    context.fail('the prefix rw is not bound', `Add { "rw": "${NAMESPACE}" }.`, 'profile_td')
  }
  if (context.there && typeof prefixes['mqv'] !== 'string') {
    context.fail('the prefix mqv is not bound', 'Add { "mqv": "http://www.example.org/mqtt-binding#" }.', 'profile_td')
  }
  part.at('id').need('id is missing', 'Write a URI, such as urn:ringwall:profile:level.').text()
  part.at('title').need('title is missing', 'Name the type of device.').text()
  const schemes = part
    .at('securityDefinitions')
    .need('securityDefinitions is missing', 'Write { "tls": { "scheme": "auto" } }.')
  for (const [, scheme] of schemes.entries()) scheme.at('scheme').need('scheme is missing', 'Write auto.').text()
  const security = part.at('security').need('security is missing', 'Name one of securityDefinitions.')
  for (const name of security.texts()) {
    if (schemes.isObject && !schemes.at(name).there)
      security.fail(`${quote(name)} is not defined`, 'Define it in securityDefinitions.', 'profile_td')
  }
}

function checkDevices(
  part: Part,
  devices: readonly string[],
  affordances: readonly Affordance[],
  invariants: readonly Part[],
): void {
  if (devices.length === 0) {
    if (affordances.length > 0) part.fail('no device has this profile', 'Add rw:devices.', 'profile_missing')
    else if (invariants.length === 0)
      part.fail('it says nothing', 'Describe devices, or laws in rw:invariants.', 'profile_missing')
    return
  }
  const sole = devices.length === 1 && DEVICE_ID.test(devices[0]!)
  const names = new Set<string>()
  for (const { kind, topics, signals, part: at } of affordances) {
    for (const topic of topics) {
      if (kind !== 'command' || sole || topic.hasDevice) continue
      at.fail(`${topic.text} does not say which device is meant`, 'Put ${device} into the topic.', 'profile_topic')
    }
    for (const { name } of signals) {
      if (names.has(name)) at.fail(`two readings are called ${name}`, 'Give each its own rw:name.', 'profile_duplicate')
      names.add(name)
    }
  }
}
