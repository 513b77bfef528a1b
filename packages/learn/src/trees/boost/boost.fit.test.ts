import { expect, test } from 'vitest'
import { matrixOf, rowOf } from '../../index.ts'
import { code, labelsOf, noise } from '../trees.testkit.ts'
import { fitBoosted } from './fit.ts'
import type { BoostOptions } from './options.ts'

const logistic = (options: Omit<BoostOptions, 'objective'> = {}): BoostOptions => ({
  objective: 'binary:logistic',
  ...options,
})

const right = (found: ArrayLike<number>, labels: Float32Array): number =>
  labels.filter((label, i) => label === found[i]).length / labels.length

test('one round, by hand: G, H, gain and leaves of a regression', () => {
  const table = matrixOf([[1], [2], [3], [4]])
  const trees = fitBoosted(table, [1, 1, 5, 5], {
    ...{ objective: 'reg:squarederror', rounds: 1, maxDepth: 1, learningRate: 0.5, lambda: 1, baseScore: 0 },
  })
  const [tree] = trees.model.trees
  // Left G = -2, H = 2; right G = -10, H = 2: 4/3 + 100/3 - 144/5, and leaves .5 * 2/3 and .5 * 10/3.
  expect(tree!.threshold[0]).toBe(2.5)
  expect(tree!.gain[0]).toBeCloseTo(104 / 3 - 144 / 5, 5)
  expect(Array.from(trees.predict(table), value => value.toFixed(5))).toEqual([
    '0.33333',
    '0.33333',
    '1.66667',
    '1.66667',
  ])
  const stump = (options: Partial<BoostOptions>) =>
    fitBoosted(table, [1, 1, 5, 5], {
      ...{ objective: 'reg:squarederror', rounds: 1, maxDepth: 1, learningRate: 1, lambda: 1, baseScore: 0 },
      ...options,
    })
  // L1 takes 1 from each |G|.
  expect(Array.from(stump({ alpha: 1 }).predict(table).slice(1, 3))).toEqual([Math.fround(1 / 3), 3])
  // gamma asks for more than there is to gain; so does a child of three rows' weight.
  for (const options of [{ gamma: 6 }, { minChildWeight: 3 }])
    expect(stump(options).model.trees[0]!.feature.length).toBe(1)
  // A root of less weight than a leaf must have says nothing; of just as much it does.
  expect(stump({ minChildWeight: 4.5 }).model.trees[0]!.value[0]).toBe(0)
  expect(stump({ minChildWeight: 4 }).model.trees[0]!.value[0]).toBeCloseTo(12 / 5, 5)
  expect(stump({ gamma: 5.8 }).model.trees[0]!.feature.length).toBe(3)
  // Without a base of its own a regression begins at the mean.
  const plain = fitBoosted(table, [1, 1, 5, 5], { objective: 'reg:squarederror', rounds: 1, gamma: 1e6 })
  expect(plain.model.baseScore).toBe(3)
})

test('missing values learn which way to go, on either side', () => {
  for (const label of [0, 1]) {
    const rows = Array.from({ length: 60 }, (_, i) => [i % 3 === 0 ? Number.NaN : i])
    const labels = rows.map(([x], i) => (Number.isNaN(x!) ? label : Number(i >= 30)))
    const trees = fitBoosted(matrixOf(rows), labels, logistic({ rounds: 20, minChildWeight: 0 }))
    expect(Array.from(trees.predict(matrixOf(rows)))).toEqual(labels)
    expect(trees.model.trees[0]!.missingLeft[0]).toBe(1 - label)
  }
  // Where only that something is missing tells the classes apart.
  const rows = Array.from({ length: 40 }, (_, i) => [i % 2 === 0 ? Number.NaN : 5])
  const trees = fitBoosted(
    matrixOf(rows),
    rows.map(([x]) => Number(Number.isNaN(x!))),
    logistic({ rounds: 3 }),
  )
  expect(Array.from(trees.predict(matrixOf([[Number.NaN], [5], [5.1], [-3]])))).toEqual([1, 0, 0, 0])
})

test('two classes: rows that were not learned from; margins, scorer and what is explained come to the same', () => {
  const [train, test] = [noise(2_000, 5, 1, 0.03), noise(1_000, 5, 2, 0.03)]
  const trees = fitBoosted(train, labelsOf(train), logistic({ rounds: 60, maxDepth: 4 }))
  expect(right(trees.predict(test), labelsOf(test))).toBeGreaterThan(0.9)
  const [margins, probabilities] = [trees.margins(test), trees.predictProbabilities(test)]
  const scorer = trees.scorer()
  for (let i = 0; i < 100; i++) {
    scorer.row.set(rowOf(test, i))
    expect(Math.fround(scorer.score())).toBe(probabilities[2 * i + 1])
    const sum = trees.contributions(rowOf(test, i)).reduce((a, b) => a + b, 0)
    expect(Math.abs(sum - margins[i]!)).toBeLessThan(1e-4)
  }
  for (const kind of ['gain', 'weight', 'cover', 'total_gain', 'total_cover'] as const) {
    const importances = trees.importances(kind)
    if (kind !== 'cover')
      expect(Math.min(...importances.slice(0, 3))).toBeGreaterThan(Math.max(...importances.slice(3)))
  }
})

test('three classes: a tree each a round, probabilities that come to 1', () => {
  const [train, test] = [noise(2_000, 4, 3), noise(1_000, 4, 4)]
  const trees = fitBoosted(train, labelsOf(train, 3), { objective: 'multi:softprob', rounds: 20, maxDepth: 4 })
  expect(trees.model.outputOf.slice(0, 6)).toEqual([0, 1, 2, 0, 1, 2])
  expect(right(trees.predict(test), labelsOf(test, 3))).toBeGreaterThan(0.88)
  const probabilities = trees.predictProbabilities(test)
  const scorer = trees.scorer()
  for (let i = 0; i < 100; i++) {
    const its = probabilities.subarray(3 * i, 3 * i + 3)
    expect(its.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 5)
    scorer.row.set(rowOf(test, i))
    expect([scorer.score(), ...scorer.outputs]).toEqual([its.indexOf(Math.max(...its)), ...its])
  }
})

test('fitting stops where the loss on other rows falls no more, and keeps what was best', () => {
  const [train, other] = [noise(400, 4, 5), noise(400, 4, 6)]
  // A quarter of the labels are wrong, so that learning them all is learning noise.
  const noisy = labelsOf(train).map((label, i) => (i % 4 === 0 ? 1 - label : label))
  const losses: number[] = []
  const validation = { table: other, targets: labelsOf(other), patience: 5 }
  const trees = fitBoosted(
    train,
    noisy,
    logistic({ rounds: 200, validation, onRound: ({ loss }) => losses.push(loss!) }),
  )
  const best = losses.indexOf(Math.min(...losses))
  expect([losses.length, trees.model.trees.length]).toEqual([best + 6, best + 1])
  expect(losses.length).toBeLessThan(200)
  // What is kept has the loss that was measured.
  const labels = labelsOf(other)
  const found = trees.outputs(other)
  const loss = labels.reduce((sum, label, i) => sum - Math.log(label === 1 ? found[i]! : 1 - found[i]!), 0) / 400
  expect(loss).toBeCloseTo(losses[best]!, 6)
})

test('rows and columns are drawn: by the seed, and none but those of the draw are asked', () => {
  const table = noise(600, 10, 7)
  const labels = labelsOf(table)
  const fit = (options: Partial<BoostOptions>) =>
    fitBoosted(table, labels, logistic({ rounds: 10, ...options })).model.trees
  const drawn = { rowSample: 0.5, columnSampleByTree: 0.3, columnSampleByLevel: 0.5 }
  expect(fit({ ...drawn, seed: 1 })).toEqual(fit({ ...drawn, seed: 1 }))
  expect(fit({ ...drawn, seed: 1 })).not.toEqual(fit({ ...drawn, seed: 2 }))
  for (const tree of fit({ columnSampleByTree: 0.3 }))
    expect(new Set(tree.feature.filter(column => column >= 0)).size).toBeLessThanOrEqual(3)
  // Half of 600 rows, each of the second derivative 1/4.
  const covers = fit({ rowSample: 0.5 }).map(tree => tree.cover[0]!)
  expect(Math.abs(covers[0]! - 75)).toBeLessThan(12)
  const all = fitBoosted(table, labels, logistic({ rounds: 60, rowSample: 0.5 }))
  expect(right(all.predict(table), labels)).toBeGreaterThan(0.95)
})

test('a weight of two is a row twice; a weight of none is no row', () => {
  const table = noise(300, 3, 8)
  const labels = labelsOf(table)
  const weights = Float32Array.from(labels, (_, i) => i % 3)
  const twice = Array.from({ length: 300 }, (_, i) => new Array<number>(weights[i]!).fill(i)).flat()
  const repeated = matrixOf(twice.map(row => rowOf(table, row)))
  const options = logistic({ rounds: 5, bins: 256, baseScore: 0.5 })
  const weighted = fitBoosted(table, labels, { ...options, weights }).outputs(table)
  const plain = fitBoosted(
    repeated,
    twice.map(row => labels[row]!),
    options,
  ).outputs(table)
  const close = weighted.filter((value, i) => Math.abs(value - plain[i]!) < 1e-5).length
  // Cuts lie between rows that are there: a row without weight may stand on either side of one.
  expect(close).toBeGreaterThan(270)
  expect(
    fitBoosted(table, labels, { ...options, positiveWeight: 10 })
      .predict(table)
      .reduce((a, b) => a + b, 0),
  ).toBeGreaterThan(labels.reduce((a, b) => a + b, 0))
})

test('bad input is refused by name', () => {
  const table = noise(20, 2, 9)
  const labels = labelsOf(table)
  const fit =
    (options: Partial<BoostOptions>, targets: ArrayLike<number> = labels) =>
    () =>
      fitBoosted(table, targets, { ...logistic(), ...options })
  expect(fit({}, new Float32Array(20))).toThrow(code('class_single'))
  expect(
    fit(
      {},
      labels.map(label => 2 * label),
    ),
  ).toThrow(code('labels_wrong'))
  expect(
    fit(
      { objective: 'reg:squarederror' },
      labels.map(() => Number.NaN),
    ),
  ).toThrow(code('labels_wrong'))
  expect(fit({ objective: 'rank:pairwise' as 'reg:squarederror' })).toThrow(code('model_objective'))
  expect(fit({ weights: [1] })).toThrow(code('labels_length'))
  expect(() => fitBoosted(matrixOf([]), [], logistic())).toThrow(code('table_empty'))
  const bad: Partial<BoostOptions>[] = [
    { rounds: 0 },
    { maxDepth: 31 },
    { lambda: -1 },
    { rowSample: 0 },
    { bins: 300 },
    { baseScore: 1 },
  ]
  for (const options of [...bad, { learningRate: Number.NaN }]) expect(fit(options)).toThrow(code('option_wrong'))
  const validation = { table: noise(5, 3, 1), targets: new Float32Array(5), patience: 3 }
  expect(fit({ validation })).toThrow(code('table_width'))
  expect(fit({ validation: { table: noise(5, 2, 1), targets: Float32Array.of(0, 1, 2, 0, 1), patience: 3 } })).toThrow(
    code('labels_wrong'),
  )
  const trees = fitBoosted(table, labels, logistic({ rounds: 2 }))
  expect(() => trees.outputs(noise(3, 3, 1))).toThrow(code('table_width'))
  expect(() => trees.contributions([1])).toThrow(code('table_width'))
})
