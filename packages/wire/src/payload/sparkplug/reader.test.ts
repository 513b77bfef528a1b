import { describe, expect, test } from 'vitest'
import { SparkplugReader } from './reader.ts'

const PLACE = { birth: false, definitions: false }

/** Reads bytes in hexadecimal; answers the fault's code or the metrics' number. */
function read(hex: string, reader = new SparkplugReader()): string | number {
  const bytes = new Uint8Array(Buffer.from(hex.replaceAll(' ', ''), 'hex'))
  if (reader.open(bytes, 0, bytes.length, 4)) while (reader.next(PLACE) !== null);
  return reader.fault?.code ?? reader.metrics
}

/** A payload of one metric with these fields. */
function metric(hex: string): string {
  const length = hex.replaceAll(' ', '').length / 2
  return `12 ${length.toString(16).padStart(2, '0')} ${hex}`
}

/** Messages within each other: so many templates, each with one metric. */
function nested(depth: number): string {
  let inner = '0a0161'
  const wrap = (tag: string, body: string) => {
    let length = body.length / 2
    let prefix = ''
    for (; length > 0x7f; length >>>= 7) prefix += ((length & 0x7f) | 0x80).toString(16)
    return `${tag}${prefix}${length.toString(16).padStart(2, '0')}${body}`
  }
  for (let i = 0; i < depth; i++) inner = `0a0161${wrap('9201', `${wrap('12', inner)}22017828 00`.replaceAll(' ', ''))}`
  return wrap('12', inner)
}

describe('the encoding', () => {
  const CASES: [string, string, string | number][] = [
    ['nothing', '', 0],
    ['timestamp and sequence number', '08 01 18 02', 0],
    ['the largest 64-bit number that a double holds', '08 ff ff ff ff ff ff ff 0f', 0],
    ['one more than a double holds', '08 81 80 80 80 80 80 80 10', 'payload_number'],
    ['a number of ten bytes', '2a 00 08 80 80 80 80 80 80 80 80 80 01', 0],
    ['more than 64 bits', '08 ff ff ff ff ff ff ff ff ff 02', 'payload_syntax'],
    ['eleven bytes', '08 80 80 80 80 80 80 80 80 80 80 01', 'payload_syntax'],
    ['a longer form than needed', '08 81 00', 'payload_syntax'],
    ['a tag in a longer form', '88 00 01', 'payload_syntax'],
    ['an end within a number', '08 80', 'payload_syntax'],
    ['field 0', '00 01', 'payload_syntax'],
    ['an unknown field', '30 01', 'payload_syntax'],
    ['an extension', 'a2 06 00', 'payload_syntax'],
    ['a field twice', '18 01 18 01', 'payload_duplicate_key'],
    ['another wire type', '0a 01 01', 'payload_syntax'],
    ['a group', '13 14', 'payload_syntax'],
    ['a length beyond the end', '2a 02 00', 'payload_syntax'],
    ['a length of 2^31', '2a 80 80 80 80 08', 'payload_syntax'],
    ['a uuid that is no UTF-8', '22 02 c0 80', 'payload_utf8'],
    ['a uuid with U+0000', '22 01 00', 'payload_utf8'],
    ['five metrics where four may be', '12 00 12 00 12 00 12 00 12 00', 'payload_length'],
    ['metrics before and behind the sequence number', '12 00 18 01 12 00', 2],
  ]
  test.each(CASES)('%s', (_, hex, expected) => expect(read(hex)).toBe(expected))
})

describe('metrics', () => {
  const CASES: [string, string, string | number][] = [
    ['an empty name', '0a 00', 'sparkplug_metric'],
    ['a surrogate in the name', '0a 03 ed a0 80', 'payload_utf8'],
    ['an overlong name', '0a 02 c1 81', 'payload_utf8'],
    ['two values', '50 01 58 01', 'payload_duplicate_key'],
    ['null with a value', '38 01 50 01', 'sparkplug_value'],
    ['a boolean of 2', '20 0b 70 02', 'payload_number'],
    ['a 33-bit int_value', '50 80 80 80 80 10', 'payload_number'],
    ['datatype behind its value', '50 05 20 03', 1],
    ['Int8 of -1', '20 01 50 ff ff ff ff 0f', 1],
    ['Int8 of 255', '20 01 50 ff 01', 'sparkplug_datatype'],
    ['UInt8 of 256', '20 05 50 80 02', 'sparkplug_datatype'],
    ['UInt32 in long_value', '20 07 58 ff ff ff ff 0f', 1],
    ['UInt32 above its range', '20 07 58 80 80 80 80 10', 'sparkplug_datatype'],
    ['Int64 of -1', '20 04 58 ff ff ff ff ff ff ff ff ff 01', 1],
    ['UInt64 of 2^64 - 1', '20 08 58 ff ff ff ff ff ff ff ff ff 01', 'payload_number'],
    ['UInt64 of 2^63', '20 08 58 80 80 80 80 80 80 80 80 80 01', 1],
    ['a text in an Int32', '20 03 7a 01 61', 'sparkplug_datatype'],
    ['datatype 0', '20 00 50 01', 'sparkplug_datatype'],
    ['datatype 20 of properties', '20 14', 'sparkplug_datatype'],
    ['datatype 35', '20 23', 'sparkplug_datatype'],
    ['float infinity', '65 00 00 80 7f', 'payload_number'],
    ['float NaN', '65 00 00 c0 7f', 'payload_number'],
    ['double NaN', '69 00 00 00 00 00 00 f8 7f', 'payload_number'],
    ['a cut double', '69 00 00 00', 'payload_syntax'],
    ['an extension value', '9a 01 00', 'payload_syntax'],
    ['a FloatArray with a NaN', '20 1e 82 01 04 00 00 c0 7f', 'sparkplug_datatype'],
    ['an Int16Array of three bytes', '20 17 82 01 03 00 00 00', 'sparkplug_datatype'],
    ['a BooleanArray of nine', '20 20 82 01 06 09 00 00 00 ff 01', 1],
    ['a BooleanArray that is too short', '20 20 82 01 05 09 00 00 00 ff', 'sparkplug_datatype'],
    ['a StringArray without its end', '20 21 82 01 01 61', 'sparkplug_datatype'],
  ]
  test.each(CASES)('%s', (_, hex, expected) => expect(read(metric(hex))).toBe(expected))

  test('a column behind the rows of a DataSet', () => {
    // num_of_columns 1, a column, type Boolean, a row of one value, then a second column.
    const set = '08 01 12 01 61 18 0b 22 04 0a 02 28 01'
    expect(read(metric(`20 10 8a 01 0d ${set}`))).toBe(1)
    expect(read(metric(`20 10 8a 01 10 ${set} 12 01 62`))).toBe('payload_syntax')
  })

  test('packed types of a DataSet', () => {
    expect(read(metric('20 10 8a 01 0b 08 02 12 01 61 12 01 62 1a 02 0b 03'.replace('0b 08', '0c 08')))).toBe(1)
  })

  test('nesting is bounded, whatever the payload', () => {
    expect(read(nested(6))).toBe(1)
    expect(read(nested(7))).toBe('payload_depth')
    expect(read(nested(2000))).toBe('payload_depth')
  })

  test('names the metric in its fault', () => {
    const reader = new SparkplugReader()
    read(metric('0a 03 61 2f 7e 65 00 00 c0 7f'), reader)
    expect(reader.fault).toMatchObject({ where: '/a~1~0', offset: 8 })
    expect(reader.fault?.why).toBe('the metric "a/~" has the number NaN')
  })
})
