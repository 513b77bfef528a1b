import { Flaw, quote } from '../config/problem.ts'
import { type Fields, isNumeric, statesOf } from './fields.ts'
import type { Layout } from './layout.ts'
import type { Part } from './part.ts'
import { type Conversion, SIGNAL_WORDS, type Signal } from './types.ts'
import { convert, unitOf } from './units.ts'

/** A signal of a type of device: its series is given to each device. */
export type SignalType = Omit<Signal, 'series' | 'shared'>

/** How a value as it was sent becomes one in the unit that its property declares, and the range there. */
export interface Measure {
  /** JSON pointer into the payload, for sentences. */
  readonly field: string
  readonly slot: number
  readonly unit: string
  readonly unitSlot: number
  readonly conversions: readonly Conversion[]
  readonly minimum: number
  readonly maximum: number
  /** `exclusiveMinimum` and `exclusiveMaximum`. */
  readonly above: number
  readonly below: number
}

const SAME: readonly Conversion[] = [{ factor: 1, offset: 0 }]
const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/

/**
 * Reads `rw:name` and what belongs to it, wherever it stands in a payload's schema, and `rw:unit`.
 * @param told whether the device tells it: what it is told is no reading.
 */
export function readSignals(
  affordance: Part,
  fields: Fields,
  layout: Layout,
  told: boolean,
): { readonly signals: SignalType[]; readonly measures: Measure[] } {
  const measures = readUnits(affordance.at('rw:unit'), fields)
  const signals: SignalType[] = []
  for (const part of fields.walk()) {
    const own = part.value === affordance.value ? AFFORDANCE_TERMS : []
    part.limitTo([...own, 'rw:name', 'rw:change', 'rw:frozen'], 'prefixed')
    const unit = readUnit(part)
    const name = part.at('rw:name').text()
    if (name === undefined) {
      for (const term of ['rw:change', 'rw:frozen']) {
        if (part.at(term).there) part.at(term).fail(`${term} needs rw:name beside it`, 'Name the reading.')
      }
      continue
    }
    if (!told) continue
    if (!NAME.test(name)) part.at('rw:name').fail(`${quote(name)} is no name`, 'Use letters, digits and _.')
    const states = statesOf(part)
    if (states === null && !isNumeric(part)) {
      part.fail('a reading is a number, a boolean or an enum of texts', 'Give it a type or an enum.', 'profile_field')
      continue
    }
    const slot = fields.capture(part)
    const measure = measures.find(each => each.slot === slot)
    signals.push({
      name,
      slot,
      unit,
      conversions: measure?.conversions ?? SAME,
      unitSlot: measure?.unitSlot ?? -1,
      change: readChange(part.at('rw:change')),
      ...readFrozen(part.at('rw:frozen')),
      always: fields.isAlways(part),
      word: layout.take(SIGNAL_WORDS),
      states: states ?? [],
    })
  }
  return { signals, measures }
}

/** The terms that stand beside a payload's schema where the property itself is the schema. */
export const AFFORDANCE_TERMS = [
  'rw:unit',
  'rw:clock',
  'rw:counter',
  'rw:redundant',
  'rw:maximumRate',
  'rw:maximumBytes',
  'rw:baseName',
  'rw:criticality',
  'rw:senders',
  'rw:modes',
] as const

function readUnit(part: Part): string {
  const code = part.at('unit').text()
  if (code === undefined) return ''
  const unit = unitOf(code)
  if (unit instanceof Flaw) part.at('unit').flaw(unit, 'profile_unit')
  return code
}

function readChange(part: Part): Signal['change'] {
  if (!part.there) return null
  part.limitTo(['perSecond', 'slack'])
  const perSecond = part.at('perSecond').need('rw:change needs perSecond', 'Write the most that it changes.').number(0)
  return { perSecond: perSecond ?? 0, slack: part.at('slack').number(0) ?? 0 }
}

/** A number of equal values, or that and what is equal. */
function readFrozen(part: Part): Pick<Signal, 'frozen' | 'within'> {
  if (!part.isObject) return { frozen: part.number(2) ?? 0, within: 0 }
  part.limitTo(['count', 'within'])
  const count = part.at('count').need('rw:frozen needs count', 'Write how many equal values say it.').number(2)
  return { frozen: count ?? 0, within: part.at('within').number(0) ?? 0 }
}

function readUnits(part: Part, fields: Fields): Measure[] {
  if (!part.there) return []
  const parts = Array.isArray(part.value) ? part.items() : [part]
  return parts.map(each => readMeasure(each, fields)).filter(each => each !== undefined)
}

function readMeasure(part: Part, fields: Fields): Measure | undefined {
  part.limitTo(['of', 'field'])
  const reading = fieldOf(part, 'of', fields)
  const field = fieldOf(part, 'field', fields)
  if (reading === undefined || field === undefined) return undefined
  const pointer = String(part.at('field').value)
  if (!fields.isRequired(pointer)) {
    part.at('field').fail(`${pointer} may be left out`, 'Put it into required.', 'profile_field')
  }
  const declared = reading.at('unit').text()
  const texts = statesOf(field)
  if (declared === undefined || texts === null) {
    return part.fail('rw:unit needs a unit at the reading and an enum of units', 'Add them.', 'profile_unit')
  }
  const conversions = texts.map(text => {
    const conversion = convert(text, declared)
    if (!(conversion instanceof Flaw)) return conversion
    field.flaw(conversion, 'profile_unit')
    return SAME[0]!
  })
  if (isConverting(conversions)) refuseUnconverted(reading)
  return {
    field: String(part.at('of').value),
    slot: fields.capture(reading),
    unit: declared,
    unitSlot: fields.capture(field),
    conversions,
    minimum: reading.at('minimum').number() ?? Number.NEGATIVE_INFINITY,
    maximum: reading.at('maximum').number() ?? Number.POSITIVE_INFINITY,
    above: reading.at('exclusiveMinimum').number() ?? Number.NEGATIVE_INFINITY,
    below: reading.at('exclusiveMaximum').number() ?? Number.POSITIVE_INFINITY,
  }
}

/** Whether a reading comes in another unit than the one that it is judged in. */
export const isConverting = (conversions: readonly Conversion[]): boolean =>
  conversions.some(({ factor, offset }) => factor !== 1 || offset !== 0)

/** What a validator asks of a number before anybody has converted it. */
const UNCONVERTED = ['multipleOf', 'enum', 'const', 'allOf', 'anyOf', 'oneOf', 'not', 'if', '$ref', '$dynamicRef']

function refuseUnconverted(reading: Part): void {
  for (const key of UNCONVERTED) {
    if (!reading.at(key).there) continue
    const hint = 'Beside rw:unit write minimum, maximum, exclusiveMinimum and exclusiveMaximum, in the declared unit.'
    reading.at(key).fail(`${key} would be judged before the reading is converted`, hint, 'profile_schema')
  }
}

/** The schema of the value that a member of a rule points to; undefined where there is none, which is taken down. */
export function fieldOf(part: Part, key: string, fields: Fields): Part | undefined {
  const pointer = part
    .at(key)
    .need(`${key} is missing`, 'Write a JSON pointer into the payload, such as /value.')
    .text()
  if (pointer === undefined) return undefined
  const found = fields.find(pointer)
  return found instanceof Flaw ? part.at(key).flaw(found, 'profile_field') : found
}
