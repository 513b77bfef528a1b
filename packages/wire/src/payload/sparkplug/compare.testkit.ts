import type { Place } from './metric.ts'
import { SparkplugReader } from './reader.ts'
import { big, has, list, type Reference, readByReference } from './reference.testkit.ts'

const reader = new SparkplugReader()
/** More than any payload of the tests has. */
const METRICS = 1024

/** What the reader said of the bytes that were compared last: its fault's code, or an empty string. */
export const last = { code: '' }

/**
 * Reads some bytes with the reader and the reference; answers how they disagree, or null. Where the reader refuses, the
 * reference confirms it: it cannot decode the bytes, or would write others, or the standard is broken in what it decoded.
 */
export function compare(bytes: Uint8Array, place: Place): string | null {
  const { code, rows } = read(bytes, place)
  last.code = code
  const reference = readByReference(bytes, place)
  if (reference === null) return code === '' ? 'the reference cannot decode what the reader takes' : null
  if (code !== '') {
    if (!reference.canonical || reference.codes.has(code)) return null
    return `refused as ${code}, the reference finds ${[...reference.codes].join(', ') || 'nothing'}`
  }
  if (reference.codes.size > 0) return `taken, the reference finds ${[...reference.codes].join(', ')}`
  const expected = rowsOf(reference)
  if (expected.join('\n') === rows.join('\n')) return null
  return `read as\n${rows.join('\n')}\ninstead of\n${expected.join('\n')}`
}

function read(bytes: Uint8Array, place: Place): { code: string; rows: string[] } {
  const rows: string[] = []
  // Among other bytes, which it must not read.
  const buffer = new Uint8Array(bytes.length + 9).fill(0x0a)
  buffer.set(bytes, 4)
  if (reader.open(buffer, 4, 4 + bytes.length, METRICS)) {
    rows.push(`${reader.timestamp} ${reader.seq} ${reader.metrics}`)
    for (let metric = reader.next(place); metric !== null; metric = reader.next(place)) {
      const { value, alias, timestamp, datatype, historical, isNull } = metric
      const name = metric.named ? textOf(buffer, metric.nameFrom, metric.nameTo) : ''
      const bytesOf = value.field === 15 || value.field === 16 ? textOf(buffer, value.from, value.to) : ''
      const number = value.kind === 0 ? '' : Object.is(value.number, -0) ? '-0' : `${value.number}`
      rows.push([name, alias, timestamp, datatype, historical, isNull, value.field, number, bytesOf].join('|'))
    }
  }
  return { code: reader.fault?.code ?? '', rows }
}

function textOf(bytes: Uint8Array, from: number, to: number): string {
  return Buffer.from(bytes.subarray(from, to)).toString('latin1')
}

const FIELDS = [
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

function rowsOf({ message }: Reference): string[] {
  const number = (of: Record<string, unknown>, field: string) => (has(of, field) ? Number(big(of[field])) : -1)
  const metrics = list(message, 'metrics')
  const rows = metrics.map(metric => {
    const name = has(metric, 'name') ? Buffer.from(String(metric['name'])).toString('latin1') : ''
    const type = has(metric, 'datatype') ? Number(metric['datatype']) : -1
    const field = FIELDS.findIndex(one => has(metric, one))
    const value = field < 0 ? null : metric[FIELDS[field]]
    const flags = [metric['isHistorical'] === true, metric['isNull'] === true]
    const text =
      typeof value === 'string' || value instanceof Uint8Array ? Buffer.from(value as string).toString('latin1') : ''
    const isNull = flags[1]
    const known = isNull ? 'NaN' : type < 0 || field < 0 ? '' : numeral(value, type)
    const head = [name, number(metric, 'alias'), number(metric, 'timestamp'), type]
    return [...head, ...flags, field < 0 ? 0 : field + 10, known, text].join('|')
  })
  return [`${number(message, 'timestamp')} ${number(message, 'seq')} ${metrics.length}`, ...rows]
}

function numeral(value: unknown, type: number): string {
  if (typeof value === 'boolean') return value ? '1' : '0'
  if (typeof value === 'string' || value instanceof Uint8Array || type === 16 || type === 19) return 'NaN'
  if (type === 9 || type === 10) return Object.is(value, -0) ? '-0' : `${value}`
  const bits = type <= 3 ? 32 : 64
  return `${Number(type <= 4 ? BigInt.asIntN(bits, big(value)) : big(value))}`
}
