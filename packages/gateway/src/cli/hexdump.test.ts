import { expect, test } from 'vitest'
import { hexdump } from './hexdump.ts'

test('lines of sixteen bytes with offset and text, the last one padded', () => {
  const bytes = Uint8Array.from({ length: 18 }, (_, i) => 0x41 + i)
  expect(hexdump(bytes)).toEqual([
    '  0000  41 42 43 44 45 46 47 48 49 4a 4b 4c 4d 4e 4f 50  ABCDEFGHIJKLMNOP',
    '  0010  51 52                                            QR',
  ])
})

test('nothing that would steer a terminal is shown as text', () => {
  expect(hexdump(Uint8Array.of(0x1b, 0x5b, 0x0a, 0x00, 0x7f, 0x9b, 0xff, 0x20))).toEqual([
    `  0000  1b 5b 0a 00 7f 9b ff 20                          .[..... `,
  ])
})

test('no bytes are no lines', () => expect(hexdump(new Uint8Array(0))).toEqual([]))
