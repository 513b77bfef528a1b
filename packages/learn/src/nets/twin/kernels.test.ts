import { describe, expect, test } from 'vitest'
import { randomOf } from '../../base/random.ts'
import { Arena } from '../../kernels/arena.ts'
import { padded } from '../kernels.ts'
import { layerNorm, softmax } from './attention.ts'
import { BUILDS, distance, draw } from './harness.ts'
import { product, type Rows, transposed } from './linear.ts'
import { crossEntropy, huberLoss, squaredLoss } from './loss.ts'
import { adam, descend, dropoutMask, type Weights } from './optimize.ts'

const FLOAT = Float32Array.BYTES_PER_ELEMENT
/** What stands in the padding of values: it must not be seen. */
const NONSENSE = 1e4

describe.each(Object.keys(BUILDS))('the %s kernels', build => {
  const arena = new Arena(1e6)
  const kernels = BUILDS[build](arena)

  const put = (rows: Rows, padding = 0) =>
    arena.put(rows.flatMap(row => Array.from({ length: padded(row.length) }, (_, j) => row[j] ?? padding)))
  const take = (at: number, rows: number, columns: number) =>
    Array.from({ length: rows }, (_, i) => Array.from(arena.floats(at + i * padded(columns) * FLOAT, columns)))
  const room = (rows: number, columns: number) => arena.alloc(rows * padded(columns) * FLOAT)

  test('a product of any size, onto what is there, and with the first matrix lying transposed', () => {
    for (const [m, n, k] of [
      [1, 4, 1],
      [3, 36, 5],
      [4, 8, 9],
      [6, 12, 2],
      [13, 20, 7],
      [64, 4, 33],
    ]) {
      const random = randomOf(m)
      const [a, b, c] = [draw(random, m, k), draw(random, k, n), draw(random, m, n)]
      const bias = draw(random, 1, n)
      const expected = product(a, b)
      const [at, bt, ct] = [put(a), put(b), put(c)]
      kernels.gemm(m, n, k, at, padded(k), 1, bt, n, ct, n, 1, 0)
      expect(
        distance(
          take(ct, m, n),
          expected.map((row, i) => row.map((value, j) => value + c[i][j])),
        ),
      ).toBeLessThan(1e-5)
      kernels.gemm(m, n, k, put(transposed(a)), 1, padded(m), bt, n, ct, n, 0, put(bias))
      expect(
        distance(
          take(ct, m, n),
          expected.map(row => row.map((value, j) => value + bias[0][j])),
        ),
      ).toBeLessThan(1e-5)
    }
  })

  test('a transpose fills what is left of a row with zeros', () => {
    for (const [rows, columns] of [
      [1, 1],
      [4, 8],
      [5, 3],
      [9, 14],
    ]) {
      const a = draw(randomOf(rows), rows, columns)
      const to = put(draw(randomOf(1), columns, padded(rows)))
      kernels.transpose(rows, columns, put(a, NONSENSE), padded(columns), to, padded(rows))
      const left = new Array<number>(padded(rows) - rows).fill(0)
      expect(take(to, columns, padded(rows))).toEqual(transposed(a).map(row => [...row, ...left]))
    }
  })

  test('softmax takes logits of any size, and knows nothing of padding', () => {
    const rows = [...draw(randomOf(3), 3, 5), [1000, 999, -1000, 0, 3], [-1e30, -1e30, -1e30, -1e30, -1e30]]
    const at = put(rows, NONSENSE)
    kernels.softmax(5, 5, 8, at, at, 0.75)
    expect(
      distance(
        take(at, 5, 5),
        rows.map(row => softmax(row, 0.75)),
      ),
    ).toBeLessThan(1e-6)
    expect(take(at, 5, 8).every(row => row.slice(5).every(each => each === 0))).toBe(true)
    const broken = put([[1, Number.NaN, 2]])
    kernels.softmax(1, 3, 4, broken, broken, 1)
    expect(take(broken, 1, 3)[0].every(Number.isNaN)).toBe(true)
  })

  test('tanh and sigmoid are right to single precision, far out as well', () => {
    const x = Array.from({ length: 4_000 }, (_, i) => Math.fround((i - 2_000) / 50))
    for (const [act, twin] of [
      [2, Math.tanh],
      [3, (value: number) => 1 / (1 + Math.exp(-value))],
    ] as const) {
      const at = arena.put(x)
      kernels.activate(x.length, at, act)
      const off = x.map((value, i) => Math.abs(arena.f32[at / FLOAT + i] - twin(value)))
      expect(Math.max(...off)).toBeLessThan(4e-7)
    }
    const nan = arena.put([Number.NaN, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])
    kernels.activate(4, nan, 2)
    expect(take(nan, 1, 4)[0].map(value => Math.round(value))).toEqual([Number.NaN, Number.NaN, 1, -1])
  })

  test('e to the power of x is right to the last places, wherever single precision holds it', () => {
    for (let x = -79; x <= 0; x += 0.37) {
      const at = put([[Math.fround(x), 0]])
      kernels.softmax(1, 2, 4, at, at, 1)
      const [power, one] = take(at, 1, 2)[0]
      expect(Math.abs(power / one / Math.exp(Math.fround(x)) - 1)).toBeLessThan(4e-7)
    }
  })

  test('losses and their gradients', () => {
    const random = randomOf(5)
    const [y, target] = [draw(random, 6, 5), draw(random, 6, 5)]
    const [at, to] = [put(y, NONSENSE), put(target, -NONSENSE)]
    const g = room(6, 5)
    const squared = kernels.squaredLoss(6, 5, 8, at, to, g)
    expect(squared).toBeCloseTo(squaredLoss(y, target), 6)
    expect(
      distance(
        take(g, 6, 5),
        slopes(y, () => squaredLoss(y, target)),
      ),
    ).toBeLessThan(1e-6)
    expect(take(g, 6, 8).every(row => row.slice(5).every(each => each === 0))).toBe(true)
    expect(kernels.huberLoss(6, 5, 8, 0.8, at, to, g)).toBeCloseTo(huberLoss(y, target, 0.8), 6)
    expect(
      distance(
        take(g, 6, 5),
        slopes(y, () => huberLoss(y, target, 0.8)),
      ),
    ).toBeLessThan(1e-6)
    const errors = arena.alloc(8 * 3)
    kernels.sampleErrors(3, 2, 1, 3, 5, 8, at, to, errors)
    expect(arena.f64[errors / 8 + 1]).toBeCloseTo(squaredLoss([y[1], y[4]], [target[1], target[4]]), 6)
  })

  test('cross entropy, with and without weights, and of a share that has sunk to zero', () => {
    const logits = [...draw(randomOf(6), 18, 3), [300, 0, 0]]
    const labels = logits.map((_, i) => i % 3)
    labels[18] = 1
    const labelsAt = arena.alloc(labels.length * FLOAT)
    arena.i32.set(labels, labelsAt / FLOAT)
    const [p, g] = [room(19, 3), room(19, 3)]
    const at = put(logits, NONSENSE)
    for (const weights of [null, [0.5, 2, 3]]) {
      const twin = (rows: Rows) => {
        const exact = crossEntropy(rows.slice(0, 18), labels, weights ?? [1, 1, 1])
        const mass = labels.map(label => (weights ?? [1, 1, 1])[label])
        const total = mass.reduce((sum, each) => sum + each, 0)
        // The last row's share is below what even double precision holds beside 1: its loss is the difference of its logits.
        return (exact * (total - mass[18]) + mass[18] * 300) / total
      }
      const weightsAt = weights === null ? 0 : arena.put(weights)
      expect(kernels.crossEntropy(19, 3, 4, at, labelsAt, weightsAt, p, g)).toBeCloseTo(twin(logits), 4)
      const most = distance(take(g, 18, 3), slopes(logits, () => twin(logits)).slice(0, 18))
      expect(most).toBeLessThan(1e-6)
      expect(take(g, 19, 4).every(row => row[3] === 0)).toBe(true)
    }
  })

  test('steps of Adam and of descent with momentum', () => {
    const random = randomOf(7)
    const rates = { scale: 0.5, rate: 0.01, l2: 0.1, keep: 0.99, l1: 0.002 }
    const { scale, rate, l2, keep, l1 } = rates
    for (const kind of ['adam', 'sgd']) {
      let twin: Weights = { w: draw(random, 1, 8)[0], m: new Array(8).fill(0), v: new Array(8).fill(0) }
      const [w, m, v] = [arena.put(twin.w), arena.put(twin.m), arena.put(twin.v)]
      for (let step = 1; step <= 5; step++) {
        const gradient = draw(random, 1, 8)[0]
        const g = arena.put(gradient)
        if (kind === 'sgd') {
          kernels.descend(8, w, g, m, scale, rate, 0.9, l2, keep, l1)
          twin = descend(twin, gradient, 0.9, rates)
        } else {
          const [size, correction] = [rate / (1 - 0.9 ** step), 1 / Math.sqrt(1 - 0.999 ** step)]
          kernels.adam(8, w, g, m, v, scale, 0.9, 0.999, size, correction, 1e-8, l2, keep, l1)
          twin = adam(twin, gradient, step, rates)
        }
        expect(distance(take(w, 1, 8), [twin.w])).toBeLessThan(2e-6)
        expect(take(g, 1, 8)[0].every(each => each === 0)).toBe(true)
      }
    }
    expect(kernels.squares(8, arena.put([3, 4, 0, 0, 0, 0, 0, 12]))).toBe(169)
  })

  test('dropout keeps what its draws say, in the share that is asked for', () => {
    const state = [1, 77, 123_456, 0x7fffffff]
    const draws = arena.alloc(16)
    arena.i32.set(state, draws / FLOAT)
    const count = 40_000
    const x = arena.put(new Float32Array(count).fill(3))
    const [mask, y] = [arena.alloc(count * FLOAT), arena.alloc(count * FLOAT)]
    kernels.dropout(count, 0.3, x, mask, y, draws)
    const twin = dropoutMask(count, Math.fround(0.3), state)
    const found = Array.from(arena.floats(y, count), value => value > 0)
    expect(found).toEqual(twin.kept)
    expect(Array.from(arena.i32.subarray(draws / FLOAT, draws / FLOAT + 4))).toEqual(twin.state)
    expect(Math.abs(found.filter(Boolean).length / count - 0.7)).toBeLessThan(0.01)
    expect(arena.floats(y, count).find(value => value > 0)).toBeCloseTo(3 / 0.7, 5)
    arena.release(x)
  })
})

/** The slope of `run` along each of the numbers, which it reads where they stand. */
function slopes(rows: number[][], run: () => number): number[][] {
  return rows.map(row =>
    row.map((value, j) => {
      row[j] = value + 1e-5
      const above = run()
      row[j] = value - 1e-5
      const below = run()
      row[j] = value
      return (above - below) / 2e-5
    }),
  )
}

describe('what scores', () => {
  const arena = new Arena(1e6)
  const kernels = BUILDS['plain'](arena)
  /** Half the distance of single precision's neighbors, as a share of a number, and what double precision leaves of doubt. */
  const ROUNDED = 2 ** -24 * 1.001
  const offOf = (found: number, exact: number) => Math.abs(found - exact) / Math.max(Math.abs(exact), 1e-30)

  test.each([1, 2, 3, 4, 5])('norms rows as exactly as single precision can say it (seed %i)', seed => {
    const random = randomOf(seed)
    const [x, [gain], [bias]] = [draw(random, 50, 30), draw(random, 1, 30), draw(random, 1, 30)]
    const width = padded(30)
    const rows = arena.put(x.flatMap(row => Array.from({ length: width }, (_, j) => row[j] ?? NONSENSE)))
    const [g, b] = [gain, bias].map(each => arena.put([...each, 0, 0]))
    const [normed, y] = [arena.alloc(50 * width * FLOAT), arena.alloc(50 * width * FLOAT)]
    kernels.layerNorm(50, 30, width, rows, 0, g, b, normed, arena.alloc(50 * FLOAT), y)
    for (const [i, row] of layerNorm(x, gain, bias, Math.fround(1e-5)).entries()) {
      for (const [j, exact] of row.entries())
        expect(offOf(arena.f32[y / FLOAT + i * width + j], exact)).toBeLessThan(ROUNDED)
    }
    arena.release(rows)
  })

  test.each([1, 2, 3, 4, 5])('shares attention as exactly (seed %i)', seed => {
    const random = randomOf(seed)
    const [steps, size] = [30, 4]
    const width = padded(steps)
    const [queries, keys] = [draw(random, steps, size), draw(random, steps, size)]
    const q = arena.put(queries.flat().map(value => 4 * value))
    const kv = arena.put(keys.flatMap(key => [...key, ...key]))
    const [p, o] = [arena.alloc(steps * width * FLOAT), arena.alloc(steps * size * FLOAT)]
    const scratch = arena.alloc(size * width * FLOAT)
    kernels.attention(1, steps, steps, 1, size, 1, q, size, kv, 2 * size, p, o, scratch)
    for (const [i, query] of queries.entries()) {
      // Scores are sums in single precision; it is what is made of them that is exact.
      const scores = keys.map(key =>
        key.reduce((sum, value, j) => Math.fround(sum + Math.fround(4 * query[j] * value)), 0),
      )
      for (const [j, exact] of softmax(scores).entries())
        expect(offOf(arena.f32[p / FLOAT + i * width + j], exact)).toBeLessThan(ROUNDED)
    }
    arena.release(q)
  })
})
