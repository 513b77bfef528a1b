import root from 'sparkplug-payload/lib/sparkplugPayloadProto.js'
import type { Place } from './metric.ts'
import { checkArray } from './reference-array.testkit.ts'

const Message = root.org.eclipse.tahu.protobuf.Payload

/** A message as the reference decodes it: a field that was there is a property of its own. */
interface Decoded {
  [field: string]: unknown
}

interface Long {
  readonly low: number
  readonly high: number
}

/** What the reference says of some bytes. */
export interface Reference {
  /** It writes the very bytes again: each field once, in order, in its shortest form, and none that it does not know. */
  readonly canonical: boolean
  /** The codes of all that is wrong with the decoded message by the standard and the reader's limits. */
  readonly codes: ReadonlySet<string>
  readonly message: Decoded
}

const LIMITS = { depth: 16, text: 4096, members: 256 }
const VALUES = [
  'intValue',
  'longValue',
  'floatValue',
  'doubleValue',
  'booleanValue',
  'stringValue',
  'bytesValue',
  'datasetValue',
  'templateValue',
  'propertysetValue',
  'propertysetsValue',
]

/** Null where the reference cannot decode the bytes. */
export function readByReference(bytes: Uint8Array, place: Place): Reference | null {
  let message: Decoded
  try {
    message = Message.decode(bytes) as unknown as Decoded
  } catch {
    return null
  }
  const again = Message.encode(message).finish()
  const codes = new Set<string>()
  const checker = new Checker(codes, place)
  checker.number(message, 'timestamp')
  checker.number(message, 'seq')
  checker.text(message['uuid'])
  for (const metric of list(message, 'metrics')) checker.metric(metric, 2)
  return { canonical: Buffer.compare(again, bytes) === 0, codes, message }
}

/** The fields of a decoded message's list. */
export function list(message: Decoded, field: string): Decoded[] {
  return (message[field] as Decoded[] | undefined) ?? []
}

/** A 64-bit field as a big integer. */
export function big(value: unknown): bigint {
  if (typeof value === 'number') return BigInt(value)
  const { low, high } = value as Long
  return (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0)
}

export function has(message: Decoded, field: string): boolean {
  return Object.hasOwn(message, field) && message[field] !== null && message[field] !== undefined
}

/** Sparkplug 3.0, chapter 6.4, over decoded messages; written apart from the reader. */
class Checker {
  readonly #codes: Set<string>
  readonly #place: Place

  constructor(codes: Set<string>, place: Place) {
    this.#codes = codes
    this.#place = place
  }

  number(message: Decoded, field: string): void {
    if (!has(message, field)) return
    const exact = big(message[field])
    if (BigInt(Number(exact)) !== exact) this.#codes.add('payload_number')
  }

  text(value: unknown): void {
    if (typeof value !== 'string') return
    if (value.includes('\0')) this.#codes.add('payload_utf8')
    if (Buffer.byteLength(value) > LIMITS.text) this.#codes.add('payload_length')
  }

  metric(metric: Decoded, depth: number): void {
    this.#deep(depth + 1)
    this.text(metric['name'])
    if (metric['name'] === '' && has(metric, 'name')) this.#codes.add('sparkplug_metric')
    this.number(metric, 'alias')
    this.number(metric, 'timestamp')
    const type = has(metric, 'datatype') ? Number(metric['datatype']) : -1
    if (type === -1 ? this.#place.birth : type < 1 || type > 34 || type === 20 || type === 21) {
      this.#codes.add('sparkplug_datatype')
    }
    const value = this.#value(metric, type)
    const isNull = has(metric, 'isNull') && metric['isNull'] === true
    if (isNull && value !== null) this.#codes.add('sparkplug_value')
    const metadata = metric['metadata'] as Decoded | undefined
    for (const text of Object.values(metadata ?? {})) this.text(text)
    if (has(metric, 'properties')) this.#propertySet(metric['properties'] as Decoded, depth + 1)
    if (has(metric, 'datasetValue')) this.#dataSet(metric['datasetValue'] as Decoded, depth + 1)
    if (has(metric, 'templateValue')) this.#template(metric['templateValue'] as Decoded, depth + 1)
  }

  /** Judges the one value of a message and answers its field. */
  #value(message: Decoded, type: number): string | null {
    const fields = VALUES.filter(field => has(message, field))
    if (fields.length > 1) this.#codes.add('payload_duplicate_key')
    for (const field of fields) this.#scalar(field, message[field], type)
    return fields[0] ?? null
  }

  #scalar(field: string, value: unknown, type: number): void {
    if (typeof value === 'number' && field !== 'intValue' && !Number.isFinite(value)) this.#codes.add('payload_number')
    this.text(value)
    if (type < 0) return
    const wrong = () => this.#codes.add('sparkplug_datatype')
    const bits = [0, 8, 16, 32, 64, 8, 16, 32, 64, 0, 0, 0, 0, 64][type] ?? 0
    const signed = type >= 1 && type <= 4
    const allowed: Record<string, boolean> = {
      intValue: bits > 0 && bits <= 32,
      longValue: bits === 64 || type === 7,
      floatValue: type === 9,
      doubleValue: type === 10,
      booleanValue: type === 11,
      stringValue: type === 12 || type === 14 || type === 15,
      bytesValue: type === 17 || type === 18 || type >= 22,
      datasetValue: type === 16,
      templateValue: type === 19,
      propertysetValue: type === 20,
      propertysetsValue: type === 21,
    }
    if (!allowed[field]) wrong()
    else if (field === 'intValue' || field === 'longValue') {
      const raw = BigInt.asUintN(field === 'intValue' ? 32 : 64, big(value))
      const number = signed ? BigInt.asIntN(field === 'intValue' ? 32 : 64, raw) : raw
      if (BigInt(Number(number)) !== number) this.#codes.add('payload_number')
      if ((signed ? BigInt.asIntN(bits, number) : BigInt.asUintN(bits, number)) !== number) wrong()
    } else if (field === 'bytesValue' && !checkArray(value as Uint8Array, type)) wrong()
  }

  #propertySet(set: Decoded, depth: number): void {
    this.#deep(depth)
    const keys = (set['keys'] as string[] | undefined) ?? []
    const values = list(set, 'values')
    if (keys.length !== values.length || keys.length > LIMITS.members) this.#codes.add('payload_length')
    if (keys.filter(key => key === 'Quality').length > 1) this.#codes.add('payload_duplicate_key')
    for (const key of keys) this.text(key)
    values.forEach((value, i) => {
      this.#property(value, depth + 1, keys[i] === 'Quality')
    })
  }

  #property(property: Decoded, depth: number, quality: boolean): void {
    const type = has(property, 'type') ? Number(property['type']) : -1
    const basic = type >= 1 && type <= 14
    if (type === -1 ? this.#place.birth : !basic && type !== 20 && type !== 21) this.#codes.add('sparkplug_datatype')
    const field = this.#value(property, type)
    const isNull = has(property, 'isNull') && property['isNull'] === true
    if (isNull === (field !== null)) this.#codes.add('sparkplug_value')
    if (quality && !isNull) {
      if (type >= 0 && type !== 3) this.#codes.add('sparkplug_datatype')
      if (field !== 'intValue' || ![0, 192, 500].includes(Number(property['intValue'])))
        this.#codes.add('sparkplug_value')
    }
    if (has(property, 'propertysetValue')) this.#propertySet(property['propertysetValue'] as Decoded, depth + 1)
    const sets = list((property['propertysetsValue'] as Decoded | undefined) ?? {}, 'propertyset')
    if (sets.length > LIMITS.members) this.#codes.add('payload_length')
    for (const set of sets) this.#propertySet(set, depth + 2)
  }

  #dataSet(set: Decoded, depth: number): void {
    this.#deep(depth + 2)
    const columns = (set['columns'] as string[] | undefined) ?? []
    const types = (set['types'] as number[] | undefined) ?? []
    const rows = list(set, 'rows')
    const announced = has(set, 'numOfColumns') ? big(set['numOfColumns']) : -1n
    if (columns.length !== types.length || announced !== BigInt(columns.length)) this.#codes.add('payload_length')
    if (Math.max(columns.length, rows.length) > LIMITS.members) this.#codes.add('payload_length')
    for (const column of columns) this.text(column)
    for (const type of types) if (type < 1 || type > 14) this.#codes.add('sparkplug_datatype')
    for (const row of rows) {
      const cells = list(row, 'elements')
      if (cells.length !== types.length) this.#codes.add('payload_length')
      cells.forEach((cell, i) => {
        if (this.#value(cell, types[i] ?? -1) === null) this.#codes.add('sparkplug_value')
      })
    }
  }

  #template(template: Decoded, depth: number): void {
    this.#deep(depth + 1)
    this.text(template['version'])
    this.text(template['templateRef'])
    const reference = has(template, 'templateRef') && template['templateRef'] !== ''
    const definition = has(template, 'isDefinition') ? template['isDefinition'] : null
    if (definition === null || definition === reference) this.#codes.add('sparkplug_template')
    if (definition === true && !this.#place.definitions) this.#codes.add('sparkplug_template')
    const metrics = list(template, 'metrics')
    const parameters = list(template, 'parameters')
    if (Math.max(metrics.length, parameters.length) > LIMITS.members) this.#codes.add('payload_length')
    for (const metric of metrics) {
      this.metric(metric, depth + 1)
      if (!has(metric, 'name') && !has(metric, 'alias')) this.#codes.add('sparkplug_metric')
    }
    for (const parameter of parameters) {
      this.text(parameter['name'])
      const type = has(parameter, 'type') ? Number(parameter['type']) : -1
      if (!has(parameter, 'name') || parameter['name'] === '') this.#codes.add('sparkplug_template')
      if (type === -1 ? this.#place.birth : type < 1 || type > 14) this.#codes.add('sparkplug_template')
      this.#value(parameter, type)
    }
  }

  #deep(depth: number): void {
    if (depth > LIMITS.depth) this.#codes.add('payload_depth')
  }
}
