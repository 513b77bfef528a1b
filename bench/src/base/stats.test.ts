import { describe, expect, test } from 'vitest'
import { median, quantile, spread } from './stats.ts'

describe('statistics of rounds', () => {
  test('the median of odd and even counts', () => {
    expect(median([3, 1, 2])).toBe(2)
    expect(median([4, 1, 3, 2])).toBe(2.5)
  })

  test('numbers are ordered by size, not by their text', () => {
    expect(median([100, 20, 3])).toBe(20)
  })

  test('the nearest rank', () => {
    const hundred = Array.from({ length: 100 }, (_, index) => index + 1)
    expect(quantile(hundred, 0.99)).toBe(99)
    expect(quantile(hundred, 1)).toBe(100)
    expect(quantile(hundred, 0)).toBe(1)
    expect(quantile([7], 0.99)).toBe(7)
  })

  test('spread keeps the ends', () => {
    expect(spread([5, 1, 3])).toEqual({ median: 3, min: 1, max: 5 })
  })

  test('nothing measured is an error, not a zero', () => {
    expect(() => median([])).toThrow(RangeError)
  })
})
