import { type Matrix, randomOf } from '../../../packages/learn/src/index.ts'
import {
  Autoencoder,
  behind,
  Forecaster,
  MlpClassifier,
  type NetModel,
  Reconstructor,
  rowSamples,
  type Samples,
  someOf,
  type WindowOptions,
} from '../../../packages/learn/src/nets/index.ts'

const FEATURES = 8
const STEPS = 32
const BATCHES = 16

/** A net with what it is trained on: as many whole batches as there are. */
export interface NetCase {
  readonly kind: 'autoencoder' | 'mlp' | 'lstm' | 'gru' | 'transformer' | 'transformer-last'
  readonly name: string
  readonly model: NetModel
  readonly samples: Samples
  readonly targets: Samples | Int32Array | null
  /** Of one sample, as the peer takes it. */
  readonly shape: readonly number[]
}

/** What is run again and again to be timed. */
export interface Probe {
  readonly name: string
  run(n: number): void
}

/** The five nets, on made-up telemetry. */
export function netCases(batch: number): readonly NetCase[] {
  const count = batch * BATCHES
  const series = telemetry(count + STEPS + 1, FEATURES)
  const { rows, labels } = twoClasses(count)
  const autoencoder = new Autoencoder({ inputs: FEATURES, hidden: [16, 4, 16] })
  const mlp = new MlpClassifier({ inputs: 20, hidden: [64, 32], classes: 2 })
  const transformer = new Reconstructor(shapeOf('transformer'))
  return [
    {
      kind: 'autoencoder',
      name: 'autoencoder 8-16-4-16-8',
      model: autoencoder,
      samples: someOf(rowSamples(series), 0, count),
      targets: null,
      shape: [FEATURES],
    },
    { kind: 'mlp', name: 'MLP 20-64-32-2', model: mlp, samples: rowSamples(rows), targets: labels, shape: [20] },
    ...(['lstm', 'gru', 'transformer'] as const).map(kind => {
      const model = forecaster(kind)
      const samples = someOf(model.windows(series), 0, count)
      const shared = { model, samples, targets: behind(samples, 1), shape: [STEPS, FEATURES] }
      return kind === 'transformer'
        ? ({ ...shared, kind: 'transformer-last', name: 'Transformer 32 x 8, width 32, the last step' } as const)
        : { ...shared, kind, name: `${kind.toUpperCase()} 32 x 8, 32 units` }
    }),
    {
      kind: 'transformer',
      name: 'Transformer 32 x 8, width 32, every step',
      model: transformer,
      samples: someOf(transformer.windows(series), 0, count),
      targets: null,
      shape: [STEPS, FEATURES],
    },
  ]
}

/** One sample at a time. */
export function probes(): readonly Probe[] {
  const series = telemetry(1_024, FEATURES)
  const rows = Array.from({ length: 512 }, (_, i) => series.data.subarray(i * FEATURES, (i + 1) * FEATURES))
  const windows = Array.from({ length: 512 }, (_, i) => series.data.subarray(i * FEATURES, (i + STEPS) * FEATURES))
  const wide = twoClasses(512).rows
  const wideRows = Array.from({ length: 512 }, (_, i) => wide.data.subarray(i * 20, (i + 1) * 20))
  const autoencoder = new Autoencoder({ inputs: FEATURES, hidden: [16, 4, 16] })
  const mlp = new MlpClassifier({ inputs: 20, hidden: [64, 32], classes: 2 })
  const [gru, lstm, transformer] = (['gru', 'lstm', 'transformer'] as const).map(forecaster)
  const reconstructor = new Reconstructor(shapeOf('transformer'))
  const state = gru.state()
  return [
    { name: 'autoencoder, one row', run: n => autoencoder.score(rows[n & 511]) },
    { name: 'MLP, one row', run: n => mlp.probabilitiesOf(wideRows[n & 511]) },
    { name: 'GRU, one window', run: n => gru.forecastOf(windows[n & 511]) },
    { name: 'LSTM, one window', run: n => lstm.forecastOf(windows[n & 511]) },
    { name: 'Transformer, one window, the last step', run: n => transformer.forecastOf(windows[n & 511]) },
    { name: 'Transformer, one window, every step', run: n => reconstructor.score(windows[n & 511]) },
    { name: 'GRU, one step', run: n => gru.step(rows[n & 511], state) },
  ]
}

function forecaster(kind: 'gru' | 'lstm' | 'transformer'): Forecaster {
  return new Forecaster(shapeOf(kind))
}

function shapeOf(kind: WindowOptions['kind']): WindowOptions {
  return { kind, steps: STEPS, features: FEATURES, units: 32, heads: 2, feedForward: 64 }
}

/** Sensors that swing together, with noise. */
function telemetry(rows: number, columns: number): Matrix {
  const random = randomOf(7)
  const data = Float32Array.from({ length: rows * columns }, (_, i) => {
    const time = Math.floor(i / columns)
    const sensor = i % columns
    return Math.sin(time / 9 + sensor) + 0.5 * Math.cos(time / 23 - sensor) + 0.1 * random.normal()
  })
  return { rows, columns, data }
}

/** Two classes that a plane does not part. */
function twoClasses(count: number): { rows: Matrix; labels: Int32Array } {
  const random = randomOf(11)
  const columns = 20
  const data = Float32Array.from({ length: count * columns }, () => random.normal())
  const labels = Int32Array.from({ length: count }, (_, i) => (data[i * columns] * data[i * columns + 1] > 0 ? 1 : 0))
  return { rows: { rows: count, columns, data }, labels }
}
