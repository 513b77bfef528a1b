import { expect, test } from 'vitest'
import { upperTail } from './binomial.ts'

/** Exactly, with whole numbers: a tail at the rate 1/2. */
function exactHalf(hits: number, count: number): number {
  let sum = 0n
  let choose = 1n
  for (let k = 0n; k <= BigInt(count); k++) {
    if (k >= BigInt(hits)) sum += choose
    choose = (choose * (BigInt(count) - k)) / (k + 1n)
  }
  return Number(sum) / 2 ** count
}

test.each([0, 1, 50, 64, 65, 97, 98, 120, 128])('the tail from %i of 128 on is exact', hits => {
  expect(upperTail(hits, 128, 0.5) / exactHalf(hits, 128)).toBeCloseTo(1, 10)
})

test('the tail at another rate: both of two, one or more of two', () => {
  expect(upperTail(2, 2, 0.2)).toBeCloseTo(0.04, 12)
  expect(upperTail(1, 2, 0.2)).toBeCloseTo(0.36, 12)
})
