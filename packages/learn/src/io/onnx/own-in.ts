import { LearnError } from '../../base/error.ts'
import type { Tensor } from '../../nets/index.ts'
import type { ModelKind } from '../model/any.ts'
import { freshNet } from '../model/parts.ts'
import { type Cell, fromOnnx } from './gates.ts'
import type { OnnxTensor } from './tensor.ts'

/** The weights of a net that `writeOnnx` has written, by the names that they have in it. Error: `onnx_malformed` where one is not there. */
export function readOwnWeights(kind: ModelKind, options: object, tensors: readonly OnnxTensor[]): Tensor[] {
  const named = new Map(tensors.map(tensor => [tensor.name, tensor]))
  const dataOf = (name: string): Float32Array => {
    const tensor = named.get(name)
    if (tensor?.data instanceof Float32Array) return tensor.data
    throw new LearnError('onnx_malformed', `the tensor '${name}' is not there, or of another type`)
  }
  const cell: Cell = (options as { kind?: unknown }).kind === 'lstm' ? 'lstm' : 'gru'
  const numbers = tensors.reduce((sum, { data }) => sum + data.length, 0)
  return freshNet(kind, options, numbers).weights.map(({ name, shape }) => {
    const data = named.has(name) ? dataOf(name) : ofCell(name, shape, cell, dataOf)
    if (data.length !== shape.reduce((product, each) => product * each, 1))
      throw new LearnError(
        'onnx_malformed',
        `the tensor '${name}' has ${data.length} numbers, not ${shape.join(' x ')}`,
      )
    return { name, shape, data }
  })
}

/** A recurrent layer's tensors lie in ONNX's W, R and B. */
function ofCell(
  name: string,
  shape: readonly number[],
  cell: Cell,
  dataOf: (name: string) => Float32Array,
): Float32Array {
  const dot = name.lastIndexOf('.')
  const [layer, part] = [name.slice(0, dot), name.slice(dot + 1)]
  if (part === 'input') return fromOnnx(cell, dataOf(`${layer}.W`), shape[0]!)
  if (part === 'state') return fromOnnx(cell, dataOf(`${layer}.R`), shape[0]!)
  const biases = dataOf(`${layer}.B`)
  if (part === 'new') return biases.slice(-shape[0]!)
  return fromOnnx(cell, biases.slice(0, biases.length / 2), 1)
}
