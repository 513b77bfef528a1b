import { expect, test } from 'vitest'
import { Baseline } from './baseline.ts'
import { Run } from './run.ts'

const baseline = () => {
  const own = new Baseline(4)
  for (const value of [1, 3, 1, 3]) own.learn(value)
  return own
}

test('a run foretells with a density: it is positive and its integral is 1', () => {
  const run = new Run(0, 1, [baseline()])
  for (const count of [0, 1, 2, 5]) {
    while (countOf(run) < count) run.learn(Float64Array.of(2 + (count % 2)), 100)
    let sum = 0
    // The substitution x = 2 + tan(u) takes in the heavy tails.
    const parts = 20_000
    for (let i = 0; i < parts; i++) {
      const u = -Math.PI / 2 + ((i + 0.5) * Math.PI) / parts
      sum += (Math.exp(run.density(Float64Array.of(2 + Math.tan(u)))) / Math.cos(u) ** 2) * (Math.PI / parts)
    }
    expect(sum).toBeCloseTo(1, 3)
  }
})

const counts = new WeakMap<Run, number>()
function countOf(run: Run): number {
  const count = counts.get(run) ?? -1
  counts.set(run, count + 1)
  return count + 1
}

test('what it learns comes close to the values, and it forgets beyond its length', () => {
  const run = new Run(0, 1, [baseline()])
  for (let i = 0; i < 200; i++) run.learn(Float64Array.of(50 + (i % 2)), 20)
  expect(run.beliefOf(0).level).toBeCloseTo(50.4, 0)
  for (let i = 0; i < 200; i++) run.learn(Float64Array.of(-10), 20)
  expect(Math.abs(run.beliefOf(0).level + 10)).toBeLessThan(0.5)
})

test('a missing value neither weighs nor teaches', () => {
  const one = baseline()
  const run = new Run(0, 1, [one, one])
  run.learn(Float64Array.of(2, Number.NaN), 10)
  expect(run.density(Float64Array.of(Number.NaN, Number.NaN))).toBe(0)
  expect(run.beliefOf(1).level).toBe(one.mean)
})
