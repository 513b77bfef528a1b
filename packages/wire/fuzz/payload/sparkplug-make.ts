import root from 'sparkplug-payload/lib/sparkplugPayloadProto.js'
import type { Json } from '../../src/index.ts'
import { mutate } from '../mutate.ts'
import type { Random } from '../random.ts'
import { NAMES } from './random-schema.ts'

const Message = root.org.eclipse.tahu.protobuf.Payload
export type Metric = root.org.eclipse.tahu.protobuf.Payload.IMetric

const NUMBERS = [0, 1, -1, 2, 3, 0.5, 1.25, 19.99, 100, -7.5]
const TEXTS = ['', 'a', 'ab', 'abc', 'é', '😀b', '12', 'value']
const PATTERNS = ['^a', 'b$', '^.{2,3}$', '\\d', '^$']
const TYPES = ['null', 'boolean', 'integer', 'number', 'string', 'array', 'object']

type Node = Record<string, Json>

/** A schema over metrics: an object with a schema for each of some names. */
export function metricsSchema(random: Random): Json {
  const some = () => [...new Set([random.pick(NAMES), random.pick(NAMES), random.pick(NAMES)])]
  const schema: Node = {
    type: 'object',
    properties: Object.fromEntries(some().map(name => [name, scalar(random, 2)])),
  }
  if (random.below(3) === 0) schema['required'] = [random.pick(NAMES)]
  if (random.below(2) === 0) schema['additionalProperties'] = random.below(2) === 0 ? false : scalar(random, 1)
  if (random.below(3) === 0) schema['patternProperties'] = { [random.pick(PATTERNS)]: scalar(random, 1) }
  return schema
}

function scalar(random: Random, depth: number): Json {
  const schema: Node = {}
  if (random.below(2) === 0) schema['type'] = [random.pick(TYPES), random.pick(['number', 'string', 'boolean'])]
  for (let left = random.below(3); left > 0; left--) assertion(schema, random, depth)
  return schema
}

function assertion(schema: Node, random: Random, depth: number): void {
  switch (random.below(depth > 0 ? 6 : 4)) {
    case 0:
      schema[random.pick(['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'])] = random.pick(NUMBERS)
      return
    case 1:
      schema['multipleOf'] = random.pick([1, 2, 0.5, 0.01])
      return
    case 2:
      if (random.below(2) === 0) schema['pattern'] = random.pick(PATTERNS)
      else schema[random.pick(['minLength', 'maxLength'])] = random.below(4)
      return
    case 3:
      schema['enum'] = [random.pick(NUMBERS), random.pick(TEXTS), random.pick([true, false, null])]
      return
    case 4:
      schema['if'] = scalar(random, depth - 1)
      schema[random.pick(['then', 'else'])] = scalar(random, depth - 1)
      return
    default:
      if (random.below(3) === 0) schema['not'] = scalar(random, depth - 1)
      else schema[random.pick(['allOf', 'anyOf', 'oneOf'])] = [scalar(random, depth - 1), scalar(random, depth - 1)]
  }
}

/** An NBIRTH with metrics of the schema's names; `corpus` has metrics of all kinds. */
export function birth(corpus: readonly Metric[], random: Random): Uint8Array {
  const metrics: Metric[] = [
    { name: 'bdSeq', timestamp: 1, datatype: 4, longValue: 0 },
    { name: 'Node Control/Rebirth', timestamp: 1, datatype: 11, booleanValue: false },
  ]
  const names = new Set(Array.from({ length: random.below(6) }, () => random.pick(NAMES)))
  let alias = 0
  for (const name of names) {
    const made = random.below(4) === 0 ? random.pick(corpus) : { timestamp: 1, ...value(random) }
    metrics.push({ ...made, name, ...(random.below(2) === 0 ? { alias: alias++ } : {}) })
  }
  return Message.encode({ timestamp: 1_700_000_000_000, metrics, seq: 0 }).finish()
}

function value(random: Random): Metric {
  const number = random.pick(NUMBERS)
  switch (random.below(7)) {
    case 0:
      return { datatype: 12, stringValue: random.pick(TEXTS) }
    case 1:
      return { datatype: 11, booleanValue: random.below(2) === 0 }
    case 2:
      return { datatype: 9, floatValue: number }
    case 3:
      return { datatype: 3, intValue: Math.floor(number) >>> 0 }
    case 4:
      return { datatype: 8, longValue: Math.abs(Math.floor(number)) }
    case 5:
      return { datatype: 1 + random.below(14), isNull: true }
    default:
      return { datatype: 10, doubleValue: number }
  }
}

/** Changes bytes, or, where they can be decoded, what they say. */
export function mutatePayload(bytes: Uint8Array, random: Random): Uint8Array {
  if (random.below(2) === 0) return mutate(bytes, random)
  try {
    const message = Message.decode(bytes)
    edit(message, random)
    return Message.encode(message).finish()
  } catch {
    return mutate(bytes, random)
  }
}

function edit(message: root.org.eclipse.tahu.protobuf.IPayload, random: Random): void {
  const metrics = message.metrics ?? []
  if (metrics.length === 0) return
  const metric = random.pick(metrics)
  const other = random.pick(metrics)
  switch (random.below(9)) {
    case 0:
      message.seq = random.below(300)
      return
    case 1:
      message.timestamp = null
      return
    case 2:
      metrics.splice(random.below(metrics.length), 1)
      return
    case 3:
      metrics.push(other)
      return
    case 4:
      metric.name = other.name ?? null
      return
    case 5:
      metric.alias = random.below(3)
      return
    case 6:
      metric.datatype = random.below(36)
      return
    case 7:
      metric.timestamp = null
      return
    default:
      metric.isNull = random.below(2) === 0
  }
}
