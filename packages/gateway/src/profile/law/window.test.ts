import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DriftWindow, WINDOW_WORDS } from './window.ts'

const PART = 1_000
const START = 1_700_000_000_000

/** Residuals with the milliseconds since the one before. */
const residuals = fc.array(fc.tuple(fc.integer({ min: 0, max: 5_000 }), fc.integer({ min: -9, max: 9 })), {
  maxLength: 80,
})

test('is the sum, or the mean, of what came in the running part and the eleven before', () => {
  fc.assert(
    fc.property(residuals, fc.constantFrom('sum', 'mean'), (told, kind) => {
      const window = new DriftWindow(12 * PART, kind, 1)
      const words = new Float64Array(WINDOW_WORDS + 2).fill(0)
      const kept: { part: number; residual: number }[] = []
      let time = START
      for (const [pause, residual] of told) {
        time += pause
        const part = Math.floor(time / PART)
        const before = kept.filter(each => each.part > part - 12)
        const sum = before.reduce((total, each) => total + each.residual, residual)
        const isEnough = new Set(before.map(each => each.part)).size >= 6
        const wanted = kind === 'sum' ? sum : isEnough ? sum / (before.length + 1) : 0
        expect(window.with(residual, time, words, 1)).toBeCloseTo(wanted, 9)
        window.add(residual, time, words, 1)
        kept.push({ part, residual })
      }
      expect([words[0], words[WINDOW_WORDS + 1]]).toEqual([0, 0])
    }),
    { numRuns: 300, seed: 9 },
  )
})

test('a clock that goes back loses nothing and counts nothing twice', () => {
  const window = new DriftWindow(12 * PART, 'sum', 1)
  const words = new Float64Array(WINDOW_WORDS)
  window.add(1, START, words, 0)
  window.add(2, START - 5_000, words, 0)
  expect(window.with(4, START - 30_000, words, 0)).toBe(7)
  expect(window.with(4, START + 1_000, words, 0)).toBe(7)
  expect(window.with(4, START + 13_000, words, 0)).toBe(4)
})
