import { expect, test } from 'vitest'
import { type Matrix, matrixOf, randomOf } from '../index.ts'
import { MlpClassifier } from '../nets/index.ts'
import { fitBoosted } from '../trees/index.ts'
import {
  accuracyOf,
  boundaryAttack,
  coordinateSearch,
  cutsOf,
  type Decider,
  type Differentiable,
  extract,
  Feasible,
  fgsm,
  pgd,
} from './index.ts'

const code = (name: string) => expect.objectContaining({ code: name })

/** Two classes by the sign of w.x: what an attack can do to it is known. */
const WEIGHTS = [2, -1, 0.5]
const linear: Differentiable = {
  classes: 2,
  probabilities: ({ rows, data }) => {
    const out = new Float32Array(2 * rows)
    for (let row = 0; row < rows; row++) {
      const p = 1 / (1 + Math.exp(-sumOf(data, row)))
      out.set([1 - p, p], 2 * row)
    }
    return { rows, columns: 2, data: out }
  },
  gradient: (x, labels) => {
    const gradient = new Float32Array(x.data.length)
    for (const [row, label] of labels.entries()) {
      const p = 1 / (1 + Math.exp(-sumOf(x.data, row)))
      for (const [c, weight] of WEIGHTS.entries()) gradient[row * 3 + c] = ((p - label) * weight) / labels.length
    }
    return { loss: 0, gradient }
  },
}

function sumOf(data: Float32Array, row: number): number {
  return WEIGHTS.reduce((sum, weight, c) => sum + weight * data[row * 3 + c], 0)
}

function drawn(rows: number, seed: number): { x: Matrix; labels: Int32Array } {
  const random = randomOf(seed)
  const x = matrixOf(Array.from({ length: rows }, () => [random.normal(), random.normal(), random.normal()]))
  return { x, labels: Int32Array.from({ length: rows }, (_, row) => Number(sumOf(x.data, row) > 0)) }
}

const feasible = new Feasible({ columns: 3 })

test.each(['linf', 'l2'] as const)(
  'of a linear model all rows fall whose distance is within reach, and no other: %s',
  norm => {
    const { x, labels } = drawn(200, 1)
    const epsilon = 0.4
    const dual = norm === 'linf' ? WEIGHTS.reduce((sum, w) => sum + Math.abs(w), 0) : Math.hypot(...WEIGHTS)
    const safe = Array.from(labels.keys()).filter(row => Math.abs(sumOf(x.data, row)) > epsilon * dual).length / 200
    const reach = { norm, epsilon, feasible }
    expect(pgd(linear, x, labels, reach).accuracy).toBeCloseTo(safe, 1)
    expect(fgsm(linear, x, labels, reach).accuracy).toBeCloseTo(safe, 1)
    const seen = boundaryAttack(linear, x, labels, reach)
    expect(seen.accuracy).toBeGreaterThanOrEqual(safe - 1e-9)
    expect(seen.accuracy).toBeLessThan(safe + 0.1)
    expect(coordinateSearch(linear, x, labels, reach).accuracy).toBeLessThan(safe + (norm === 'linf' ? 0.03 : 0.2))
  },
)

test('attacks stay within what is feasible, repeat themselves by their seed, and leave rows alone that are told wrongly', () => {
  const { x, labels } = drawn(60, 2)
  labels[0] = 1 - labels[0]
  const held = new Feasible({
    columns: 3,
    rules: [{ fixed: true }, { step: 0.25 }, { least: -1, most: 1, only: 'up' }],
  })
  const reach = { norm: 'linf', epsilon: 0.8, feasible: held, seed: 7 } as const
  const attacks = [
    () => pgd(linear, x, labels, { ...reach, restarts: 3, steps: 10 }),
    () => coordinateSearch(linear, x, labels, reach),
    () => boundaryAttack(linear, x, labels, { ...reach, iterations: 4 }),
  ]
  for (const attack of attacks) {
    const { rows } = attack()
    expect(attack().rows.data).toEqual(rows.data)
    for (let row = 0; row < 60; row++) {
      const [moved, from] = [rows, x].map(({ data }) => data.subarray(3 * row, 3 * row + 3))
      expect(held.allows(moved, from, reach)).toBe(true)
    }
    expect(rows.data.subarray(0, 3)).toEqual(x.data.subarray(0, 3))
  }
})

test('a target class is what rows are taken for', () => {
  const { x, labels } = drawn(50, 3)
  const targets = new Int32Array(50).fill(1)
  const { rows } = pgd(linear, x, labels, { norm: 'linf', epsilon: 3, feasible, targets })
  expect(accuracyOf(linear, rows, targets)).toBeGreaterThan(0.95)
})

test('a net falls further the more steps there are, wholly where there is no bound, and its own gradient is what does it', async () => {
  const { x, labels } = drawn(300, 4)
  const net = new MlpClassifier({ inputs: 3, hidden: [16], classes: 2, seed: 2 })
  await net.fit(x, labels, { epochs: 60, seed: 2, optimizer: { kind: 'adam', rate: 1e-2 } })
  const reach = { norm: 'linf', epsilon: 0.3, feasible } as const
  const one = fgsm(net, x, labels, reach).accuracy
  const many = pgd(net, x, labels, { ...reach, restarts: 2 }).accuracy
  expect(accuracyOf(net, x, labels)).toBeGreaterThan(0.95)
  expect(many).toBeLessThanOrEqual(one)
  expect(many).toBeLessThan(0.85)
  expect(pgd(net, x, labels, { ...reach, epsilon: 20, restarts: 2 }).accuracy).toBe(0)
})

test('trees fall to steps over their cuts, which a search that does not know them finds less of', () => {
  const { x, labels } = drawn(400, 5)
  const trees = fitBoosted(x, labels, { objective: 'binary:logistic', rounds: 30, maxDepth: 3 })
  const target: Decider = {
    classes: 2,
    probabilities: rows => ({ rows: rows.rows, columns: 2, data: trees.predictProbabilities(rows) }),
  }
  const reach = { norm: 'linf', epsilon: 0.25, feasible, rounds: 10 } as const
  const cuts = cutsOf(trees.model.trees, 3)
  const found = coordinateSearch(target, x, labels, { ...reach, cuts })
  expect(accuracyOf(target, x, labels)).toBeGreaterThan(0.97)
  expect(found.accuracy).toBeLessThan(0.9)
  expect(found.queries).toBeGreaterThan(400)
  const sparse = coordinateSearch(target, x, labels, { ...reach, cuts, sparsity: 1 })
  for (let row = 0; row < 400; row++) {
    const moved = [0, 1, 2].filter(c => sparse.rows.data[row * 3 + c] !== x.data[row * 3 + c])
    expect(moved.length).toBeLessThanOrEqual(1)
  }
})

test('a model is stolen the better the more it answers', () => {
  const { x } = drawn(1_500, 6)
  const stolen = extract(linear, { pool: x, queries: [20, 1_000], answer: 'label' })
  expect(stolen.map(({ queries }) => queries)).toEqual([20, 1_000])
  expect(stolen[1].agreement).toBeGreaterThan(0.92)
  expect(stolen[1].agreement).toBeGreaterThan(stolen[0].agreement)
  const [told] = extract(linear, { pool: x, queries: [1_000], answer: 'probabilities' })
  expect(told.agreement).toBeGreaterThan(0.92)
})

test('probabilities are learned as finely as they are told', () => {
  const { x } = drawn(1_500, 7)
  // Its answers are all within a tenth of even: who takes them in quarters, or rounded, learns chance.
  const shy: Decider = {
    classes: 2,
    probabilities: rows => {
      const { data } = linear.probabilities(rows)
      return { rows: rows.rows, columns: 2, data: data.map(each => 0.5 + 0.09 * (each - 0.5)) }
    },
  }
  const [exact, rounded] = (['probabilities', 'rounded'] as const).map(
    answer => extract(shy, { pool: x, queries: [1_000], answer })[0].agreement,
  )
  expect(exact).toBeGreaterThan(0.9)
  expect(rounded).toBeLessThan(0.7)
})

test.each([[[1_500]], [[2_000, 10]], [[0]], [[1.5]], [[]]])('%j queries of a pool of 1,500 are refused', queries => {
  const { x } = drawn(1_500, 6)
  expect(() => extract(linear, { pool: x, queries, answer: 'label' })).toThrow(code('attack_invalid'))
})

test('what is no attack is refused', () => {
  const { x, labels } = drawn(4, 1)
  const reach = { norm: 'linf', epsilon: 1, feasible } as const
  expect(() => pgd(linear, x, labels.subarray(1), reach)).toThrow(code('attack_invalid'))
  expect(() => pgd(linear, x, labels, { ...reach, epsilon: Number.NaN })).toThrow(code('attack_invalid'))
  expect(() => pgd(linear, x, labels, { ...reach, scale: [1] })).toThrow(code('attack_invalid'))
  expect(() => coordinateSearch(linear, x, labels, { ...reach, feasible: new Feasible({ columns: 2 }) })).toThrow(
    code('attack_invalid'),
  )
})
