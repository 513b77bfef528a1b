import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decimalOf, singleOfHex } from './decimal.ts'

/** Read out of the middle of a buffer whose neighbors are digits too. */
function inside<T>(text: string, read: (bytes: Uint8Array, start: number, end: number) => T): T {
  const bytes = new TextEncoder().encode(`9${text}9`)
  return read(bytes, 1, bytes.length - 1)
}

test('a number is the nearest double, as the language reads it', () => {
  const digits = fc.stringMatching(/^-?(0|[1-9][0-9]{0,24})(\.[0-9]{1,24})?([eE][+-]?[0-9]{1,4})?$/)
  const some = fc.oneof(digits, fc.double({ noNaN: true, noDefaultInfinity: true }).map(String))
  fc.assert(
    fc.property(some, text => {
      expect(inside(text, decimalOf)).toBe(Number(text))
    }),
    { seed: 11, numRuns: 3_000 },
  )
})

test.each([
  '',
  '-',
  '+1',
  '01',
  '-01',
  '1.',
  '.5',
  '1e',
  '1e+',
  '1.e3',
  ' 1',
  '1 ',
  '0x1',
  'NaN',
  'Infinity',
  '1_0',
  '1-',
])('%j spells none', text => {
  expect(inside(text, decimalOf)).toBeNaN()
})

test('what is too large is infinite, with any number of digits in its exponent', () => {
  expect(inside('1e400', decimalOf)).toBe(Number.POSITIVE_INFINITY)
  expect(inside(`-1e${'9'.repeat(400)}`, decimalOf)).toBe(Number.NEGATIVE_INFINITY)
  expect(inside(`1e-${'9'.repeat(400)}`, decimalOf)).toBe(0)
})

test('eight hexadecimal digits are a single', () => {
  const view = new DataView(new ArrayBuffer(4))
  fc.assert(
    fc.property(fc.float({ noNaN: true }), value => {
      view.setFloat32(0, value)
      const digits = view.getUint32(0).toString(16).padStart(8, '0')
      expect(inside(digits, singleOfHex)).toBe(value)
      expect(inside(digits.toUpperCase(), singleOfHex)).toBe(value)
    }),
    { seed: 12, numRuns: 500 },
  )
  for (const text of ['', '3f80000', '3f8000000', '3f80000g', '3f80 000']) expect(inside(text, singleOfHex)).toBeNaN()
})
