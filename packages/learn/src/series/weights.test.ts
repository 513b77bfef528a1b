import { expect, test } from 'vitest'
import { randomOf } from '../base/random.ts'
import { residualLimit } from './index.ts'

test('the limit of Q holds where many small variances stand beside a large one (h0 below 0), and through 0', () => {
  const random = randomOf(9)
  const variances = [7, ...new Array<number>(300).fill(1)]
  const limit = residualLimit(variances, 0.01)
  let above = 0
  for (let row = 0; row < 10_000; row++) {
    const q = variances.reduce((sum, variance) => sum + variance * random.normal() ** 2, 0)
    if (q > limit) above++
  }
  expect(above / 10_000).toBeCloseTo(0.01, 2)
  // h0 is 0 where two thirds of first * third are second squared: the limit goes through it without a leap.
  const limits = [6.2, 6.3, 6.4, 6.5].map(large => residualLimit([large, ...variances.slice(1)], 0.01))
  for (let i = 1; i < 4; i++) expect(Math.abs(limits[i]! - limits[i - 1]!)).toBeLessThan(1)
})
