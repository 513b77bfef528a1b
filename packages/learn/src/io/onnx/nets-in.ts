import { LearnError } from '../../base/error.ts'
import {
  type Activation,
  type ClassifierOptions,
  MlpClassifier,
  MlpRegressor,
  type RegressorOptions,
  type Tensor,
} from '../../nets/index.ts'
import type { NetModelOf } from '../model/any.ts'
import type { GraphProto, NodeProto } from './messages.ts'
import type { OnnxTensor } from './tensor.ts'

interface Layer {
  readonly weight: Float32Array
  readonly inputs: number
  readonly outputs: number
  bias: Float32Array
  activation: Activation
}

const ACTIVATIONS: Readonly<Record<string, Activation>> = { Relu: 'relu', Tanh: 'tanh', Sigmoid: 'sigmoid' }
/** They change nothing that is said of rows. */
const IDLE = new Set(['Identity', 'Flatten', 'Dropout', 'Cast', 'ArgMax'])

/**
 * Reads a chain of dense layers: a classifier where a Softmax ends it, else a regressor. All hidden layers must have the same activation. Errors: `onnx_unsupported`,
 * `onnx_malformed`.
 */
export function readDense(graph: GraphProto, tensors: readonly OnnxTensor[]): NetModelOf {
  const named = new Map(tensors.map(tensor => [tensor.name, tensor]))
  const layers: Layer[] = []
  let classifies = false
  for (const node of graph.node ?? []) {
    const last = layers.at(-1)
    const { opType = '' } = node
    const tensor = node.input?.map(name => named.get(name)).find(each => each !== undefined)
    if (classifies && !IDLE.has(opType)) throw unsupported(node, 'behind a Softmax')
    if (IDLE.has(opType)) continue
    if (opType === 'Softmax') classifies = true
    else if (opType === 'Gemm') layers.push(gemm(node, named))
    else if (opType === 'MatMul' && tensor !== undefined)
      layers.push(layerOf(floats(tensor), tensor.dims[0]!, tensor.dims[1]!))
    else if (opType === 'Add' && tensor !== undefined && last !== undefined) last.bias = floats(tensor)
    else if (Object.hasOwn(ACTIVATIONS, opType) && last !== undefined) last.activation = ACTIVATIONS[opType]!
    else throw unsupported(node, 'in a chain of dense layers')
  }
  return netOf(layers, classifies)
}

function gemm(node: NodeProto, named: ReadonlyMap<string, OnnxTensor>): Layer {
  const attribute = (name: string) => node.attribute?.find(each => each.name === name)
  const [, weight, bias] = (node.input ?? []).map(name => named.get(name))
  if (weight === undefined || attribute('transA')?.i === 1) throw unsupported(node, 'without weights of its own')
  if ((attribute('alpha')?.f ?? 1) !== 1 || (attribute('beta')?.f ?? 1) !== 1) throw unsupported(node, 'with a factor')
  const [rows, columns] = weight.dims as [number, number]
  const given = floats(weight)
  const isTurned = attribute('transB')?.i === 1
  const layer = isTurned
    ? layerOf(
        Float32Array.from(given, (_, at) => given[(at % rows) * columns + Math.floor(at / rows)]!),
        columns,
        rows,
      )
    : layerOf(given, rows, columns)
  if (bias !== undefined) layer.bias = floats(bias)
  return layer
}

const layerOf = (weight: Float32Array, inputs: number, outputs: number): Layer => ({
  weight,
  inputs,
  outputs,
  bias: new Float32Array(outputs),
  activation: 'none',
})

const floats = ({ data }: OnnxTensor): Float32Array => (data instanceof Float32Array ? data : Float32Array.from(data))

function netOf(layers: readonly Layer[], classifies: boolean): NetModelOf {
  const hidden = layers.slice(0, -1)
  const [first] = layers
  const last = layers.at(-1)
  if (first === undefined || last === undefined) throw new LearnError('onnx_unsupported', 'there is no dense layer')
  const activation = hidden[0]?.activation ?? 'relu'
  if (last.activation !== 'none' || hidden.some(each => each.activation !== activation))
    throw new LearnError('onnx_unsupported', 'hidden layers of different activations, or one behind the last layer')
  const options = { inputs: first.inputs, hidden: hidden.map(({ outputs }) => outputs), activation }
  const weights = layers.flatMap(({ weight, bias, inputs, outputs }, i): Tensor[] => [
    { name: `layer${i}.weight`, shape: [inputs, outputs], data: weight },
    { name: `layer${i}.bias`, shape: [outputs], data: bias },
  ])
  const net = classifies
    ? classifier({ ...options, classes: last.outputs })
    : regressor({ ...options, outputs: last.outputs })
  net.model.load(weights)
  return net
}

const classifier = (options: ClassifierOptions): NetModelOf => ({
  kind: 'mlp-classifier',
  options,
  model: new MlpClassifier(options),
})

const regressor = (options: RegressorOptions): NetModelOf => ({
  kind: 'mlp-regressor',
  options,
  model: new MlpRegressor(options),
})

function unsupported({ opType, name }: NodeProto, where: string): LearnError {
  return new LearnError('onnx_unsupported', `the operator ${opType} (${name}) ${where} is not known here`)
}
