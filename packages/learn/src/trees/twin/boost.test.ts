import fc from 'fast-check'
import { expect, test } from 'vitest'
import { randomOf } from '../../index.ts'
import { bench, putBytes, putInts } from '../trees.testkit.ts'
import { bestSplitOf, histogramOf, logisticPair, type Pair } from './boost.ts'

const CELLS = 512

test('gradients of the logistic loss lie within single precision of the plain ones, however far a margin is', () => {
  const { arena, kernels } = bench()
  const margins = [-200, -87.5, -30, -3.3, -0.1, 0, 1e-6, 0.7, 5, 20, 88, 1e6]
  const labels = margins.map((_, i) => i & 1)
  const weights = margins.map((_, i) => 1 + (i % 3))
  const out = arena.alloc(margins.length * 8)
  kernels.logisticGradients(arena.put(margins), arena.put(labels), arena.put(weights), margins.length, out)
  const probabilities = arena.put(margins)
  kernels.sigmoid(probabilities, margins.length)
  for (const [i, margin] of margins.entries()) {
    const { g, h } = logisticPair(margin, labels[i]!, weights[i]!)
    const [found, second] = arena.floats(out, 2 * margins.length).subarray(2 * i)
    expect(Math.abs(found! - g)).toBeLessThan(5e-7)
    expect(Math.abs(second! - h)).toBeLessThan(5e-7)
    expect(second!).toBeGreaterThan(0)
    expect(Math.abs(arena.floats(probabilities, margins.length)[i]! - 1 / (1 + Math.exp(-margin)))).toBeLessThan(2e-7)
  }
})

/** A table of bins, with {g, h} that are sums of powers of two, so that no sum is rounded. */
function setting(seed: number, rows: number, columns: number) {
  const random = randomOf(seed)
  const counts = Array.from({ length: columns }, () => 1 + random.below(random.next() < 0.5 ? 8 : 255))
  const missing = counts.map(() => random.next() < 0.5)
  const bins = Uint8Array.from({ length: rows * columns }, (_, i) => {
    const column = i % columns
    return random.below(counts[column]! + (missing[column] ? 1 : 0))
  })
  const pairs = Array.from(
    { length: rows },
    (): Pair => ({ g: random.below(257) / 64 - 2, h: (1 + random.below(64)) / 64 }),
  )
  const index = Array.from({ length: rows }, (_, i) => i).filter(() => random.next() < 0.8)
  return { counts, missing, bins, pairs, index }
}

const sizes = fc.record({
  seed: fc.nat(1e6),
  rows: fc.integer({ min: 1, max: 120 }),
  columns: fc.integer({ min: 1, max: 9 }),
})

test('histograms, what is left of them after subtraction, and sums', () => {
  const { arena, kernels } = bench()
  const { mark } = arena
  fc.assert(
    fc.property(sizes, ({ seed, rows, columns }) => {
      arena.release(mark)
      const { bins, pairs, index } = setting(seed, rows, columns)
      const cut = Math.floor(index.length / 3)
      const [at, hold] = [putInts(arena, index), putBytes(arena, bins)]
      const data = arena.put(pairs.flatMap(({ g, h }) => [g, h]))
      const [all, some] = [arena.zeros(columns * 4_096), arena.zeros(columns * 4_096)]
      kernels.histogram(all, at, index.length, hold, columns, data)
      kernels.histogram(some, at, cut, hold, columns, data)
      kernels.subtract(all, some, columns * 4_096)
      const total = arena.alloc(16)
      kernels.total(at, index.length, data, total)
      expect(arena.f64[total / 8]).toBe(index.reduce((sum, row) => sum + pairs[row]!.g, 0))
      expect(arena.f64[total / 8 + 1]).toBe(index.reduce((sum, row) => sum + pairs[row]!.h, 0))
      for (let j = 0; j < columns; j++) {
        const column = Array.from(pairs, (_, row) => bins[row * columns + j]!)
        for (const [hist, rowsOf] of [
          [all, index.slice(cut)],
          [some, index.slice(0, cut)],
        ] as const) {
          const wanted = histogramOf(rowsOf, column, pairs).flatMap(({ g, h }) => [g, h])
          const from = hist / 8 + j * CELLS
          expect(Array.from(arena.f64.subarray(from, from + CELLS))).toEqual(wanted)
        }
      }
    }),
    { seed: 5, numRuns: 60 },
  )
})

test('the best split is the one that a look at all cuts finds, with missing values on either side, L1 and L2', () => {
  const { arena, kernels } = bench()
  const { mark } = arena
  const rules = fc.record({
    lambda: fc.constantFrom(0, 1, 3.5),
    alpha: fc.constantFrom(0, 0.5, 4),
    least: fc.constantFrom(1e-6, 1, 8),
  })
  let splits = 0
  fc.assert(
    fc.property(sizes, rules, ({ seed, rows, columns }, { lambda, alpha, least }) => {
      arena.release(mark)
      const { counts, missing, bins, pairs, index } = setting(seed, rows, columns)
      const hist = arena.zeros(columns * 4_096)
      const data = arena.put(pairs.flatMap(({ g, h }) => [g, h]))
      kernels.histogram(hist, putInts(arena, index), index.length, putBytes(arena, bins), columns, data)
      const asked = putInts(arena, [...counts.keys()])
      const binned = putInts(
        arena,
        counts.map((count, j) => count + (missing[j] ? 65_536 : 0)),
      )
      const all = {
        g: index.reduce((sum, row) => sum + pairs[row]!.g, 0),
        h: index.reduce((sum, row) => sum + pairs[row]!.h, 0),
      }
      const out = arena.alloc(32)
      const found = kernels.bestSplit(hist, asked, columns, binned, all.g, all.h, lambda, alpha, least, 0.01, out)
      const table = counts.map((count, j) => ({
        bins: count,
        missing: missing[j]!,
        sums: histogramOf(
          index,
          Array.from(pairs, (_, row) => bins[row * columns + j]!),
          pairs,
        ),
      }))
      const wanted = bestSplitOf(table, all, { lambda, alpha, least }, 0.01)
      if (wanted === null) {
        expect(found).toBe(0.01)
        return
      }
      splits++
      expect(Math.abs(found - wanted.score)).toBeLessThan(1e-9 * wanted.score)
      // Of cuts that score the same, rounding may choose: what was chosen must score what it says.
      const code = arena.i32[out / 4 + 4]!
      const one = table[code >> 9]!
      const left = { g: arena.f64[out / 8]!, h: arena.f64[out / 8 + 1]! }
      const bin = (code >> 1) & 255
      const parts = [...one.sums.slice(0, bin + 1), ...((code & 1) === 1 ? [one.sums[one.bins]!] : [])]
      expect(left).toEqual({ g: parts.reduce((sum, { g }) => sum + g, 0), h: parts.reduce((sum, { h }) => sum + h, 0) })
    }),
    { seed: 6, numRuns: 300 },
  )
  expect(splits).toBeGreaterThan(100)
})
