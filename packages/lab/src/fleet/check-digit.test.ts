import { expect, it } from 'vitest'
import { luhn } from './check-digit.ts'

it('gives the check digit of known numbers', () => {
  expect(luhn(7992739871)).toBe(3)
  expect(luhn(4992739871)).toBe(6)
  expect(luhn(0)).toBe(0)
})

it('leaves sign and point out', () => {
  expect(luhn(-4.5561)).toBe(luhn(45561))
})

it('finds every single wrong digit', () => {
  const right = luhn(32.41)
  for (const wrong of [2.41, 42.41, 31.41, 32.51, 32.49]) expect(luhn(wrong)).not.toBe(right)
})
