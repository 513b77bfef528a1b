import { env, InferenceSession, Tensor } from 'onnxruntime-web'
import { type Matrix, randomOf } from '../../../packages/learn/src/index.ts'
import { type AnyModel, writeOnnx } from '../../../packages/learn/src/io/index.ts'
import {
  Autoencoder,
  Forecaster,
  MlpClassifier,
  Reconstructor,
  type Samples,
  windowSamples,
} from '../../../packages/learn/src/nets/index.ts'
import { fitBoosted, fitForestClassifier, fitIsolation } from '../../../packages/learn/src/trees/index.ts'
import { alone, type Line, progress } from '../base/report.ts'
import type { Setting } from './bench.ts'

const ROWS = 2_000
const FEATURES = 8
const CLASSES = 3
const STEPS = 32
const STRIDE = 16
const EPOCHS = 5
const KINDS = ['gru', 'lstm', 'transformer'] as const

/** A model as a file, what it says itself of rows or windows, and the name of that in the file. */
interface Case {
  readonly name: string
  readonly model: AnyModel
  readonly said: ArrayLike<number>
  readonly output: string
  readonly input: Float32Array
  readonly dims: readonly number[]
}

/**
 * What a model of each kind says itself beside what onnxruntime makes of its ONNX file: the largest difference, and that as a share of the largest number (single precision
 * has no more than 6e-8 of that in any one step). Shapes as in the benches of trees and nets; nets are trained for some epochs.
 */
export async function* learnOnnx({ options }: Setting): AsyncGenerator<Line> {
  env.logLevel = 'error'
  env.wasm.numThreads = 1
  for await (const { name, model, said, output, input, dims } of cases(options.seed)) {
    const about = { bench: 'learn', case: `ONNX: ${name}` }
    if (options.only !== undefined && !about.case.includes(options.only)) continue
    progress(about.case)
    const session = await InferenceSession.create(writeOnnx(model))
    const outputs = await session.run({ x: new Tensor('float32', input, [...dims]) })
    const found = outputs[output]?.data as Float32Array
    if (found.length !== said.length) throw new Error(`${name}: ${found.length} numbers, and not ${said.length}`)
    let [most, largest] = [0, 0]
    for (let i = 0; i < said.length; i++) {
      most = Math.max(most, Math.abs(said[i]! - found[i]!))
      largest = Math.max(largest, Math.abs(said[i]!))
    }
    yield alone({ ...about, metric: 'largest difference', unit: '1e-6' }, [most * 1e6])
    yield alone({ ...about, metric: 'as a share of the largest number', unit: '1e-6' }, [(most / largest) * 1e6])
  }
}

async function* cases(seed: number): AsyncGenerator<Case> {
  const rows = waves(seed)
  const labels = Int32Array.from(
    { length: ROWS },
    (_, i) => Math.abs(Math.floor(2 * rows.data[i * FEATURES]!)) % CLASSES,
  )
  const table = { input: rows.data, dims: [ROWS, FEATURES] }
  const boosted = fitBoosted(rows, labels, { objective: 'multi:softprob' })
  const [probabilities, score] = ['probabilities', 'score']
  yield {
    ...table,
    name: 'boosted trees',
    model: { kind: 'boosted-trees', model: boosted },
    said: boosted.predictProbabilities(rows),
    output: probabilities,
  }
  const forest = fitForestClassifier(rows, labels)
  yield {
    ...table,
    name: 'random forest',
    model: { kind: 'random-forest', model: forest },
    said: forest.predictProbabilities(rows),
    output: probabilities,
  }
  const isolation = fitIsolation(rows)
  yield {
    ...table,
    name: 'isolation forest',
    model: { kind: 'isolation-forest', model: isolation },
    said: isolation.scores(rows),
    output: score,
  }
  const dense = { inputs: FEATURES, hidden: [16, 4, 16], seed }
  const autoencoder = new Autoencoder(dense)
  await autoencoder.fit(rows, { epochs: EPOCHS })
  yield {
    ...table,
    name: 'autoencoder',
    model: { kind: 'autoencoder', options: dense, model: autoencoder },
    said: autoencoder.reconstruct(rows).data,
    output: 'reconstruction',
  }
  const sorts = { inputs: FEATURES, hidden: [64, 32], classes: CLASSES, seed }
  const mlp = new MlpClassifier(sorts)
  await mlp.fit(rows, labels, { epochs: EPOCHS })
  yield {
    ...table,
    name: 'MLP',
    model: { kind: 'mlp-classifier', options: sorts, model: mlp },
    said: mlp.probabilities(rows).data,
    output: probabilities,
  }
  for (const kind of KINDS) {
    const shape = { kind, steps: STEPS, features: FEATURES, units: 32, seed }
    const forecaster = new Forecaster(shape)
    const windows = forecaster.windows(rows, STRIDE)
    await forecaster.fit(windows, { epochs: EPOCHS })
    yield {
      ...laid(windows),
      name: `${kind} forecaster`,
      model: { kind: 'forecaster', options: shape, model: forecaster },
      said: forecaster.forecast(windows).data,
      output: 'forecast',
    }
    const reconstructor = new Reconstructor(shape)
    const whole = windowSamples(rows, { steps: STEPS, stride: STRIDE })
    await reconstructor.fit(whole, { epochs: EPOCHS })
    yield {
      ...laid(whole),
      name: `${kind} reconstructor`,
      model: { kind: 'reconstructor', options: shape, model: reconstructor },
      said: reconstructor.reconstruct(whole).data,
      output: 'reconstruction',
    }
  }
}

/** Windows one behind the other, as a session takes them. */
function laid({ data, starts, steps, columns }: Samples): { input: Float32Array; dims: readonly number[] } {
  const input = new Float32Array(starts.length * steps * columns)
  for (const [i, start] of starts.entries())
    input.set(data.subarray(start, start + steps * columns), i * steps * columns)
  return { input, dims: [starts.length, steps, columns] }
}

/** Sensors that swing, each at its own pace, with noise: of deviation about 1. */
function waves(seed: number): Matrix {
  const random = randomOf(seed)
  const data = Float32Array.from(
    { length: ROWS * FEATURES },
    (_, at) => 1.3 * Math.sin(at / FEATURES / (5 + (at % FEATURES))) + 0.3 * random.normal(),
  )
  return { rows: ROWS, columns: FEATURES, data }
}
