import { Arena, type Matrix, randomOf } from '../src/index.ts'
import { Autoencoder, Forecaster, MlpClassifier, Reconstructor, windowSamples } from '../src/nets/index.ts'
import { bindNets } from '../src/nets/kernels.ts'
import { ACTIVATIONS } from '../src/nets/ops/dense.ts'
import { fitBoosted, fitIsolation } from '../src/trees/index.ts'
import { fromFiles } from './files.ts'

const ROWS = 300
const FEATURES = 6
const STEPS = 12

/**
 * What kernels, models and models from their files make of seeded numbers, by name: the bits, in hexadecimal, and the digests of the files. One host's answer is to be another's. The seeds' draws are whole numbers and
 * divisions, so that hosts whose sine or logarithm differ put the same numbers in.
 */
export async function reckon(): Promise<Record<string, string>> {
  const rows = table(1)
  const labels = Int32Array.from({ length: ROWS }, (_, i) =>
    rows.data[i * FEATURES]! > rows.data[i * FEATURES + 1]! ? 1 : 0,
  )
  const windows = windowSamples(rows, { steps: STEPS, stride: 5 })
  const window = rows.data.subarray(0, STEPS * FEATURES)
  const shape = { steps: STEPS, features: FEATURES, units: 10, heads: 2, seed: 7 }
  const autoencoder = new Autoencoder({ inputs: FEATURES, hidden: [9, 3, 9], activation: 'tanh', norm: true })
  const classifier = new MlpClassifier({ inputs: FEATURES, hidden: [13, 7], classes: 2 })
  await autoencoder.fit(rows, { epochs: 3, portable: true })
  const files = await fromFiles(rows, labels)
  const found: Record<string, Float32Array | Float64Array> = {
    ...products(),
    ...files.numbers,
    'GRU, one window': new Forecaster({ ...shape, kind: 'gru' }).forecastOf(window),
    'LSTM, one window': new Forecaster({ ...shape, kind: 'lstm' }).forecastOf(window),
    'Transformer, one window': new Forecaster({ ...shape, kind: 'transformer' }).forecastOf(window),
    'GRU, many windows': new Reconstructor({ ...shape, kind: 'gru' }).scores(windows),
    'LSTM, many windows': new Reconstructor({ ...shape, kind: 'lstm' }).scores(windows),
    'Transformer, many windows': new Reconstructor({ ...shape, kind: 'transformer' }).scores(windows),
    'MLP, many rows': classifier.run(windowSamples(rows, { steps: 1 })).data,
    'autoencoder, trained portably': autoencoder.scores(rows),
    'isolation forest': fitIsolation(rows, { seed: 3 }).scores(rows),
    'boosted trees': fitBoosted(rows, labels, { objective: 'binary:logistic', rounds: 20 }).predictProbabilities(rows),
  }
  const bits = Object.entries(found).map(([name, numbers]) => [name, bitsOf(numbers)] as const)
  return { ...Object.fromEntries(bits), ...files.digests }
}

/** A product, dense layers of each activation, and attention, by their kernels alone. */
function products(): Record<string, Float32Array> {
  const arena = new Arena(1e6)
  const kernels = bindNets(arena.memory)
  const random = randomOf(11)
  const put = (count: number) => arena.put(Float32Array.from({ length: count }, () => 4 * random.next() - 2))
  const room = (count: number) => arena.alloc(count * Float32Array.BYTES_PER_ELEMENT)
  const [m, n, k] = [23, 20, 17]
  const [a, b, bias] = [put(m * k), put(k * n), put(n)]
  const found: Record<string, Float32Array> = {}
  const c = room(m * n)
  kernels.gemm(m, n, k, a, k, 1, b, n, c, n, 0, bias)
  found['GEMM'] = arena.floats(c, m * n)
  for (const [activation, act] of Object.entries(ACTIVATIONS)) {
    const y = room(m * n)
    kernels.dense(m, n, k, a, k, b, n, bias, y, act)
    found[`dense, ${activation}`] = arena.floats(y, m * n)
  }
  const [batch, steps, heads, size] = [3, 9, 2, 8]
  const width = heads * size
  const qkv = put(batch * steps * 3 * width)
  const [shares, o, scratch] = [room(batch * heads * steps * 12), room(batch * steps * width), room(size * 12)]
  const kv = qkv + width * Float32Array.BYTES_PER_ELEMENT
  kernels.attention(batch, steps, steps, heads, size, 0.35, qkv, 3 * width, kv, 3 * width, shares, o, scratch)
  found['attention'] = arena.floats(o, batch * steps * width)
  return found
}

function table(seed: number): Matrix {
  const random = randomOf(seed)
  const data = Float32Array.from({ length: ROWS * FEATURES }, () => 4 * random.next() - 2)
  return { rows: ROWS, columns: FEATURES, data }
}

const bitsOf = ({ buffer, byteOffset, byteLength }: Float32Array | Float64Array): string =>
  Array.from(new Uint8Array(buffer, byteOffset, byteLength), byte => byte.toString(16).padStart(2, '0')).join('')
