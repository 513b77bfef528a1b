import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hex } from '../../../test/frames.ts'
import { addressText } from './address.ts'

for (const [bytes, text] of [
  ['c0 00 02 07', '192.0.2.7'],
  ['20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 01', '2001:db8::1'],
  ['20 01 0d b8 00 00 00 01 00 01 00 01 00 01 00 01', '2001:db8:0:1:1:1:1:1'],
  ['20 01 00 00 00 00 00 01 00 00 00 00 00 00 00 01', '2001:0:0:1::1'],
  ['20 01 0d b8 00 00 00 00 00 01 00 00 00 00 00 01', '2001:db8::1:0:0:1'],
  ['00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00', '::'],
  ['00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 01', '::1'],
  ['fe 80 00 00 00 00 00 00 00 00 00 00 00 00 00 00', 'fe80::'],
] as const) {
  test(`an address is written as ${text}`, () => {
    const address = hex(bytes)
    expect(addressText(address, 0, address.length === 4 ? 4 : 6)).toBe(text)
  })
}

test('addresses of IPv6 are written as URLs write them', () => {
  const group = fc.oneof(fc.constant(0), fc.nat({ max: 0xffff }))
  fc.assert(
    fc.property(fc.array(group, { minLength: 8, maxLength: 8 }), groups => {
      const bytes = Uint8Array.from(groups.flatMap(value => [value >> 8, value & 255]))
      const long = groups.map(value => value.toString(16)).join(':')
      expect(`[${addressText(bytes, 0, 6)}]`).toBe(new URL(`http://[${long}]/`).hostname)
    }),
    { numRuns: 300 },
  )
})
