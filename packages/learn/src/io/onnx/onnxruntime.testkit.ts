import { env, InferenceSession, Tensor } from 'onnxruntime-web'

env.logLevel = 'error'
env.wasm.numThreads = 1

/** What onnxruntime makes of a model and rows: each output by its name. */
export async function runOnnx(model: Uint8Array, x: Float32Array, dims: readonly number[]) {
  const session = await InferenceSession.create(model)
  const outputs = await session.run({ x: new Tensor('float32', x, [...dims]) })
  return Object.fromEntries(
    Object.entries(outputs).map(([name, { data }]) => [name, Array.from(data as Iterable<number | bigint>, Number)]),
  )
}

/** The largest difference, as a share of the largest number where that is above 1: what single precision can be held to. NaN where the counts differ. */
export function differenceOf(one: ArrayLike<number>, other: ArrayLike<number>): number {
  if (one.length !== other.length) return Number.NaN
  let [most, largest] = [0, 1]
  for (let i = 0; i < one.length; i++) {
    const off = Math.abs(one[i]! - other[i]!)
    if (!(off <= most)) most = off
    largest = Math.max(largest, Math.abs(one[i]!))
  }
  return most / largest
}
