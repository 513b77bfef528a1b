import { expect, test } from 'vitest'
import { hex, scanner } from '../../test/frames.ts'

/** The code of the packet's fault, with what else is said of it. */
function faultOf(bytes: string, strict: boolean, version: 4 | 5 = 5): string {
  const scan = scanner('client', version)
  scan.strict = strict
  scan.feed(hex(bytes))
  expect(scan.next()).toBe(true)
  return scan.fault === null ? 'none' : `${scan.fault.code}${scan.fault.strict === true ? ' strict' : ''}`
}

test.each([
  ['control character in a topic', '30 04 00 01 01 00', 'text_control strict'],
  ['DEL in a topic', '30 04 00 01 7f 00', 'text_control strict'],
  ['U+FFFE in a topic', '30 06 00 03 ef bf be 00', 'text_control strict'],
  ['control character in a content type', '30 08 00 01 61 04 03 00 01 1f', 'text_control strict'],
  ['payload that is not what it says', '30 07 00 01 61 02 01 01 ff', 'payload_format strict'],
  ['a length with a byte too many', '30 84 00 00 01 61 00', 'length_not_shortest strict'],
  ['a property length with a byte too many', '30 05 00 01 61 80 00', 'property_length_not_shortest strict'],
  ['the same in a SUBSCRIBE', '82 08 00 07 80 00 00 01 61 00', 'property_length_not_shortest strict'],
  ['an identifier with a byte too many', '82 0a 00 07 03 0b 85 00 00 01 61 00', 'property_not_shortest strict'],
  ['DUP with QoS 0', '38 04 00 01 61 00', 'dup_qos_0 strict'],
  ['a reason code of another packet', '40 03 00 07 18', 'reason_illegal strict'],
  ['a response topic with a wildcard', '30 0a 00 01 61 06 08 00 03 61 2f 23', 'response_topic_wildcard strict'],
  ['an empty response topic', '30 07 00 01 61 03 08 00 00', 'response_topic_empty strict'],
  ['a payload format of 2', '30 06 00 01 61 02 01 02', 'property_value strict'],
])('%s is refused by a strict scanner alone', (_, bytes, code) => {
  expect(faultOf(bytes, true)).toBe(code)
  expect(faultOf(bytes, false)).toBe('none')
})

test.each([['a share without a filter', '82 0e 00 07 00 00 08 24 73 68 61 72 65 2f 67 00', 'share_malformed strict']])(
  '%s is refused by every scanner',
  (_, bytes, code) => {
    expect(faultOf(bytes, true)).toBe(code)
    expect(faultOf(bytes, false)).toBe(code)
  },
)

test('what leaves no choice is told before what does, wherever it stands', () => {
  expect(faultOf('30 06 00 03 01 2f 23 00', true)).toBe('topic_wildcard')
  expect(faultOf('38 06 00 03 61 2f 23 00', true)).toBe('topic_wildcard')
  expect(faultOf('82 0c 00 07 00 00 01 01 00 00 02 61 23 00', true)).toBe('filter_wildcard')
})

test('a packet after one that was refused is judged by itself', () => {
  const scan = scanner('client', 5)
  scan.strict = true
  scan.feed(hex('30 04 00 01 01 00 30 07 00 01 61 02 01 01 78 30 05 00 01 61 00 ff'))
  expect(scan.next() && scan.fault?.code).toBe('text_control')
  expect(scan.next() && scan.fault).toBeNull()
  expect(scan.utf8Payload).toBe(true)
  expect(scan.next() && scan.fault).toBeNull()
  expect(scan.utf8Payload).toBe(false)
})
