import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeCbor } from './decode.ts'
import { encodeCbor } from './encode.ts'
import { type CborValue, Tagged } from './value.ts'

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
const of = (text: string) => Uint8Array.from(Buffer.from(text, 'hex'))

/** RFC 8949, appendix A: those that are deterministic. */
const EXAMPLES: readonly (readonly [CborValue, string])[] = [
  [0, '00'],
  [1, '01'],
  [10, '0a'],
  [23, '17'],
  [24, '1818'],
  [25, '1819'],
  [100, '1864'],
  [1000, '1903e8'],
  [1000000, '1a000f4240'],
  [1000000000000, '1b000000e8d4a51000'],
  [18446744073709551615n, '1bffffffffffffffff'],
  [-18446744073709551616n, '3bffffffffffffffff'],
  [-1, '20'],
  [-10, '29'],
  [-100, '3863'],
  [-1000, '3903e7'],
  [-0, 'f98000'],
  [1.1, 'fb3ff199999999999a'],
  [1.5, 'f93e00'],
  [3.4028234663852886e38, 'fa7f7fffff'],
  [1.0e300, 'fb7e37e43c8800759c'],
  [2 ** -24, 'f90001'],
  [0.00006103515625, 'f90400'],
  [-4.1, 'fbc010666666666666'],
  [Number.POSITIVE_INFINITY, 'f97c00'],
  [Number.NaN, 'f97e00'],
  [Number.NEGATIVE_INFINITY, 'f9fc00'],
  [false, 'f4'],
  [true, 'f5'],
  [null, 'f6'],
  [new Tagged(1, 1363896240), 'c11a514b67b0'],
  [new Tagged(1, 1363896240.5), 'c1fb41d452d9ec200000'],
  [new Tagged(23, of('01020304')), 'd74401020304'],
  [new Tagged(24, of('6449455446')), 'd818456449455446'],
  [new Uint8Array(0), '40'],
  [of('01020304'), '4401020304'],
  ['', '60'],
  ['a', '6161'],
  ['IETF', '6449455446'],
  ['"\\', '62225c'],
  ['ü', '62c3bc'],
  ['水', '63e6b0b4'],
  ['𐅑', '64f0908591'],
  [[], '80'],
  [[1, 2, 3], '83010203'],
  [[1, [2, 3], [4, 5]], '8301820203820405'],
  [Array.from({ length: 25 }, (_, i) => i + 1), '98190102030405060708090a0b0c0d0e0f101112131415161718181819'],
  [new Map(), 'a0'],
  [new Map([[1, 2], [3, 4]]), 'a201020304'], // biome-ignore format: one line an example
  [new Map<string, CborValue>([['a', 1], ['b', [2, 3]]]), 'a26161016162820203'], // biome-ignore format: one line an example
  [['a', new Map([['b', 'c']])], '826161a161626163'],
]

test.each(EXAMPLES.map(([value, text]) => [text, value] as const))('%s', (text, value) => {
  expect(hex(encodeCbor(value))).toBe(text)
  expect(decodeCbor(of(text))).toEqual(value)
})

describe('what is not deterministic or not whole is refused', () => {
  test.each([
    ['1800', 'a short number in two bytes'],
    ['190018', 'a byte in three'],
    ['1b00000000ffffffff', 'four bytes in nine'],
    ['fa3fc00000', '1.5 in five bytes'],
    ['fb3ff8000000000000', '1.5 in nine bytes'],
    ['f97e01', 'another NaN'],
    ['5f42010243030405ff', 'an indefinite length'],
    ['9fff', 'an indefinite array'],
    ['a2616201616101', 'keys out of order'],
    ['a2616101616102', 'a key twice'],
    ['a1f401', 'a key that is no name'],
    ['62c328', 'a text that is not UTF-8'],
    ['f7', 'undefined'],
    ['f8ff', 'a simple value'],
    ['0000', 'something behind it'],
    ['', 'nothing'],
    ['4401', 'cut off'],
    ['9b7fffffffffffffff', 'more items than bytes'],
    ['bb7fffffffffffffff', 'more pairs than bytes'],
    [`${'81'.repeat(40)}00`, 'too deep'],
  ])('%s: %s', text => {
    expect(() => decodeCbor(of(text))).toThrowError(expect.objectContaining({ code: 'cbor_malformed' }))
  })
})

const scalar = fc.oneof(
  fc.maxSafeInteger(),
  fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n - 1n }),
  fc.double(),
  fc.float(),
  fc.string({ unit: 'grapheme' }),
  fc.boolean(),
  fc.constant(null),
  fc.uint8Array({ maxLength: 40 }),
)
const { value } = fc.letrec<{ value: CborValue }>(tie => ({
  value: fc.oneof(
    { maxDepth: 4 },
    scalar,
    fc.array(tie('value'), { maxLength: 5 }),
    fc.array(fc.tuple(fc.oneof(fc.string(), fc.integer()), tie('value')), { maxLength: 5 }).map(all => new Map(all)),
    fc.tuple(fc.nat(), tie('value')).map(([tag, of]) => new Tagged(tag, of)),
  ),
}))

test('what is written is read again, and written the same', () => {
  fc.assert(
    fc.property(value, each => {
      const bytes = encodeCbor(each)
      expect(hex(encodeCbor(decodeCbor(bytes)))).toBe(hex(bytes))
    }),
    { seed: 3, numRuns: 500 },
  )
})

test('any bytes are read or refused, and what is read has no other spelling', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), bytes => {
      let read: CborValue
      try {
        read = decodeCbor(bytes)
      } catch (error) {
        expect(error).toMatchObject({ code: 'cbor_malformed' })
        return
      }
      expect(hex(encodeCbor(read))).toBe(hex(bytes))
    }),
    { seed: 4, numRuns: 5_000 },
  )
})
