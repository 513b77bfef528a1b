import { LearnError } from '../../base/error.ts'
import type { AnyModel, ModelKind } from '../model/any.ts'
import { modelOf } from '../model/parts.ts'
import { readModelProto } from './graph.ts'
import type { GraphProto } from './messages.ts'
import { readDense } from './nets-in.ts'
import { readOwnWeights } from './own-in.ts'
import { readTensor } from './tensor.ts'
import { readTrees } from './trees-in.ts'
import { KIND_PROPERTY, OPTIONS_PROPERTY, SCALED_NET } from './write.ts'

/**
 * Reads an ONNX model: all that `writeOnnx` writes but ensembles, as the same model; of others', trees (one TreeEnsembleClassifier or TreeEnsembleRegressor, as converters of scikit-learn's forests,
 * XGBoost and LightGBM write them) and dense nets (MatMul and Add, or Gemm, with Relu, Tanh, Sigmoid, and a Softmax at the end).
 * Errors: `onnx_malformed`, `onnx_unsupported`, `onnx_ensemble` (a whole ensemble, or its net with the scaling, which are written for other tools alone), and those of the models themselves.
 */
export function readOnnx(bytes: Uint8Array): AnyModel {
  const proto = readModelProto(bytes)
  const { graph } = proto
  if (graph?.node === undefined || graph.node.length === 0) throw new LearnError('onnx_malformed', 'no ONNX: no graph')
  const properties = new Map(proto.metadataProps?.map(({ key = '', value = '' }) => [key, value]) ?? [])
  const kind = properties.get(KIND_PROPERTY)
  if (kind === SCALED_NET)
    throw new LearnError(
      'onnx_ensemble',
      'a net with its scaling as ONNX is for other tools: expected the model file that it was written from',
    )
  if (kind === 'ensemble')
    throw new LearnError(
      'onnx_ensemble',
      'a whole ensemble as ONNX lacks what says when to doubt, and is for other tools: expected the model file that it was written from, or one member',
    )
  const options = optionsIn(properties.get(OPTIONS_PROPERTY))
  const [tree, ...further] = graph.node.filter(({ opType }) => opType?.startsWith('TreeEnsemble'))
  if (further.length > 0)
    throw new LearnError('onnx_unsupported', `${1 + further.length} operators of trees: expected one`)
  if (tree !== undefined) return readTrees(tree, widthOf(graph), { kind, options })
  const tensors = graph.initializer?.map(readTensor) ?? []
  if (kind === undefined) return readDense(graph, tensors)
  // A net of the kind, with the weights that it begins with, says which tensors belong to it.
  return modelOf({ kind: kind as ModelKind, options, arrays: readOwnWeights(kind as ModelKind, options, tensors) })
}

function optionsIn(text: string | undefined): object {
  try {
    const options: unknown = JSON.parse(text ?? '{}')
    if (typeof options === 'object' && options !== null) return options
  } catch {
    // Told below.
  }
  throw new LearnError('onnx_malformed', `the options of the model are no JSON: ${text}`)
}

/** How many numbers a row of the first input has; 0 where that is not said. */
function widthOf({ input }: GraphProto): number {
  return input?.[0]?.type?.tensorType?.shape?.dim?.at(-1)?.value ?? 0
}
