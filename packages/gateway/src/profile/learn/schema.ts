import type { NumberField } from './numbers.ts'
import type { TextField } from './texts.ts'
import type { Values } from './values.ts'

/** How far beyond what was seen a range is drawn, as a share of its width. */
const MARGIN = 0.25
/** As many equal readings in a row as this many times the longest run seen say that a living sensor is frozen. */
const FROZEN = 4
const LEAST_FROZEN = 8

type Schema = Record<string, unknown>

/** Which readings of a payload count messages or tell the time: they get no range and no name. */
export interface Roles {
  readonly counter: string | undefined
  readonly clock: string | undefined
}

/**
 * The JSON Schema that the values seen would pass, drawn a little wider, with Ringwall's terms at the readings.
 * @param pointer of these values in the payload
 * @param period milliseconds from one message to the next
 */
export function schemaOf(values: Values, pointer: string, roles: Roles, period: number): Schema {
  const kinds: Schema[] = []
  if (values.booleans > 0) kinds.push({ type: 'boolean', ...named(pointer) })
  if (values.numbers.count > 0) kinds.push(numberSchema(values.numbers, pointer, roles, period))
  if (values.texts.count > 0) kinds.push(textSchema(values.texts, pointer))
  if (values.objects > 0) kinds.push(objectSchema(values, pointer, roles, period))
  if (values.arrays > 0) kinds.push(arraySchema(values))
  if (values.nulls > 0) kinds.push({ type: 'null' })
  if (kinds.length === 1) return kinds[0]!
  return kinds.length === 0 ? {} : { anyOf: kinds.map(withoutTerms) }
}

function objectSchema(values: Values, pointer: string, roles: Roles, period: number): Schema {
  const members = [...values.members]
  return {
    type: 'object',
    properties: Object.fromEntries(
      members.map(([name, inner]) => [name, schemaOf(inner, `${pointer}/${escaped(name)}`, roles, period)]),
    ),
    required: members.filter(([, inner]) => inner.count === values.objects).map(([name]) => name),
    additionalProperties: values.beyond,
  }
}

function arraySchema({ longest, items }: Values): Schema {
  const inner = items === null || items.count === 0 ? {} : withoutTerms(schemaOf(items, '', NONE, 0))
  return { type: 'array', maxItems: Math.max(1, 2 * longest), items: inner }
}

const NONE: Roles = { counter: undefined, clock: undefined }

function numberSchema(field: NumberField, pointer: string, roles: Roles, period: number): Schema {
  const type = field.integers ? 'integer' : 'number'
  if (pointer === roles.counter || pointer === roles.clock) return { type, minimum: 0 }
  const { minimum, maximum, step } = field
  const margin = MARGIN * (maximum - minimum) || Math.abs(maximum) * MARGIN || 1
  const low = rounded(minimum - margin, Math.floor)
  // What was never negative is drawn no further than zero: levels, speeds and pressures mostly cannot be.
  const range = { minimum: minimum >= 0 ? Math.max(0, low) : low, maximum: rounded(maximum + margin, Math.ceil) }
  if (pointer === '') return { type, ...range }
  const change =
    field.gradual && period > 0
      ? { 'rw:change': { perSecond: rounded((1500 * step) / period, Math.ceil), slack: rounded(step, Math.ceil) } }
      : {}
  const frozen = field.lively ? { 'rw:frozen': Math.max(LEAST_FROZEN, FROZEN * field.run) } : {}
  return { type, ...range, ...named(pointer), ...change, ...frozen }
}

function textSchema(field: TextField, pointer: string): Schema {
  const { placeholder, states, longest } = field
  if (placeholder !== null) return { const: placeholder }
  if (states !== null && states.length === 1) return { const: states[0] }
  if (states !== null) return { type: 'string', enum: states, ...named(pointer) }
  return { type: 'string', maxLength: Math.max(16, 2 * longest) }
}

/** The series' name: the pointer's last word, as far as a name may have its letters. */
function named(pointer: string): Schema {
  const word = pointer.slice(pointer.lastIndexOf('/') + 1).replaceAll(/[^A-Za-z0-9_]/g, '_')
  return /^[A-Za-z_]/.test(word) ? { 'rw:name': word } : {}
}

/** Terms of Ringwall's mean nothing where a value need not be there, or where a device is told it. */
export function withoutTerms(schema: Schema): Schema {
  const kept = Object.entries(schema).filter(([key]) => !key.startsWith('rw:'))
  return Object.fromEntries(
    kept.map(([key, value]) => [
      key,
      key === 'properties'
        ? Object.fromEntries(
            Object.entries(value as Schema).map(([name, inner]) => [name, withoutTerms(inner as Schema)]),
          )
        : value,
    ]),
  )
}

/** To two significant digits, outward. */
function rounded(value: number, outward: (value: number) => number): number {
  if (value === 0) return 0
  const unit = 10 ** (Math.floor(Math.log10(Math.abs(value))) - 1)
  return Number((outward(value / unit) * unit).toPrecision(12))
}

/** A member's name in a JSON pointer (RFC 6901, section 3). */
export const escaped = (key: string) => key.replaceAll('~', '~0').replaceAll('/', '~1')
