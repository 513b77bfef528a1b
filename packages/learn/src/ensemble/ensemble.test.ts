import { beforeAll, expect, test } from 'vitest'
import { type Matrix, rowsOf } from '../index.ts'
import { clouds, SMALL, strangers } from './ensemble.testkit.ts'
import {
  calibrationError,
  coverageCurve,
  type Ensemble,
  type FittedEnsemble,
  fitEnsemble,
  type Member,
  macroF1,
} from './index.ts'

const code = (name: string) => expect.objectContaining({ code: name })
const train = clouds(900, 1)
const other = clouds(600, 2)
let fitted: FittedEnsemble
let ensemble: Ensemble

beforeAll(async () => {
  fitted = await fitEnsemble(train.x, train.codes, 3, { ...SMALL, seed: 3 })
  ensemble = fitted.ensemble
})

test('probabilities sum to 1, say how often they are right, and tell classes', () => {
  const { probabilities, predicted } = ensemble.judge(other.x)
  for (let row = 0; row < other.x.rows; row++) {
    const sum = probabilities.data.subarray(3 * row, 3 * row + 3).reduce((a, b) => a + b, 0)
    expect(sum).toBeCloseTo(1, 5)
  }
  expect(probabilities).toEqual(ensemble.probabilities(other.x))
  expect(macroF1(predicted, other.codes, 3)).toBeGreaterThan(0.75)
  expect(calibrationError(probabilities, other.codes, 'width')).toBeLessThan(0.08)
})

test('what is said of a row does not depend on the rows beside it', () => {
  const turned = reversed(other.x)
  const [straight, back] = [ensemble.judge(other.x), ensemble.judge(turned)]
  expect(Array.from(back.doubt).reverse()).toEqual(Array.from(straight.doubt))
  expect(Array.from(back.predicted).reverse()).toEqual(Array.from(straight.predicted))
  expect(back.reasons.toReversed()).toEqual(straight.reasons)
})

test('the more it may decline, the more of what it decides is right', () => {
  const { predicted, doubt } = ensemble.judge(other.x)
  const right = Array.from(predicted, (each, row) => each === other.codes[row])
  const curve = coverageCurve(doubt, right, [1, 0.9, 0.7, 0.5]).map(({ accuracy }) => accuracy)
  expect(curve).toEqual(curve.toSorted((a, b) => a - b))
  expect(curve[3]! - curve[0]!).toBeGreaterThan(0.03)
  const decided = (coverage: number) => ensemble.decide(other.x, { coverage }).map(each => each.decided)
  const counts = [0, 0.3, 0.6, 1].map(coverage => decided(coverage).filter(each => each).length)
  expect(counts).toEqual([0, 180, 360, 600])
  const [some, more] = [decided(0.3), decided(0.6)]
  expect(some.every((each, row) => !each || more[row])).toBe(true)
})

test('rows of a class that was never learned are answered by doubt, and nearly all others are decided', () => {
  const unseen = ensemble.decide(strangers(50, 4), { falseDoubts: 0.05 })
  expect(unseen.filter(each => each.decided)).toEqual([])
  expect(unseen.every(each => !each.decided && each.reason === 'novel')).toBe(true)
  const known = ensemble.decide(other.x, { falseDoubts: 0.05 })
  const declined = known.filter(each => !each.decided).length / known.length
  expect(declined).toBeGreaterThan(0.005)
  expect(declined).toBeLessThan(0.12)
})

test('a member may be replaced by one that was trained otherwise', () => {
  const [first, ...others] = ensemble.parts.members
  const flat: Member = {
    classes: 3,
    probabilities: ({ rows }) => ({ rows, columns: 3, data: new Float32Array(3 * rows).fill(1 / 3) }),
  }
  const changed = ensemble.withMembers([flat, ...others])
  expect(changed.probabilities(other.x)).not.toEqual(ensemble.probabilities(other.x))
  expect(changed.withMembers([first!, ...others]).probabilities(other.x)).toEqual(ensemble.probabilities(other.x))
  expect(() => ensemble.withMembers(others)).toThrow(code('members_differ'))
  expect(() => ensemble.withMembers([{ ...flat, classes: 2, probabilities: flat.probabilities }, ...others])).toThrow(
    code('members_differ'),
  )
})

test('the same seed gives the same ensemble, and figures say what was held out', async () => {
  const again = await fitEnsemble(train.x, train.codes, 3, { ...SMALL, seed: 3 })
  expect(again.figures).toEqual(fitted.figures)
  expect(again.ensemble.probabilities(other.x)).toEqual(ensemble.probabilities(other.x))
  expect(fitted.figures.rows).toBe(900)
  expect(fitted.figures.members.map(({ name }) => name)).toEqual(['forest', 'boosting', 'net'])
  const best = Math.min(...fitted.figures.members.map(({ logLoss }) => logLoss))
  expect(fitted.figures.logLoss).toBeLessThan(best + 0.005)
})

test('what cannot be learned from is refused', async () => {
  const few = rowsOf(train.x, 0, 5)
  const fit = (codes: readonly number[], options = {}) => fitEnsemble(few, Int32Array.from(codes), 2, options)
  await expect(fit([0, 0, 1])).rejects.toThrow(code('labels_length'))
  await expect(fit([0, 0, 1, 1, 2])).rejects.toThrow(code('labels_wrong'))
  await expect(fit([0, 0, 0, 0, 1])).rejects.toThrow(code('rows_too_few'))
  await expect(fit([0, 0, 1, 1, 1], { folds: 1 })).rejects.toThrow(code('option_wrong'))
  await expect(fit([0, 0, 1, 1, 1], { members: [] })).rejects.toThrow(code('option_wrong'))
  expect(() => ensemble.decide(few, { coverage: 2 })).toThrow(code('option_wrong'))
  expect(() => ensemble.decide(few, { falseDoubts: -1 })).toThrow(code('option_wrong'))
})

function reversed({ rows, columns, data }: Matrix): Matrix {
  const out = new Float32Array(data.length)
  for (let row = 0; row < rows; row++)
    out.set(data.subarray((rows - 1 - row) * columns, (rows - row) * columns), row * columns)
  return { rows, columns, data: out }
}
