import { beforeAll, expect, test } from 'vitest'
import { type FittedEnsemble, fitEnsemble, fitMember, NetMember } from '../ensemble/index.ts'
import { type Matrix, matrixOf, randomOf } from '../index.ts'
import {
  accuracyOf,
  Feasible,
  harden,
  hardenNet,
  pgd,
  slopeOf,
  strongest,
  wholeOfEnsemble,
  wholeOfMember,
} from './index.ts'

const code = (name: string) => expect.objectContaining({ code: name })
const COLUMNS = 6
/** The last column cannot be moved. */
const feasible = new Feasible({
  columns: COLUMNS,
  rules: [...new Array(COLUMNS - 1).fill({ least: -4 }), { fixed: true }],
})
const reach = { norm: 'linf', epsilon: 0.4, feasible } as const

/** Two classes: one column tells them plainly, and four by a hair, which whoever has regard to clean rows alone trusts. */
function drawn(rows: number, seed: number): { x: Matrix; labels: Int32Array } {
  const random = randomOf(seed)
  const labels = Int32Array.from({ length: rows }, () => random.below(2))
  const x = matrixOf(
    Array.from(labels, label => {
      const side = 2 * label - 1
      const hairs = [1, 2, 3, 4].map(() => 0.25 * side + 0.1 * random.normal())
      return [1.2 * side + 0.5 * random.normal(), ...hairs, random.normal()]
    }),
  )
  return { x, labels }
}

const train = drawn(500, 1)
const held = drawn(150, 2)
const SIZES = { trees: 20, rounds: 20, epochs: 12, hidden: [16], folds: 2 }
let fitted: FittedEnsemble
beforeAll(async () => {
  fitted = await fitEnsemble(train.x, train.labels, 2, SIZES)
})

test('the slope of a net within an ensemble is that by unscaled columns', async () => {
  const member = await fitMember('net', train.x, train.labels, 2, { seed: 3, epochs: 5, hidden: [8] })
  expect(member).toBeInstanceOf(NetMember)
  const slope = slopeOf(member as NetMember)
  const row = { ...held.x, rows: 1, data: held.x.data.slice(0, COLUMNS) }
  const label = held.labels.slice(0, 1)
  const { gradient } = slope.gradient(row, label)
  for (let column = 0; column < COLUMNS; column++) {
    const lossAt = (by: number): number => {
      const data = row.data.slice()
      data[column] += by
      return slope.gradient({ ...row, data }, label).loss
    }
    expect(gradient[column]).toBeCloseTo((lossAt(0.01) - lossAt(-0.01)) / 0.02, 2)
  }
})

test('each attack is told by itself, and of each row the worst is kept, within what is feasible', () => {
  const whole = wholeOfEnsemble(fitted.ensemble, COLUMNS)
  const { slope } = wholeOfMember(fitted.ensemble.parts.members[2], COLUMNS)
  const told: string[] = []
  const quick = { steps: 10, restarts: 2, rounds: 8, tries: 6, iterations: 3 }
  const options = { ...reach, ...quick, surrogates: [slope!], progress: (name: string) => told.push(name) }
  const { rows, each, accuracy, queries } = strongest(whole, held.x, held.labels, options)
  expect(told).toEqual(['pgd', 'transfer', 'search', 'search after pgd', 'black box'])
  expect(each.map(({ name }) => name)).toEqual(told)
  expect(accuracy).toBe(accuracyOf(whole.decider, rows, held.labels))
  for (const one of each) {
    expect(accuracy).toBeLessThanOrEqual(one.accuracy)
    expect(one.accuracy).toBeLessThan(accuracyOf(whole.decider, held.x, held.labels))
  }
  expect(queries).toBe(each.reduce((sum, one) => sum + one.queries, 0))
  for (let row = 0; row < rows.rows; row++) {
    const [moved, from] = [rows, held.x].map(({ data }) => data.subarray(row * COLUMNS, (row + 1) * COLUMNS))
    expect(feasible.allows(moved, from, reach)).toBe(true)
  }
})

test('factors of rare classes count in what an ensemble decides', () => {
  const { parts } = fitted.ensemble
  const Kind = fitted.ensemble.constructor as new (each: typeof parts) => typeof fitted.ensemble
  const lifted = new Kind({ ...parts, factors: Float64Array.of(1e9, 1) })
  const { decider } = wholeOfEnsemble(lifted, COLUMNS)
  const { predicted } = lifted.judge(held.x)
  const { data } = decider.probabilities(held.x)
  for (const [row, label] of predicted.entries()) expect(Number(data[2 * row + 1] > data[2 * row])).toBe(label)
})

test('a net that learned against an attacker withstands him, one with L2 alone does not', async () => {
  const accuracies: number[] = []
  for (const epsilon of [0, 0.4]) {
    const options = { epsilon, feasible, hidden: [16], epochs: 20, seed: 4 }
    const slope = slopeOf(await hardenNet(train.x, train.labels, 2, options))
    expect(accuracyOf(slope, held.x, held.labels)).toBeGreaterThan(0.95)
    accuracies.push(pgd(slope, held.x, held.labels, { ...reach, restarts: 2 }).accuracy)
  }
  expect(accuracies[0]).toBeLessThan(0.5)
  expect(accuracies[1]).toBeGreaterThan(accuracies[0] + 0.25)
})

test('a hardened ensemble keeps most of what it told rightly under the strongest attack, and is the same by its seed', async () => {
  const options = { epsilon: 0.4, feasible, trees: 20, boostingRounds: 20, hidden: [16], epochs: 20, seed: 5 }
  const done: number[] = []
  const hardened = await harden(fitted.ensemble, train.x, train.labels, { ...options, progress: at => done.push(at) })
  expect(done.at(-1)).toBe(1)
  expect(done).toEqual(done.toSorted((a, b) => a - b))
  const [before, after] = [fitted.ensemble, hardened].map(ensemble => {
    const whole = wholeOfEnsemble(ensemble, COLUMNS)
    return {
      clean: accuracyOf(whole.decider, held.x, held.labels),
      worst: strongest(whole, held.x, held.labels, { ...reach, steps: 20, restarts: 2, iterations: 4 }).accuracy,
    }
  })
  expect(after.clean).toBeGreaterThan(0.93)
  expect(after.worst).toBeGreaterThan(before.worst + 0.25)
  const { doubt } = hardened.judge(held.x)
  expect(doubt.every(each => each >= 0 && each <= 1)).toBe(true)
  const again = await harden(fitted.ensemble, train.x, train.labels, options)
  expect(again.probabilities(held.x).data).toEqual(hardened.probabilities(held.x).data)
})

test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('an epsilon of %s hardens nothing', async epsilon => {
  await expect(harden(fitted.ensemble, train.x, train.labels, { epsilon, feasible })).rejects.toThrow(
    code('option_wrong'),
  )
})
