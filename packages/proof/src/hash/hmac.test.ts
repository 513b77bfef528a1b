import { createHmac, hkdfSync } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hkdf } from './hkdf.ts'
import { HmacKey, sameSecret } from './hmac.ts'

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
const of = (text: string) => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'))
const ascii = (text: string) => new TextEncoder().encode(text)

/** RFC 4231, section 4: test cases 1 to 4, 6 and 7, and 5, whose tag is truncated. */
const RFC_4231: readonly (readonly [string, Uint8Array, Uint8Array, string])[] = [
  ['1', of('0b'.repeat(20)), ascii('Hi There'), 'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7'],
  [
    '2',
    ascii('Jefe'),
    ascii('what do ya want for nothing?'),
    '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  ],
  ['3', of('aa'.repeat(20)), of('dd'.repeat(50)), '773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe'],
  [
    '4',
    of('0102030405060708090a0b0c0d0e0f10111213141516171819'),
    of('cd'.repeat(50)),
    '82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b',
  ],
  ['5', of('0c'.repeat(20)), ascii('Test With Truncation'), 'a3b6167473100ee06e0c796c2955552b'],
  [
    '6',
    of('aa'.repeat(131)),
    ascii('Test Using Larger Than Block-Size Key - Hash Key First'),
    '60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54',
  ],
  [
    '7',
    of('aa'.repeat(131)),
    ascii(
      'This is a test using a larger than block-size key and a larger than block-size data. The key needs to be hashed before being used by the HMAC algorithm.',
    ),
    '9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2',
  ],
]

test.each(RFC_4231)('RFC 4231, test case %s', (_, key, data, tag) => {
  expect(hex(new HmacKey(key).mac(data))).toMatch(new RegExp(`^${tag}`))
  expect(new HmacKey(key).verify(of(tag), data)).toBe(true)
})

describe('HKDF', () => {
  // RFC 5869, appendix A.1 to A.3.
  test.each([
    [
      '1',
      '0b'.repeat(22),
      '000102030405060708090a0b0c',
      'f0f1f2f3f4f5f6f7f8f9',
      '3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865',
    ],
    [
      '2',
      Buffer.from(Array.from({ length: 80 }, (_, i) => i)).toString('hex'),
      Buffer.from(Array.from({ length: 80 }, (_, i) => i + 0x60)).toString('hex'),
      Buffer.from(Array.from({ length: 80 }, (_, i) => i + 0xb0)).toString('hex'),
      'b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87',
    ],
    [
      '3',
      '0b'.repeat(22),
      '',
      '',
      '8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8',
    ],
  ])('RFC 5869, test case %s', (_, secret, salt, info, out) => {
    expect(hex(hkdf(of(secret), of(salt), of(info), out.length / 2))).toBe(out)
  })

  test('is that of OpenSSL', () => {
    const bytes = fc.uint8Array({ maxLength: 100 })
    fc.assert(
      fc.property(bytes, bytes, bytes, fc.integer({ min: 1, max: 300 }), (secret, salt, info, length) => {
        expect(hex(hkdf(secret, salt, info, length))).toBe(
          Buffer.from(hkdfSync('sha256', secret, salt, info, length)).toString('hex'),
        )
      }),
      { seed: 5, numRuns: 200 },
    )
  })

  test('gives no more than it can', () => {
    expect(() => hkdf(of('00'), of(''), of(''), 8_161)).toThrowError(expect.objectContaining({ code: 'hkdf_length' }))
  })
})

test('MACs are those of OpenSSL, and no other tag is taken for one', () => {
  const bytes = (maxLength: number) => fc.uint8Array({ maxLength })
  fc.assert(
    fc.property(bytes(140), bytes(300), fc.nat(300), fc.nat(255), (key, data, cut, flip) => {
      const wanted = createHmac('sha256', key).update(data).digest()
      const own = new HmacKey(key)
      const parts = [data.subarray(0, cut), data.subarray(cut)]
      expect(hex(own.mac(...parts))).toBe(wanted.toString('hex'))
      expect(own.verify(wanted, ...parts)).toBe(true)
      wanted[flip >> 3] ^= 1 << (flip & 7)
      expect(own.verify(wanted, ...parts)).toBe(false)
      expect(own.verify(wanted.subarray(0, 0), ...parts)).toBe(false)
    }),
    { seed: 2, numRuns: 400 },
  )
})

test('secrets of different lengths are not the same', () => {
  expect(sameSecret(of('00'), of('0000'))).toBe(false)
  expect(sameSecret(of('0001'), of('0001'))).toBe(true)
})
