import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatUnit, parseUnit, type Unit } from './units.ts'

test.each<[Unit, unknown, number | undefined]>([
  ['duration', '250ms', 250],
  ['duration', '10s', 10_000],
  ['duration', '1.1s', 1100],
  ['duration', '5m', 300_000],
  ['duration', '2d', 172_800_000],
  ['duration', 0.25, 250],
  ['duration', '1.5ms', undefined],
  ['duration', '10', undefined],
  ['duration', '10 s', undefined],
  ['duration', '-1s', undefined],
  ['duration', '1e3s', undefined],
  ['duration', '10S', undefined],
  ['duration', 'toString', undefined],
  ['duration', '1toString', undefined],
  ['duration', Number.NaN, undefined],
  ['size', '256KiB', 262_144],
  ['size', '0.5KiB', 512],
  ['size', '1KB', undefined],
  ['size', 10.5, undefined],
  ['rate', '300/m', 5],
  ['rate', '18/h', 0.005],
  ['rate', 0.5, 0.5],
  ['rate', '5', undefined],
  ['rate', true, undefined],
  ['rate', `${'9'.repeat(400)}/s`, undefined],
])('%s %j', (unit, written, value) => {
  const read = parseUnit(unit, written)
  if (value === undefined) expect(read).toBeUndefined()
  else expect(read).toBeCloseTo(value, 9)
})

test('what is written reads back', () => {
  fc.assert(
    fc.property(fc.constantFrom<Unit>('duration', 'size'), fc.integer({ min: 1, max: 2 ** 31 }), (unit, value) => {
      expect(parseUnit(unit, formatUnit(unit, value))).toBe(value)
    }),
  )
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1_000_000 }), value => {
      expect(parseUnit('rate', formatUnit('rate', value / 3600))! * 3600).toBeCloseTo(value, 4)
    }),
  )
})
