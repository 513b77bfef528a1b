import type { ValidateFunction } from 'ajv/dist/2020.js'
import { big, has, list, readByReference } from '../../src/payload/sparkplug/reference.testkit.ts'
import type { Reference } from './format.ts'

type Decoded = Record<string, unknown>

const NOTHING: ReadonlySet<string> = new Set()
const BAD: Reference = { good: false, codes: NOTHING }

/** Every code: for bytes that the reference decodes and would not write itself. */
class Any extends Set<string> {
  override has(): boolean {
    return true
  }
}
const ANY: ReadonlySet<string> = new Any()

/** What `sparkplug-payload` decodes of an NBIRTH, held against the standard's rules and, as an object of metrics, ajv. */
export function birthByReference(validate: ValidateFunction, bytes: Uint8Array): Reference {
  const read = readByReference(bytes, { birth: true, definitions: true })
  if (read === null || read.codes.size > 0 || !isBirth(read.message)) return BAD
  if (!validate(objectOf(list(read.message, 'metrics')))) return BAD
  return { good: true, codes: read.canonical ? NOTHING : ANY }
}

function isBirth(message: Decoded): boolean {
  if (!has(message, 'seq') || big(message['seq']) !== 0n || !has(message, 'timestamp')) return false
  const metrics = list(message, 'metrics')
  const names = new Set(metrics.map(metric => metric['name']))
  const aliases = metrics.filter(metric => has(metric, 'alias')).map(metric => big(metric['alias']))
  if (names.size !== metrics.length || new Set(aliases).size !== aliases.length) return false
  if (!metrics.every(metric => has(metric, 'name') && has(metric, 'timestamp') && isValued(metric))) return false
  const bdSeq = metrics.find(metric => metric['name'] === 'bdSeq')
  const rebirth = metrics.find(metric => metric['name'] === 'Node Control/Rebirth')
  if (bdSeq === undefined || rebirth === undefined) return false
  if (!has(bdSeq, 'longValue') || ![4, 8].includes(Number(bdSeq['datatype'])) || big(bdSeq['longValue']) > 255n)
    return false
  return has(rebirth, 'booleanValue') && rebirth['booleanValue'] === false && !has(rebirth, 'alias')
}

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
]

function isValued(metric: Decoded): boolean {
  return metric['isNull'] === true || VALUES.some(field => has(metric, field))
}

/** The metrics as a JSON object, without the standard's own; arrays and what is nested as their bare type. */
function objectOf(metrics: readonly Decoded[]): Record<string, unknown> {
  const own = metrics.filter(metric => metric['name'] !== 'bdSeq' && metric['name'] !== 'Node Control/Rebirth')
  return Object.fromEntries(own.map(metric => [String(metric['name']), jsonOf(metric)]))
}

function jsonOf(metric: Decoded): unknown {
  if (metric['isNull'] === true) return null
  const field = VALUES.find(one => has(metric, one)) ?? ''
  if (field === 'bytesValue') return []
  if (field === 'datasetValue' || field === 'templateValue') return {}
  if (field !== 'intValue' && field !== 'longValue') return metric[field]
  const bits = field === 'intValue' ? 32 : 64
  const raw = big(metric[field])
  return Number(Number(metric['datatype']) <= 4 ? BigInt.asIntN(bits, raw) : raw)
}
