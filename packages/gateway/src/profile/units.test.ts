import { expect, test } from 'vitest'
import { Flaw } from '../config/problem.ts'
import { convert, unitOf } from './units.ts'

/** Values of the SI Brochure (9th edition) and NIST SP 811, appendix B. */
test.each([
  ['cm', 'm', 120, 1.2],
  ['m3/h', 'l/s', 3.6, 1],
  ['l/min', 'm3/h', 1000, 60],
  ['[degF]', 'Cel', 212, 100],
  ['[degF]', 'Cel', -40, -40],
  ['Cel', 'K', 25, 298.15],
  ['K', '[degF]', 273.15, 32],
  ['bar', 'kPa', 1.5, 150],
  ['[psi]', 'kPa', 1, 6.894757293168],
  ['mbar', 'Pa', 1, 100],
  ['kW.h', 'MJ', 1, 3.6],
  ['rpm', 'Hz', 3000, 50],
  ['%', '1', 45, 0.45],
  ['km/h', 'm/s', 36, 10],
])('%s to %s: %d is %d', (from, to, value, expected) => {
  const conversion = convert(from, to)
  if (conversion instanceof Flaw) throw new Error(conversion.what)
  expect(value * conversion.factor + conversion.offset).toBeCloseTo(expected, 9)
})

test('units of other dimensions are never mixed', () => {
  expect(convert('m', 'Cel')).toMatchObject({ what: 'm is a unit of length, Cel one of temperature' })
})

test.each([
  ['Kpa', 'Did you mean kPa?'],
  ['degC', 'UCUM writes it Cel.'],
  ['m3/hr', 'Did you mean m3/h?'],
  ['furlong', 'Write a UCUM code, such as m, l/s, Cel, kPa, % or 1.'],
  ['constructor', 'Write a UCUM code, such as m, l/s, Cel, kPa, % or 1.'],
])('%s is unknown: %s', (code, hint) => expect(unitOf(code)).toMatchObject({ hint }))
