import type { MetricShape } from '@ringwall/wire'
import { Flaw } from '../config/problem.ts'
import { Fields } from './fields.ts'
import { formatOf, metricsOf, readerOf } from './formats.ts'
import type { Layout } from './layout.ts'
import type { Part } from './part.ts'
import { type Redundant, readRedundant } from './redundant.ts'
import { refuseIdleFigures, refuseImpossible } from './sense.ts'
import { AFFORDANCE_TERMS, type Measure, readSignals, type SignalType } from './signals.ts'
import { checkCommandTopic } from './sparkplug-forms.ts'
import { refuseIdle } from './terms.ts'
import { TopicTemplate } from './topic.ts'
import type { PayloadReader, RuleKind } from './types.ts'

export type Criticality = 'low' | 'medium' | 'high' | 'critical'
export const CRITICALITIES = ['low', 'medium', 'high', 'critical'] as const

/** What an action says of its senders; the modes by name. */
export interface CommandType {
  readonly senders: readonly string[]
  readonly modes: readonly string[]
  readonly rate: { readonly perSecond: number; readonly burst: number } | null
}

/** One property, event or action of a type of device, compiled. */
export interface Affordance extends Redundant {
  readonly kind: RuleKind
  readonly name: string
  readonly criticality: Criticality
  readonly topics: readonly TopicTemplate[]
  readonly contentType: string
  readonly retain: boolean | null
  readonly qos: number | null
  readonly reader: PayloadReader | null
  /** Of Sparkplug B, in the place of the reader. */
  readonly metrics: MetricShape | null
  /** How many values are captured of its payload. */
  readonly slots: number
  readonly signals: readonly SignalType[]
  readonly measures: readonly Measure[]
  readonly rate: CommandType['rate']
  /** Largest payload in bytes; 0 where the profile sets none. */
  readonly bytes: number
  readonly command: CommandType | null
  /** JSON pointer to `rw:modes`, for what is found later. */
  readonly part: Part
}

const OPERATIONS: Readonly<Record<string, RuleKind | 'none'>> = {
  readproperty: 'telemetry',
  observeproperty: 'telemetry',
  unobserveproperty: 'none',
  writeproperty: 'command',
  invokeaction: 'command',
  queryaction: 'none',
  cancelaction: 'none',
  subscribeevent: 'event',
  unsubscribeevent: 'none',
}

const DEFAULT_OPERATION = { properties: 'observeproperty', actions: 'invokeaction', events: 'subscribeevent' } as const
/** What TD 1.1 (5.3.1.3 to 5.3.1.5) has in an action or event; first where the payload's schema stands. */
const ABOUT = ['forms', 'title', 'titles', 'description', 'descriptions', 'uriVariables']
const MEMBERS = {
  actions: ['input', 'output', 'safe', 'idempotent', 'synchronous', ...ABOUT],
  events: ['data', 'dataResponse', 'subscription', 'cancellation', ...ABOUT],
} as const
/** The same of a form (5.3.4.2). */
const FORM_MEMBERS = [
  'href',
  'op',
  'contentType',
  'contentCoding',
  'subprotocol',
  'security',
  'scopes',
  'response',
  'additionalResponses',
]
const FORM_TERMS = ['mqv:controlPacket', 'mqv:topic', 'mqv:filter', 'mqv:qos', 'mqv:retain']

/** Reads one affordance: one rule for each kind of its forms (a property may be told and be set). */
export function readAffordance(
  group: 'properties' | 'actions' | 'events',
  name: string,
  part: Part,
  context: { readonly site: string; readonly layout: Layout; readonly criticality: Criticality },
): Affordance[] {
  if (!part.isObject) return part.fail('it is no object', 'Describe it as the standard says.', 'profile_td') ?? []
  if (group !== 'properties') {
    part.limitTo(AFFORDANCE_TERMS, 'prefixed')
    part.plain(MEMBERS[group], `A payload's schema stands in ${MEMBERS[group][0]}. `)
  }
  const forms = part.at('forms')
  if (forms.items().length === 0) {
    forms.fail('there is no form', 'Add one with href, op and mqv:topic (TD 1.1, 5.3.1.1).', 'profile_td')
  }
  const byKind = Map.groupBy(forms.items(), form => kindOf(form, group))
  refuseIdle(part, group, new Set(byKind.keys()))
  const found: Affordance[] = []
  for (const [kind, of] of byKind) {
    if (kind !== 'none') found.push(compileKind(kind, group, name, part, of, context))
  }
  return found
}

function kindOf(form: Part, group: keyof typeof DEFAULT_OPERATION): RuleKind | 'none' {
  form.limitTo(FORM_TERMS, 'prefixed')
  form.plain(FORM_MEMBERS)
  if (form.at('contentCoding').there) {
    form.at('contentCoding').fail('coded payloads are not read', 'Send them as they are.', 'profile_format')
  }
  form.at('href').need('href is missing', 'Name the gateway, such as mqtts://gateway:8883 (TD 1.1, 5.3.4.2).').text()
  const operations = form.at('op').texts()
  for (const operation of operations) {
    if (!Object.hasOwn(OPERATIONS, operation)) form.at('op').oneOf(Object.keys(OPERATIONS))
  }
  const named = operations.length === 0 ? [DEFAULT_OPERATION[group]] : operations
  const kinds = named.map(each => OPERATIONS[each]).filter(each => each !== undefined && each !== 'none')
  if (kinds.some(kind => kind !== kinds[0])) {
    form.at('op').fail('one topic is both told and set', 'Write a form for each.', 'profile_td')
  }
  return kinds[0] ?? 'none'
}

function compileKind(
  kind: RuleKind,
  group: 'properties' | 'actions' | 'events',
  name: string,
  part: Part,
  forms: readonly Part[],
  { site, layout, criticality }: { site: string; layout: Layout; criticality: Criticality },
): Affordance {
  const schema = group === 'properties' ? part : part.at(group === 'events' ? 'data' : 'input')
  const fields = new Fields(schema.isObject ? schema : schema.with({}))
  const told = kind !== 'command'
  const { signals, measures } = readSignals(part, fields, layout, told)
  const contentType = contentTypeOf(forms)
  const format = formatOf(contentType) ?? 'any'
  const redundant = readRedundant(part, fields, layout, measures, format, told)
  if (part.at('rw:baseName').there && !format.startsWith('senml')) {
    part.at('rw:baseName').fail('only SenML has base names', 'Remove it.', 'profile_format')
  }
  if (format === 'sparkplug') checkSparkplug(kind, schema, forms, site)
  refuseIdleFigures(part, fields, redundant)
  if (schema.isObject) refuseImpossible(schema)
  const rate = readRate(part.at('rw:maximumRate'))
  return {
    kind,
    name,
    criticality: part.at('rw:criticality').oneOf(CRITICALITIES) ?? criticality,
    topics: forms.flatMap(form => readTopics(form, site)),
    contentType,
    retain: agreed(forms, 'mqv:retain', form => form.at('mqv:retain').flag()),
    qos: agreed(forms, 'mqv:qos', readQos),
    reader: schema.there ? readerOf(contentType, forms[0]!.at('contentType'), schema, fields, measures) : null,
    metrics: format === 'sparkplug' && schema.there ? metricsOf(schema, fields, measures) : null,
    slots: fields.slots,
    signals,
    measures,
    ...redundant,
    rate,
    bytes: part.at('rw:maximumBytes').measure('size') ?? 0,
    command:
      kind === 'command' ? { senders: part.at('rw:senders').texts(), modes: part.at('rw:modes').texts(), rate } : null,
    part,
  }
}

function checkSparkplug(kind: RuleKind, schema: Part, forms: readonly Part[], site: string): void {
  schema.need('nothing says which metrics there are', 'Describe them as properties of an object, by their names.')
  if (kind !== 'command') return
  for (const form of forms) for (const topic of readTopics(form, site)) checkCommandTopic(topic.text, form)
}

function readTopics(form: Part, site: string): TopicTemplate[] {
  const [topic, filter] = [form.at('mqv:topic'), form.at('mqv:filter')]
  if (!topic.there && !filter.there) {
    form.fail('the form names no topic', 'Add mqv:topic, or mqv:filter with wildcards.', 'profile_topic')
  }
  const found: TopicTemplate[] = []
  for (const each of [topic, filter]) {
    for (const text of each.texts()) {
      const template = TopicTemplate.read(text, site, each === filter)
      if (template instanceof Flaw) each.flaw(template, 'profile_topic')
      else found.push(template)
    }
  }
  form.at('mqv:controlPacket').oneOf(['publish', 'subscribe', 'unsubscribe'])
  return found
}

function contentTypeOf(forms: readonly Part[]): string {
  const types = forms.map(form => form.at('contentType').text() ?? 'application/json')
  for (const [index, type] of types.entries()) {
    if (type === types[0]) continue
    forms[index]!.at('contentType').fail('the forms have several content types', 'Write an affordance for each.')
  }
  return types[0]!
}

function readQos(form: Part): number | undefined {
  const part = form.at('mqv:qos')
  if (part.value === 0 || part.value === 1 || part.value === 2) return part.value
  const text = part.oneOf(['0', '1', '2'])
  return text === undefined ? undefined : Number(text)
}

/** What all forms say of a term: it holds for the affordance, whichever its topic. */
function agreed<T>(forms: readonly Part[], term: string, read: (form: Part) => T | undefined): T | null {
  const values = forms.map(read)
  for (const [index, value] of values.entries()) {
    if (value === values[0]) continue
    forms[index]!.at(term).fail(`the forms differ in ${term}`, 'Write it the same in each, or an affordance for each.')
  }
  return values[0] ?? null
}

function readRate(part: Part): CommandType['rate'] {
  if (!part.there) return null
  part.limitTo(['messages', 'burst'])
  const perSecond = part.at('messages').need('messages is missing', 'Write a rate such as 5/s.').measure('rate')
  return { perSecond: perSecond ?? 1, burst: part.at('burst').number(1) ?? 1 }
}
