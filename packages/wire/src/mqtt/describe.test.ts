import { expect, test } from 'vitest'
import { hex, scanner } from '../../test/frames.ts'
import { describe } from './describe.ts'

function described(bytes: string, version: 4 | 5 = 4): string {
  const scan = scanner('client', version)
  scan.feed(hex(bytes))
  scan.next()
  return describe(scan)
}

test('packets in words', () => {
  expect(described('32 07 00 03 61 2f 62 00 07')).toBe('PUBLISH qos 1 id 7 topic a/b, 9 bytes')
  expect(described('3b 07 00 03 61 2f 62 00 07')).toBe('PUBLISH qos 1 dup retain id 7 topic a/b, 9 bytes')
  expect(described('40 04 00 07 87 00', 5)).toBe('PUBACK id 7 reason 0x87, 6 bytes')
  expect(described('30 06 00 00 03 23 00 05', 5)).toBe('PUBLISH qos 0 alias 5, 8 bytes')
  expect(described('c0 00')).toBe('PINGREQ, 2 bytes')
})

test('an illegal packet says why, and its topic cannot break the line', () => {
  expect(described('30 05 00 03 61 2f 23')).toBe(
    'PUBLISH qos 0 topic a/#, 7 bytes; illegal: the topic name holds the wildcard # (MQTT-3.3.2-2)',
  )
  expect(described('30 06 00 04 0a 1b 5b 41')).toBe('PUBLISH qos 0 topic \\u000a\\u001b[A, 8 bytes')
  expect(described('30 ff ff ff ff')).toContain('illegal: the remaining length does not end within four bytes')
})
