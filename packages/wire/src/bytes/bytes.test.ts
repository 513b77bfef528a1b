import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hexDigit } from './hex.ts'
import { codePoints } from './points.ts'
import { sameBytes } from './same.ts'

test('every byte is the digit that it is in hexadecimal, and no other is one', () => {
  for (let byte = 0; byte < 256; byte++) {
    const value = Number.parseInt(String.fromCharCode(byte), 16)
    expect(hexDigit(byte)).toBe(Number.isNaN(value) ? -1 : value)
  }
})

test('characters are counted as strings count them', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.nat({ max: 3 }), (text, before) => {
      const bytes = Buffer.concat([Buffer.alloc(before, 0x78), Buffer.from(text), Buffer.from('\u00e9')])
      expect(codePoints(bytes, before, bytes.length - 2)).toBe([...text].length)
    }),
  )
})

test('ranges are the same where all their bytes are', () => {
  const range = fc.uint8Array({ maxLength: 6, max: 2 })
  fc.assert(
    fc.property(range, range, range, (one, other, around) => {
      const a = Uint8Array.from([...around, ...one])
      const b = Uint8Array.from([...other, ...around])
      const same = Buffer.compare(one, other) === 0
      expect(sameBytes(a, around.length, a.length, b, 0, other.length)).toBe(same)
    }),
  )
})
