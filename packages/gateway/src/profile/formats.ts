import {
  cborValidator,
  compileMetrics,
  compileSchema,
  isShape,
  isShapeFault,
  type Json,
  jsonValidator,
  type MetricShape,
  type PayloadValidator,
  type SenmlUnits,
  type Shape,
  senmlValidator,
} from '@ringwall/wire'
import { suggestion } from '../config/near.ts'
import { Flaw, quote } from '../config/problem.ts'
import type { Captured, Fields } from './fields.ts'
import type { Part } from './part.ts'
import { isConverting, type Measure } from './signals.ts'
import { textValidator } from './text.ts'
import type { PayloadReader } from './types.ts'

/** Members of a Thing Description that stand in a payload's schema and assert nothing. */
const EXTRA: ReadonlySet<string> = new Set([
  'rw:*',
  '@type',
  'titles',
  'descriptions',
  'unit',
  'forms',
  'observable',
  'uriVariables',
])

const FORMATS: Readonly<Record<string, PayloadReader['format'] | 'any'>> = {
  'application/json': 'json',
  'application/cbor': 'cbor',
  'application/senml+json': 'senml+json',
  'application/senml+cbor': 'senml+cbor',
  'application/x-sparkplug-b': 'sparkplug',
  'text/plain': 'text',
  'application/octet-stream': 'any',
}

/** The reader of one payload; null where any bytes will do, or where the schema is wrong, which is taken down. */
export function readerOf(
  contentType: string,
  where: Part,
  schema: Part,
  fields: Fields,
  measures: readonly Measure[],
): PayloadReader | null {
  const [type = ''] = contentType.split(';')
  const known = formatOf(contentType)
  if (known === undefined) {
    const hint = suggestion(type, Object.keys(FORMATS))
    return where.fail(`payloads of the type ${quote(type)} are not read`, hint, 'profile_format') ?? null
  }
  if (known === 'any') {
    if (fields.slots > 0) where.fail('nothing can be read of bytes', 'Choose a content type.', 'profile_format')
    return null
  }
  // What Sparkplug says depends on the edge node: its readers are made for each.
  const shape = known === 'sparkplug' ? null : shapeOf(schema, fields, measures)
  if (shape === null) return null
  if (known === 'senml+json' || known === 'senml+cbor') return named(known, senmlOf(known, shape, schema, fields))
  return named(known, validatorOf(known, shape))
}

/** The format that a content type stands for. */
export function formatOf(contentType: string): PayloadReader['format'] | 'any' | undefined {
  const [type = ''] = contentType.split(';')
  return Object.hasOwn(FORMATS, type.trim()) ? FORMATS[type.trim()] : undefined
}

/** The metrics of an edge node; null where the schema is wrong, which is taken down. */
export function metricsOf(schema: Part, fields: Fields, measures: readonly Measure[]): MetricShape | null {
  const shape = shapeOf(schema, fields, measures)
  if (shape === null) return null
  const metrics = compileMetrics(shape)
  if (!isShapeFault(metrics)) return metrics
  const what = metrics.where === '' ? metrics.why : `${metrics.where}: ${metrics.why}`
  return schema.fail(what, 'Describe each metric by its type and range.', 'profile_schema') ?? null
}

function senmlOf(format: 'senml+json' | 'senml+cbor', shape: Shape, schema: Part, fields: Fields): PayloadValidator {
  const units = new Map<string, SenmlUnits>()
  for (const [name, part] of schema.at('properties').entries()) {
    const unit = part.at('unit').text()
    // RFC 8428, section 12.1, calls the unit of a ratio `/`.
    if (unit !== undefined) units.set(name, { accepted: [unit === '1' ? '/' : unit] })
  }
  const baseName = schema.at('rw:baseName').text()
  const spec = {
    shape,
    units,
    ...(baseName === undefined ? {} : { baseName }),
    ...(fields.time === -1 ? {} : { timeSlot: fields.time }),
  }
  return senmlValidator(spec, format === 'senml+cbor' ? 'cbor' : 'json')
}

function validatorOf(format: PayloadReader['format'], shape: Shape): PayloadValidator {
  if (format === 'text') return textValidator(shape)
  return format === 'cbor' ? cborValidator(shape) : jsonValidator(shape)
}

function named(format: PayloadReader['format'], validator: PayloadValidator): PayloadReader {
  return Object.defineProperty(validator, 'format', { value: format }) as PayloadReader
}

function shapeOf(schema: Part, fields: Fields, measures: readonly Measure[]): Shape | null {
  // A range is judged after the reading has been converted, where payloads say its unit themselves.
  const converted = new Set(measures.filter(({ conversions }) => isConverting(conversions)).map(({ slot }) => slot))
  const captured = new Map<object, Captured>()
  const copy = copied(schema.value as Json, fields, captured, converted)
  refuseStray(schema, fields)
  const compiled = compileSchema(copy, {
    extra: EXTRA,
    annotate: node => {
      const held = captured.get(node)
      const placeholder = PLACEHOLDERS[String(node['const'])]
      if (held === undefined && placeholder === undefined) return null
      return {
        ...(held === undefined ? {} : { capture: held.slot, captureForm: held.form }),
        ...(placeholder === undefined ? {} : { placeholder }),
      }
    },
  })
  if (isShape(compiled)) return compiled
  for (const { pointer, why, hint } of compiled) {
    pointed(schema, pointer).flaw(new Flaw(why, hint), 'profile_schema')
  }
  return null
}

const PLACEHOLDERS: Readonly<Record<string, 'site' | 'device'>> = { '${site}': 'site', '${device}': 'device' }

const RANGE = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum']

/** A copy of the schema without the ranges that are judged elsewhere. */
function copied(node: Json, fields: Fields, captured: Map<object, Captured>, converted: ReadonlySet<number>): Json {
  if (Array.isArray(node)) return node.map(each => copied(each, fields, captured, converted))
  if (typeof node !== 'object' || node === null) return node
  const held = fields.captured.get(node)
  const without = held !== undefined && converted.has(held.slot) ? RANGE : []
  const copy = Object.fromEntries(
    Object.entries(node)
      .filter(([key]) => !without.includes(key))
      .map(([key, value]) => [key, copied(value, fields, captured, converted)]),
  )
  if (held !== undefined) captured.set(copy, held)
  return copy
}

function pointed(part: Part, pointer: string): Part {
  const steps = pointer.split('/').slice(1)
  return steps.reduce((at, step) => at.at(step.replaceAll('~1', '/').replaceAll('~0', '~')), part)
}

/** Refuses Ringwall's terms where they mean nothing: behind `anyOf`, `items` and the like. */
function refuseStray(part: Part, fields: Fields): void {
  const { value } = part
  if (typeof value !== 'object' || value === null) return
  for (const key of Object.keys(value)) {
    const inner = part.at(key)
    if (!key.startsWith('rw:')) refuseStray(inner, fields)
    else if (!fields.reached.has(value)) {
      inner.fail(
        `${key} means nothing here`,
        'It stands under properties and prefixItems only.',
        'profile_unknown_term',
      )
    }
  }
}
