import { expect, test } from 'vitest'
import type { Matrix } from '../../base/matrix.ts'
import { randomOf } from '../../base/random.ts'
import {
  Autoencoder,
  Forecaster,
  MlpClassifier,
  MlpRegressor,
  Reconstructor,
  rowSamples,
  windowSamples,
} from '../../nets/index.ts'
import { fitBoosted, fitForestClassifier, fitForestRegressor, fitIsolation } from '../../trees/index.ts'
import { differenceOf, runOnnx } from './onnxruntime.testkit.ts'
import { writeOnnx } from './write.ts'

const CLOSE = 1e-6
const COLUMNS = 5
const random = randomOf(11)
const table = (rows: number, missing = 0): Matrix => ({
  rows,
  columns: COLUMNS,
  data: Float32Array.from({ length: rows * COLUMNS }, () => (random.next() < missing ? Number.NaN : random.normal())),
})
const classOf = ({ data, rows }: Matrix, classes: number): Int32Array =>
  Int32Array.from({ length: rows }, (_, i) => {
    const sum = (data[i * COLUMNS] || 0) + 0.5 * (data[i * COLUMNS + 1] || 0) ** 2 + 0.3 * random.normal()
    return Math.min(classes - 1, Math.max(0, Math.floor(sum + 1)))
  })

const TRAIN = table(600, 0.05)
const TEST = table(300, 0.05)
const dims = [TEST.rows, COLUMNS]

test.each([2, 3])('boosted trees of %i classes', async classes => {
  const objective = classes === 2 ? 'binary:logistic' : 'multi:softprob'
  const model = fitBoosted(TRAIN, classOf(TRAIN, classes), { objective, rounds: 30 })
  const { label, probabilities } = await runOnnx(writeOnnx({ kind: 'boosted-trees', model }), TEST.data, dims)
  expect(differenceOf(model.predictProbabilities(TEST), probabilities!)).toBeLessThan(CLOSE)
  expect(label).toEqual(Array.from(model.predict(TEST)))
})

test('boosted trees whose leaves are all positive are no probabilities', async () => {
  const labels = classOf(TRAIN, 2).fill(1, 0, 560)
  const model = fitBoosted(TRAIN, labels, { objective: 'binary:logistic', rounds: 3, maxDepth: 1 })
  expect(Math.min(...model.model.trees.flatMap(tree => [...tree.value]))).toBeGreaterThan(0)
  const { probabilities } = await runOnnx(writeOnnx({ kind: 'boosted-trees', model }), TEST.data, dims)
  expect(differenceOf(model.predictProbabilities(TEST), probabilities!)).toBeLessThan(CLOSE)
})

test.each([2, 3])('a random forest of %i classes', async classes => {
  const model = fitForestClassifier(TRAIN, classOf(TRAIN, classes), { trees: 30 })
  const { label, probabilities } = await runOnnx(writeOnnx({ kind: 'random-forest', model }), TEST.data, dims)
  expect(differenceOf(model.predictProbabilities(TEST), probabilities!)).toBeLessThan(CLOSE)
  const margins = model.predictProbabilities(TEST)
  const decided = Array.from(model.predict(TEST)).filter((_, i) => {
    const [first, second] = [...margins.subarray(i * classes, (i + 1) * classes)].sort((a, b) => b - a)
    return first! - second! > CLOSE
  })
  expect(decided.length).toBeGreaterThan(250)
  expect(label!.filter((each, i) => each !== model.predict(TEST)[i]).length).toBeLessThanOrEqual(300 - decided.length)
})

test('regressions by trees', async () => {
  const targets = Array.from({ length: TRAIN.rows }, (_, i) => 100 + 20 * (TRAIN.data[i * COLUMNS] || 0))
  const boosted = fitBoosted(TRAIN, targets, { objective: 'reg:squarederror', rounds: 30 })
  const forest = fitForestRegressor(TRAIN, targets, { trees: 30 })
  const one = await runOnnx(writeOnnx({ kind: 'boosted-trees', model: boosted }), TEST.data, dims)
  const other = await runOnnx(writeOnnx({ kind: 'random-forest', model: forest }), TEST.data, dims)
  expect(differenceOf(boosted.predict(TEST), one['value']!)).toBeLessThan(CLOSE)
  expect(differenceOf(forest.predict(TEST), other['value']!)).toBeLessThan(CLOSE)
})

test('an isolation forest', async () => {
  const model = fitIsolation(TRAIN)
  const { score } = await runOnnx(writeOnnx({ kind: 'isolation-forest', model }), TEST.data, dims)
  expect(differenceOf(model.scores(TEST), score!)).toBeLessThan(CLOSE)
})

const WHOLE = table(300)

test.each(['relu', 'tanh', 'sigmoid'] as const)('dense nets: %s', async activation => {
  for (const norm of [false, true]) {
    const options = { inputs: COLUMNS, hidden: [16, 8, 16], activation, norm }
    const autoencoder = new Autoencoder(options)
    await autoencoder.fit(WHOLE, { epochs: 2 })
    const one = await runOnnx(writeOnnx({ kind: 'autoencoder', options, model: autoencoder }), WHOLE.data, dims)
    expect(differenceOf(autoencoder.reconstruct(WHOLE).data, one['reconstruction']!)).toBeLessThan(CLOSE)
    expect(differenceOf(autoencoder.scores(WHOLE), one['score']!)).toBeLessThan(CLOSE)
    const sorts = { ...options, classes: 3 }
    const classifier = new MlpClassifier(sorts)
    await classifier.fit(WHOLE, classOf(WHOLE, 3), { epochs: 2 })
    const two = await runOnnx(
      writeOnnx({ kind: 'mlp-classifier', options: sorts, model: classifier }),
      WHOLE.data,
      dims,
    )
    expect(differenceOf(classifier.probabilities(WHOLE).data, two['probabilities']!)).toBeLessThan(CLOSE)
    expect(two['label']).toEqual(Array.from(classifier.classify(WHOLE)))
    const values = { ...options, outputs: 2 }
    const regressor = new MlpRegressor(values)
    const three = await runOnnx(
      writeOnnx({ kind: 'mlp-regressor', options: values, model: regressor }),
      WHOLE.data,
      dims,
    )
    expect(differenceOf(regressor.run(rowSamples(WHOLE)).data, three['value']!)).toBeLessThan(CLOSE)
  }
})

const SERIES: Matrix = { ...WHOLE, data: WHOLE.data.map((value, at) => Math.sin(at / 40) + 0.2 * value) }

test.each(['gru', 'lstm', 'transformer'] as const)('windows: %s', async kind => {
  const shape = { kind, steps: 9, features: COLUMNS, units: 12, seed: 5 }
  for (const layers of [1, 2]) {
    const options = { ...shape, layers, horizon: 2 }
    const model = new Forecaster(options)
    const windows = model.windows(SERIES)
    await model.fit(windows, { epochs: 1 })
    const { forecast } = await runOnnx(writeOnnx({ kind: 'forecaster', options, model }), ...laid(windows))
    expect(differenceOf(model.forecast(windows).data, forecast!)).toBeLessThan(CLOSE)
  }
  const options = { ...shape, code: 3 }
  const model = new Reconstructor(options)
  const windows = windowSamples(SERIES, { steps: 9, stride: 4 })
  await model.fit(windows, { epochs: 1 })
  const found = await runOnnx(writeOnnx({ kind: 'reconstructor', options, model }), ...laid(windows))
  expect(differenceOf(model.run(windows).data, found['reconstruction']!)).toBeLessThan(CLOSE)
  expect(differenceOf(model.scores(windows), found['score']!)).toBeLessThan(CLOSE)
})

function laid({ data, starts, steps, columns }: ReturnType<typeof windowSamples>): [Float32Array, number[]] {
  const all = new Float32Array(starts.length * steps * columns)
  for (const [i, start] of starts.entries()) all.set(data.subarray(start, start + steps * columns), i * steps * columns)
  return [all, [starts.length, steps, columns]]
}
