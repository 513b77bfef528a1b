import { expect, test } from 'vitest'
import { type Matrix, matrixOf, rowOf } from '../../index.ts'
import { code, labelsOf, noise } from '../trees.testkit.ts'
import { fitForestClassifier, fitForestRegressor } from './fit.ts'

const right = (found: ArrayLike<number>, labels: Float32Array): number =>
  labels.filter((label, i) => label === found[i]).length / labels.length

const sums = (probabilities: Float32Array, classes: number): number[] =>
  Array.from({ length: probabilities.length / classes }, (_, i) =>
    probabilities.subarray(i * classes, (i + 1) * classes).reduce((a, b) => a + b, 0),
  )

test('a small tree, by hand: cuts half way, shares in leaves, importance', () => {
  const table = matrixOf([
    [1, 7],
    [2, 7],
    [4, 7],
    [8, 7],
  ])
  const forest = fitForestClassifier(table, [0, 0, 1, 1], { trees: 1, bootstrap: false, maxFeatures: 'all' })
  const [tree] = forest.model.trees
  expect(Array.from(tree!.feature)).toEqual([0, -1, -1])
  expect(tree!.threshold[0]).toBe(3)
  // Two rows of each: Gini's impurity of 4 * 1/2 is taken away.
  expect([tree!.gain[0], Array.from(tree!.cover), Array.from(tree!.value)]).toEqual([2, [4, 2, 2], [0.5, 0, 1]])
  expect(
    Array.from(
      forest.predictProbabilities(
        matrixOf([
          [2.9, 0],
          [3, 0],
        ]),
      ),
    ),
  ).toEqual([1, 0, 0, 1])
  expect(Array.from(forest.importances())).toEqual([1, 0])
  expect(Array.from(forest.contributions([9, 0]))).toEqual([0.5, 0])
})

test('classes that only two columns tell apart are told apart, though neither gains by itself', () => {
  const table = matrixOf([
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ])
  for (const criterion of ['gini', 'entropy'] as const) {
    const forest = fitForestClassifier(table, [0, 1, 1, 0], { bootstrap: false, trees: 5, criterion })
    expect(Array.from(forest.predict(table))).toEqual([0, 1, 1, 0])
  }
})

test('two and three classes: rows that were not learned from, out of bag and importances agree on what matters', () => {
  for (const classes of [2, 3]) {
    const [train, test] = [noise(1_500, 6, 1, 0.02), noise(1_000, 6, 2, 0.02)]
    const forest = fitForestClassifier(train, labelsOf(train, classes), { trees: 40, outOfBag: true, maxFeatures: 3 })
    const accuracy = right(forest.predict(test), labelsOf(test, classes))
    expect(accuracy).toBeGreaterThan(0.84)
    const bag = forest.model.outOfBag!
    expect(bag.rows).toBe(1_500)
    expect(Math.abs(bag.score - accuracy)).toBeLessThan(0.04)
    const probabilities = forest.predictProbabilities(test)
    expect(Math.max(...sums(probabilities, classes).map(sum => Math.abs(sum - 1)))).toBeLessThan(1e-5)
    const importances = forest.importances()
    expect(importances.slice(0, 3).reduce((a, b) => a + b, 0)).toBeGreaterThan(0.7)
    expect(importances.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 10)
    const scorer = forest.scorer()
    for (let i = 0; i < 50; i++) {
      scorer.row.set(rowOf(test, i))
      const found = scorer.score()
      const its = probabilities.subarray(i * classes, (i + 1) * classes)
      if (classes === 2) expect(Math.fround(found)).toBe(its[1])
      else expect([found, ...scorer.outputs]).toEqual([its.indexOf(Math.max(...its)), ...its])
    }
  }
})

test('a regression says means; out of bag by R2; leaves and depth keep to their bounds', () => {
  const values = ({ rows, columns, data }: Matrix) =>
    Float32Array.from({ length: rows }, (_, i) => 1_000 + 3 * data[i * columns]! + data[i * columns + 1]! ** 2)
  const [train, test] = [noise(1_500, 4, 3), noise(500, 4, 4)]
  const forest = fitForestRegressor(train, values(train), { trees: 30, outOfBag: true, minLeaf: 3, maxDepth: 9 })
  const [wanted, found] = [values(test), forest.predict(test)]
  const mean = wanted.reduce((a, b) => a + b, 0) / wanted.length
  const left = wanted.reduce((sum, value, i) => sum + (value - found[i]!) ** 2, 0)
  const all = wanted.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  expect(1 - left / all).toBeGreaterThan(0.9)
  expect(Math.abs(forest.model.outOfBag!.score - (1 - left / all))).toBeLessThan(0.05)
  for (const { feature, left: lefts, right: rights, cover } of forest.model.trees) {
    const depth = (node: number): number =>
      feature[node]! < 0 ? 0 : 1 + Math.max(depth(lefts[node]!), depth(rights[node]!))
    expect(depth(0)).toBeLessThanOrEqual(9)
    for (const [node, column] of feature.entries()) if (column < 0) expect(cover[node]).toBeGreaterThanOrEqual(3)
  }
  expect(() => forest.predictProbabilities(test)).toThrow(code('not_a_classifier'))
  expect(
    Array.from(fitForestRegressor(train, new Float32Array(1_500).fill(7), { trees: 2 }).predict(test).slice(0, 3)),
  ).toEqual([7, 7, 7])
})

test('a class that counts more is found more often; balanced weights are those of scikit-learn', () => {
  const table = noise(800, 3, 5)
  const labels = labelsOf(table).map((label, i) => (i % 8 === 0 ? label : 0))
  const found = (classWeights?: readonly number[] | 'balanced') => {
    const options = { trees: 20, maxDepth: 4, ...(classWeights === undefined ? {} : { classWeights }) }
    return fitForestClassifier(table, labels, options)
      .predict(table)
      .reduce((a, b) => a + b, 0)
  }
  const ones = labels.reduce((a, b) => a + b, 0)
  expect(found('balanced')).toBe(found([800 / (2 * (800 - ones)), 800 / (2 * ones)]))
  expect(found('balanced')).toBeGreaterThan(found() + 100)
})

test('what is missing lies behind all values, in learning and after', () => {
  const table = matrixOf([[Number.NaN], [Number.NaN], [1], [2]])
  const forest = fitForestClassifier(table, [1, 1, 0, 0], { trees: 3, bootstrap: false })
  expect(Array.from(forest.predict(matrixOf([[Number.NaN], [1.5], [2]])))).toEqual([1, 0, 0])
})

test('a seed repeats itself bit by bit, and bad input is refused by name', () => {
  const table = noise(200, 3, 6)
  const labels = labelsOf(table)
  const fit = (seed: number) => fitForestClassifier(table, labels, { seed, trees: 5 }).model
  expect(fit(1)).toEqual(fit(1))
  expect(fit(1)).not.toEqual(fit(2))
  expect(() => fitForestClassifier(table, new Float32Array(200))).toThrow(code('class_single'))
  expect(() => fitForestClassifier(table, labels.subarray(1))).toThrow(code('labels_length'))
  expect(() => fitForestClassifier(noise(0, 3, 1), [])).toThrow(code('table_empty'))
  for (const options of [{ trees: 0 }, { maxFeatures: 0 }, { minSplit: 1 }, { bins: 2 }, { classWeights: [1] }])
    expect(() => fitForestClassifier(table, labels, options)).toThrow(code('option_wrong'))
  expect(() => fitForestClassifier(table, labels, { outOfBag: true, bootstrap: false })).toThrow(code('option_wrong'))
  expect(() => fitForestClassifier(table, labels, { classWeights: [1, 0] })).toThrow(code('weight_wrong'))
  expect(() =>
    fitForestRegressor(
      table,
      labels.map(() => Number.NaN),
    ),
  ).toThrow(code('labels_wrong'))
})
