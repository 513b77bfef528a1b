import { describe, expect, test } from 'vitest'
import { type Matrix, matrixOf, randomOf, rowOf, rowsOf } from '../../index.ts'
import { Autoencoder, Forecaster, MlpClassifier, MlpRegressor, Reconstructor, rowSamples } from '../index.ts'

const code = (name: string) => expect.objectContaining({ code: name })
const KINDS = ['gru', 'lstm', 'transformer'] as const

/** Sensors that swing together. */
function series(rows: number, columns: number): Matrix {
  return matrixOf(
    Array.from({ length: rows }, (_, t) => Array.from({ length: columns }, (_, j) => Math.sin(t / 5 + 1.3 * j))),
  )
}

/** Two rings around one another, and which of them a point is on. */
function rings(count: number): { rows: Matrix; labels: Int32Array } {
  const random = randomOf(2)
  const labels = Int32Array.from({ length: count }, (_, i) => i % 2)
  const points = Array.from(labels, label => {
    const angle = 2 * Math.PI * random.next()
    const radius = 1 + label + 0.1 * random.normal()
    return [radius * Math.cos(angle), radius * Math.sin(angle), random.normal()]
  })
  return { rows: matrixOf(points), labels }
}

describe('an autoencoder', () => {
  test('gives back what is like what it learned and not what is not, and a row by itself as in a table', async () => {
    const rows = series(400, 5)
    const net = new Autoencoder({ inputs: 5, hidden: [12, 2, 12], activation: 'tanh' })
    const { history } = await net.fit(rows, { epochs: 120, batch: 32, optimizer: { kind: 'adam', rate: 5e-3 } })
    expect(history[119].loss).toBeLessThan(0.01)
    const odd = Float32Array.from(rowOf(rows, 7))
    odd[3] += 2
    expect(net.score(odd)).toBeGreaterThan(20 * net.score(rowOf(rows, 7)))
    const parts = net.contributions(odd)
    expect(parts[3]).toBeCloseTo((odd[3] - net.runRow(odd)[3]) ** 2 / 5, 5)
    expect(parts.reduce((sum, part) => sum + part, 0)).toBeCloseTo(net.score(odd), 5)
    expect(net.scores(rows)[7]).toBe(net.score(rowOf(rows, 7)))
    expect(Array.from(net.runRow(rowOf(rows, 7)))).toEqual(Array.from(rowOf(net.reconstruct(rows), 7)))
    expect(net.score([1, 2, Number.NaN, 4, 5])).toBeNaN()
  })

  test('with layer norms it is the same, by another way', async () => {
    const rows = series(90, 5)
    const net = new Autoencoder({ inputs: 5, hidden: [9, 3, 9], norm: true })
    const { history } = await net.fit(rows, { epochs: 30, optimizer: { kind: 'adam', rate: 1e-2 } })
    expect(history[29].loss).toBeLessThan(history[0].loss / 3)
    expect(net.scores(rows)[80]).toBe(net.score(rowOf(rows, 80)))
    expect(Array.from(net.runRow(rowOf(rows, 80)))).toEqual(Array.from(rowOf(net.reconstruct(rows), 80)))
    expect(net.scores(rows)[80]).toBeCloseTo(
      net.contributions(rowOf(rows, 80)).reduce((sum, part) => sum + part, 0),
      6,
    )
  })

  test('the gradient of many rows is put together of batches', () => {
    const rows = series(150, 5)
    const net = new Autoencoder({ inputs: 5, hidden: [4] })
    const all = net.gradient(rows)
    const scores = net.scores(rows)
    expect(all.loss).toBeCloseTo(scores.reduce((sum, score) => sum + score, 0) / 150, 6)
    const one = net.gradient(rowsOf(rows, 140, 141)).gradient
    expect(all.gradient[5 * 140 + 2] * 150).toBeCloseTo(one[2], 5)
  })

  test('refuses what it cannot learn', async () => {
    const net = new Autoencoder({ inputs: 3, hidden: [2] })
    await expect(net.fit(matrixOf([]))).rejects.toThrow(code('samples_empty'))
    await expect(net.fit(series(5, 4))).rejects.toThrow(code('samples_shape'))
    await expect(
      net.fit(
        matrixOf([
          [1, 2, 3],
          [1, Number.NaN, 3],
        ]),
      ),
    ).rejects.toThrow(code('samples_not_finite'))
    expect(() => net.score([1, 2])).toThrow(code('samples_shape'))
    expect(() => net.scores(matrixOf([[1, Number.POSITIVE_INFINITY, 3]]))).toThrow(code('samples_not_finite'))
    expect(() => new Autoencoder({ inputs: 0, hidden: [2] })).toThrow(code('shape_wrong'))
    expect(() => new Autoencoder({ inputs: 3, hidden: [2.5] })).toThrow(code('shape_wrong'))
    expect(() => new Autoencoder({ inputs: 3, hidden: [2], dropout: 1 })).toThrow(code('shape_wrong'))
  })
})

describe('a classifier', () => {
  test('parts what no plane parts; probabilities are some of one, and the same for a row by itself', async () => {
    const { rows, labels } = rings(300)
    const net = new MlpClassifier({ inputs: 3, classes: 2, hidden: [13, 7] })
    await net.fit(rows, labels, { epochs: 60, batch: 32, optimizer: { kind: 'adam', rate: 1e-2 } })
    const right = net.classify(rows).filter((label, i) => label === labels[i]).length
    expect(right / 300).toBeGreaterThan(0.97)
    const all = net.probabilities(rows)
    const one = net.probabilitiesOf(rowOf(rows, 5))
    expect(Array.from(one)).toEqual(Array.from(rowOf(all, 5)))
    expect(one[0] + one[1]).toBeCloseTo(1, 6)
  })

  test('a class that weighs more is named more often', async () => {
    const random = randomOf(4)
    const rows = matrixOf(Array.from({ length: 200 }, () => [random.normal()]))
    const labels = Int32Array.from(rows.data, value => (value + random.normal() > 0 ? 1 : 0))
    const named = async (classWeights: number[]) => {
      const net = new MlpClassifier({ inputs: 1, classes: 2, hidden: [4], classWeights })
      await net.fit(rows, labels, { epochs: 40, optimizer: { kind: 'adam', rate: 1e-2 } })
      return net.classify(rows).reduce((sum, label) => sum + label, 0)
    }
    expect(await named([1, 5])).toBeGreaterThan((await named([5, 1])) + 60)
  })

  test('refuses classes that are none, and a single one', async () => {
    const { rows } = rings(4)
    const net = new MlpClassifier({ inputs: 3, classes: 2, hidden: [4] })
    await expect(net.fit(rows, Int32Array.of(1, 1, 1, 1))).rejects.toThrow(code('class_single'))
    await expect(net.fit(rows, Int32Array.of(0, 1, 2, 0))).rejects.toThrow(code('labels_wrong'))
    await expect(net.fit(rows, Int32Array.of(0, -1, 1, 0))).rejects.toThrow(code('labels_wrong'))
    await expect(net.fit(rows, Int32Array.of(0, 1))).rejects.toThrow(code('targets_wrong'))
    expect(() => new MlpClassifier({ inputs: 3, classes: 1, hidden: [] })).toThrow(code('shape_wrong'))
    expect(() => new MlpClassifier({ inputs: 3, classes: 2, hidden: [], classWeights: [1, 0] })).toThrow(
      code('shape_wrong'),
    )
  })

  test('the gradient of its input is that of the loss, number by number; a step along it raises the loss', () => {
    const { rows, labels } = rings(5)
    const net = new MlpClassifier({ inputs: 3, classes: 2, hidden: [8], activation: 'tanh' })
    const { loss, gradient } = net.gradient(rows, labels)
    const moved = (by: (i: number) => number) => ({ ...rows, data: rows.data.map((value, i) => value + by(i)) })
    for (const at of [0, 4, 14]) {
      const above = net.gradient(
        moved(i => (i === at ? 1e-2 : 0)),
        labels,
      ).loss
      const below = net.gradient(
        moved(i => (i === at ? -1e-2 : 0)),
        labels,
      ).loss
      expect((above - below) / 2e-2).toBeCloseTo(gradient[at], 4)
    }
    expect(
      net.gradient(
        moved(i => 0.1 * Math.sign(gradient[i])),
        labels,
      ).loss,
    ).toBeGreaterThan(loss)
  })
})

test('a regressor learns numbers, with squares and with Huber’s loss, which an outlier moves less', async () => {
  const random = randomOf(6)
  const rows = matrixOf(Array.from({ length: 200 }, () => [random.normal(), random.normal()]))
  const targets = matrixOf(Array.from({ length: 200 }, (_, i) => [rows.data[2 * i] - 0.5 * rows.data[2 * i + 1]]))
  targets.data[3] = 500
  const off = async (loss: { kind: 'squared' } | { kind: 'huber'; delta: number }) => {
    const net = new MlpRegressor({ inputs: 2, outputs: 1, hidden: [], loss })
    await net.fit(rows, targets, { epochs: 80, batch: 25, optimizer: { kind: 'sgd', rate: 0.05, momentum: 0.5 } })
    return Math.max(...net.predict(rows).data.map((value, i) => (i === 3 ? 0 : Math.abs(value - targets.data[i]))))
  }
  expect(await off({ kind: 'huber', delta: 0.5 })).toBeLessThan(0.3)
  expect(await off({ kind: 'squared' })).toBeGreaterThan(1)
  expect(() => new MlpRegressor({ inputs: 2, outputs: 1, hidden: [], loss: { kind: 'huber', delta: 0 } })).toThrow(
    code('shape_wrong'),
  )
})

describe.each(KINDS)('a %s', kind => {
  const shape = { kind, steps: 7, features: 3, units: 10, heads: 2, feedForward: 9 }

  test('forecasts what comes behind a window, alike in tables and by itself', async () => {
    const rows = series(150, 3)
    const net = new Forecaster({ ...shape, horizon: 2 })
    const windows = net.windows(rows)
    const { history } = await net.fit(windows, {
      epochs: 40,
      batch: 20,
      validation: 0.2,
      optimizer: { kind: 'adam', rate: 1e-2 },
    })
    expect(history[39].validationLoss).toBeLessThan(0.02)
    const forecast = net.forecast(windows)
    expect([forecast.rows, forecast.columns]).toEqual([142, 6])
    const window = rows.data.subarray(3 * 9, 3 * 16)
    expect(Array.from(net.forecastOf(window))).toEqual(Array.from(rowOf(forecast, 9)))
    const error = rowOf(forecast, 9).reduce((sum, value, i) => sum + (value - rows.data[3 * 16 + i]) ** 2 / 6, 0)
    expect(net.scores(windows)[9]).toBeCloseTo(error, 6)
    expect(() => net.windows(series(8, 3))).toThrow(code('series_short'))
    expect(() => net.forecastOf(window.subarray(1))).toThrow(code('samples_shape'))
  })

  test('gives windows back through a code, alike in tables and by itself, and not what is unlike them', async () => {
    const rows = series(150, 3)
    const net = new Reconstructor({ ...shape, code: 2 })
    const windows = net.windows(rows)
    const { history } = await net.fit(windows, { epochs: 60, batch: 20, optimizer: { kind: 'adam', rate: 1e-2 } })
    expect(history[59].loss).toBeLessThan(history[0].loss / 10)
    const window = Float32Array.from(rows.data.subarray(3 * 9, 3 * 16))
    expect(net.score(window)).toBe(net.scores(windows)[9])
    expect(Array.from(net.reconstructionOf(window))).toEqual(Array.from(rowOf(net.reconstruct(windows), 9)))
    const before = net.score(window)
    window[10] += 3
    expect(net.score(window)).toBeGreaterThan(5 * before)
  })

  test('the gradient of windows is that of the loss, number by number', () => {
    const net = new Reconstructor({ ...shape, code: 2 })
    const rows = series(9, 3)
    const { gradient } = net.gradient(net.windows(rows))
    const windows = net.windows(rows)
    const apart = windows.starts.length
    const spread = Float32Array.from(
      { length: apart * 21 },
      (_, i) => rows.data[windows.starts[Math.floor(i / 21)] + (i % 21)],
    )
    const lossOf = (data: Float32Array) =>
      net.gradient({ ...windows, data, starts: Uint32Array.from({ length: apart }, (_, i) => i * 21) }).loss
    for (const at of [0, 25, 62]) {
      const slope = [1e-2, -1e-2].map(by => lossOf(spread.map((value, i) => (i === at ? value + by : value))))
      expect((slope[0] - slope[1]) / 2e-2).toBeCloseTo(gradient[at], 4)
    }
  })

  test('weights by name make the same net again; others are refused', () => {
    const [net, other] = [1, 2].map(seed => new Forecaster({ ...shape, seed }))
    const window = series(7, 3).data
    const expected = Array.from(net.forecastOf(window))
    expect(Array.from(other.forecastOf(window))).not.toEqual(expected)
    other.load([...net.weights].reverse())
    expect(Array.from(other.forecastOf(window))).toEqual(expected)
    const [first, ...rest] = net.weights
    expect(() => other.load(rest)).toThrow(code('weights_wrong'))
    expect(() => other.load([first, first, ...rest.slice(1)])).toThrow(code('weights_wrong'))
    expect(() => other.load([{ ...first, shape: [1, 1] }, ...rest])).toThrow(code('weights_wrong'))
    expect(() => other.load([{ ...first, data: first.data.map(() => Number.NaN) }, ...rest])).toThrow(
      code('weights_wrong'),
    )
  })
})

test.each(['gru', 'lstm'] as const)(
  'a %s takes one row after another, with a state that is the caller’s, to the same bits as windows',
  kind => {
    const net = new Forecaster({ kind, steps: 7, features: 3, units: 5, layers: 2 })
    const rows = series(7, 3)
    const [state, other] = [net.state(), net.state()]
    expect(state.length).toBe(kind === 'gru' ? 10 : 20)
    let forecast = new Float32Array()
    for (let t = 0; t < 7; t++) {
      forecast = net.step(rowOf(rows, t), state).slice()
      net.step([t, -t, 1], other)
    }
    expect(Array.from(forecast)).toEqual(Array.from(net.forecastOf(rows.data)))
    const before = state.slice()
    expect(() => net.step([1, Number.NaN, 2], state)).toThrow(code('samples_not_finite'))
    expect(state).toEqual(before)
    expect(() => net.step([1, 2], state)).toThrow(code('samples_shape'))
    expect(() => net.step([1, 2, 3], state.subarray(1))).toThrow(code('state_wrong'))
  },
)

test('a Transformer has no state to carry on, and its heads share its width', () => {
  const net = new Forecaster({ kind: 'transformer', steps: 4, features: 2 })
  expect(() => net.state()).toThrow(code('no_state'))
  expect(() => new Forecaster({ kind: 'transformer', steps: 4, features: 2, units: 9 })).toThrow(code('shape_wrong'))
  expect(() => new Reconstructor({ kind: 'gru', steps: 4, features: 2, layers: 2 })).toThrow(code('shape_wrong'))
  expect(net.weights.map(({ name }) => name)).toContain('positions')
})

test('a net is not trained on targets of another kind', async () => {
  const net = new MlpRegressor({ inputs: 2, outputs: 1, hidden: [] })
  const samples = rowSamples(series(4, 2))
  await expect(net.train(samples, Int32Array.of(0, 1, 0, 1))).rejects.toThrow(code('targets_wrong'))
  await expect(net.train(samples, null)).rejects.toThrow(code('targets_wrong'))
  await expect(net.train(samples, rowSamples(series(4, 2)))).rejects.toThrow(code('samples_shape'))
  expect(() => net.runRow([1])).toThrow(code('samples_shape'))
})
