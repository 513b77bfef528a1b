import { expect, test } from 'vitest'
import { randomOf } from '../../base/random.ts'
import { Baseline } from './baseline.ts'
import { BayesDetector } from './bayes.ts'

/** ln gamma by Stirling's series, moved up to where it holds. */
function logGamma(x: number): number {
  let shift = 0
  let at = x
  while (at < 12) shift += Math.log(at++)
  const series = 1 / (12 * at) - 1 / (360 * at ** 3) + 1 / (1260 * at ** 5)
  return (at - 0.5) * Math.log(at) - at + Math.log(2 * Math.PI) / 2 + series - shift
}

/** The logarithm of the marginal likelihood of one run, in closed form (Murphy 2007, eq. 95): prior weight .05, shape 1. */
function marginal(values: readonly number[], { mean, deviation }: Baseline): number {
  const count = values.length
  const average = values.reduce((sum, value) => sum + value, 0) / count
  const square = values.reduce((sum, value) => sum + (value - average) ** 2, 0)
  const scale = deviation ** 2 + square / 2 + (0.05 * count * (average - mean) ** 2) / (2 * (0.05 + count))
  return (
    logGamma(1 + count / 2) -
    logGamma(1) +
    Math.log(deviation ** 2) -
    (1 + count / 2) * Math.log(scale) +
    Math.log(0.05 / (0.05 + count)) / 2 -
    (count / 2) * Math.log(2 * Math.PI)
  )
}

test('the posterior is that of all segmentations, summed with marginal likelihoods in closed form', () => {
  const random = randomOf(17)
  const values = Array.from({ length: 60 }, (_, row) => Math.fround(random.normal() + (row < 35 ? 0 : 4)))
  const warmup = 20
  const prior = new Baseline(warmup)
  for (const value of values.slice(0, warmup)) prior.learn(value)
  expect(prior.autocorrelation).toBe(0)
  const hazard = 1 / 50

  // evidence[t] of the first t values; a run that begins at s goes on to t with (1 - hazard) a step.
  const evidence = [1]
  const joint = (start: number, end: number): number => {
    const begin = start === 0 ? 1 : hazard * evidence[start]!
    return begin * (1 - hazard) ** (end - start - 1) * Math.exp(marginal(values.slice(start, end), prior))
  }
  for (let end = 1; end <= values.length; end++) {
    let sum = 0
    for (let start = 0; start < end; start++) sum += joint(start, end)
    evidence.push(sum)
  }

  const detector = new BayesDetector(1, { interval: 50, warmup })
  for (const [row, value] of values.entries()) {
    detector.next([value])
    if (row < warmup - 1) continue
    let told = 0
    for (const { start, probability } of detector.posterior) {
      expect(probability).toBeCloseTo(joint(start, row + 1) / evidence[row + 1]!, 5)
      told += joint(start, row + 1) / evidence[row + 1]!
    }
    expect(told).toBeCloseTo(1, 4)
  }
})
