import { Flaw } from '../config/problem.ts'
import { type Fields, isNumeric } from './fields.ts'
import type { Layout } from './layout.ts'
import type { Part } from './part.ts'
import { fieldOf, isConverting, type Measure } from './signals.ts'
import {
  CLOCK_WORDS,
  type ClockRule,
  COUNTER_WORDS,
  type Continuity,
  type Conversion,
  type Redundancy,
  SUM_WORDS,
} from './types.ts'
import { convert } from './units.ts'

/** What a payload says twice, and what continues from message to message. */
export interface Redundant {
  readonly redundancies: readonly Redundancy[]
  readonly continuities: readonly Continuity[]
  readonly clock: ClockRule | null
}

/**
 * Reads `rw:redundant`, `rw:counter` and `rw:clock` of an affordance.
 * @param told whether the device tells it: only then does anything continue from message to message.
 */
export function readRedundant(
  affordance: Part,
  fields: Fields,
  layout: Layout,
  measures: readonly Measure[],
  format: string,
  told: boolean,
): Redundant {
  const redundancies: Redundancy[] = []
  const continuities: Continuity[] = []
  const counter = affordance.at('rw:counter')
  if (counter.there && told) {
    const read = readCounter(counter, fields, layout)
    if (read !== undefined) continuities.push(read)
  }
  for (const part of affordance.at('rw:redundant').items()) {
    const kind = part.at('kind').need('kind is missing', 'Write copy, check-digit or sum.').oneOf(KINDS)
    if (kind === undefined) continue
    part.limitTo(MEMBERS[kind])
    const reading = fieldOf(part, 'of', fields)
    const copy = fieldOf(part, 'field', fields)
    if (reading === undefined || copy === undefined) continue
    const of = fields.capture(reading)
    const field = String(part.at('field').value)
    if (kind === 'copy') {
      const read = readCopy(part, reading, copy, fields, measures)
      if (read !== undefined) redundancies.push({ kind, of, field, ...read })
    } else if (kind === 'check-digit') {
      const method = part.at('method').oneOf(['luhn', 'damm', 'mod97']) ?? 'luhn'
      const form = isNumeric(copy) ? 'value' : 'decimal'
      if (format !== 'json' && format !== 'senml+json') {
        part.fail(`${format} payloads have no decimal digits`, 'Write a copy instead.', 'profile_format')
      }
      redundancies.push({ kind, of, field, method, slot: fields.capture(copy, form) })
    } else if (told) {
      if (!counter.there) {
        part.fail(
          'a sum needs rw:counter',
          'Without it nobody can tell whether a message is missing.',
          'profile_missing',
        )
      }
      requiredNumber(part, 'of', fields)
      const slot = requiredNumber(part, 'field', fields)
      if (slot === undefined) continue
      const modulus = part.at('modulus').number(0) ?? 0
      const tolerance = part.at('tolerance').number(0) ?? 0
      const word = layout.take(SUM_WORDS)
      const range = isConverting(measures.find(each => each.slot === of)?.conversions ?? []) ? ANY : rangeOf(reading)
      continuities.push({ kind, of, field, slot, word, modulus, tolerance, ...range })
    }
  }
  return {
    redundancies,
    continuities,
    clock: readClock(affordance.at('rw:clock'), fields, told ? layout : null, format.startsWith('senml')),
  }
}

const ANY = { least: Number.NEGATIVE_INFINITY, most: Number.POSITIVE_INFINITY } as const

/** Between which a number's schema lets it be. */
export function rangeOf(reading: Part): { readonly least: number; readonly most: number } {
  const bound = (key: string, otherwise: number) => {
    const { value } = reading.at(key)
    return typeof value === 'number' ? value : otherwise
  }
  return {
    least: Math.max(bound('minimum', ANY.least), bound('exclusiveMinimum', ANY.least)),
    most: Math.min(bound('maximum', ANY.most), bound('exclusiveMaximum', ANY.most)),
  }
}

const KINDS = ['copy', 'check-digit', 'sum'] as const
const MEMBERS = {
  copy: ['kind', 'of', 'field', 'encoding', 'scale', 'tolerance'],
  'check-digit': ['kind', 'of', 'field', 'method'],
  sum: ['kind', 'of', 'field', 'modulus', 'tolerance'],
} as const

function readCopy(part: Part, reading: Part, copy: Part, fields: Fields, measures: readonly Measure[]) {
  const encoding = part.at('encoding').oneOf(['value', 'decimal', 'float32-hex']) ?? 'value'
  if (encoding === 'value' && !isNumeric(copy)) {
    return part.at('field').fail('a copy is a number', 'Give it a type, or say its encoding.', 'profile_field')
  }
  const from = copy.at('unit').text()
  const to = reading.at('unit').text()
  let conversion: Conversion | Flaw = { factor: 1, offset: 0 }
  if (from !== undefined) conversion = convert(from, to ?? '1')
  if (conversion instanceof Flaw) return copy.flaw(conversion, 'profile_unit')
  if (
    from === undefined &&
    (measures.find(each => each.slot === fields.captured.get(reading.value as object)?.slot)?.conversions.length ?? 1) >
      1
  ) {
    return part
      .at('field')
      .fail('the reading comes in several units and its copy names none', 'Add its unit.', 'profile_unit')
  }
  const scale = part.at('scale').number() ?? 1
  return {
    slot: fields.capture(copy, encoding),
    conversion: { factor: conversion.factor * scale, offset: conversion.offset },
    tolerance: part.at('tolerance').number(0) ?? 0,
  }
}

function readCounter(part: Part, fields: Fields, layout: Layout): Continuity | undefined {
  part.limitTo(['field', 'period', 'tolerance', 'modulus'])
  const slot = requiredNumber(part, 'field', fields)
  if (slot === undefined) return undefined
  const tolerance = part.at('tolerance').number(0) ?? 0
  const field = String(part.at('field').value)
  return {
    kind: 'counter',
    slot,
    field,
    word: layout.take(COUNTER_WORDS),
    period: part.at('period').measure('duration') ?? 0,
    tolerance,
    modulus: part.at('modulus').number(2) ?? 0,
  }
}

function readClock(part: Part, fields: Fields, layout: Layout | null, senml: boolean): ClockRule | null {
  if (!part.there) return null
  part.limitTo(['field', 'unit', 'skew'])
  // A SenML pack has a time of its own, in seconds.
  const isPacks = senml && part.at('field').value === 'time'
  const slot = isPacks ? fields.captureTime() : requiredNumber(part, 'field', fields)
  if (slot === undefined) return null
  const scale = isPacks || part.at('unit').oneOf(['ms', 's']) === 's' ? 1000 : 1
  const skew = part.at('skew').need('skew is missing', 'Write the most difference to the wall clock, such as 5s.')
  return {
    slot,
    field: String(part.at('field').value),
    scale,
    relative: isPacks,
    skew: skew.measure('duration') ?? 0,
    word: layout?.take(CLOCK_WORDS) ?? -1,
  }
}

/** The slot of a number that no payload can leave out. */
function requiredNumber(part: Part, key: 'of' | 'field', fields: Fields): number | undefined {
  const field = fieldOf(part, key, fields)
  if (field === undefined) return undefined
  const pointer = String(part.at(key).value)
  if (!isNumeric(field))
    return part.at(key).fail(`${pointer} is no number`, 'Give it the type integer.', 'profile_field')
  if (!fields.isRequired(pointer)) {
    part.at(key).fail(`${pointer} may be left out`, 'Put it into required.', 'profile_field')
  }
  return fields.capture(field)
}
