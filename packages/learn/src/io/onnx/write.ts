import { LearnError } from '../../base/error.ts'
import type { AnyModel, NetModelOf, TreeModelOf } from '../model/any.ts'
import { inputNames } from '../model/preprocess.ts'
import type { ModelRecord } from '../model/record.ts'
import { GraphBuilder } from './graph.ts'
import { addNet } from './nets-out.ts'
import { addTrees } from './trees-out.ts'

/** Under these names a model's kind and options are kept, so that `readOnnx` gives the same model again. */
export const KIND_PROPERTY = 'ringwall.kind'
export const OPTIONS_PROPERTY = 'ringwall.options'
/** Under these what stands around it: the names of its inputs and classes (lists), and how columns become inputs (`Preprocessing`). */
const INPUTS_PROPERTY = 'ringwall.inputs'
const CLASSES_PROPERTY = 'ringwall.classes'
const PREPROCESSING_PROPERTY = 'ringwall.preprocessing'

const isTrees = (each: AnyModel): each is TreeModelOf =>
  each.kind === 'boosted-trees' || each.kind === 'random-forest' || each.kind === 'isolation-forest'

/**
 * Writes a model as ONNX (opset 17, ai.onnx.ml 3), for rows or windows as the model itself takes them: scaled and without words. Outputs: see `addTrees` and `addNet`.
 * Errors: `onnx_series`; `onnx_ensemble`: its members are written one by one (`modelOfMember`).
 * @param around what the file's metadata says, as JSON, of its inputs and classes
 */
export function writeOnnx(model: AnyModel, around?: Pick<ModelRecord, 'preprocessing' | 'classes'>): Uint8Array {
  if (model.kind === 'series')
    throw new LearnError(
      'onnx_series',
      'a detector of series keeps the last rows of each device, which ONNX has no form for',
    )
  if (model.kind === 'ensemble' || model.kind === 'attack-detector')
    throw new LearnError('onnx_ensemble', 'an ensemble is several models: expected one of its members')
  const graph = new GraphBuilder()
  if (isTrees(model)) addTrees(graph, model)
  else addNet(graph, model)
  return graph.bytes(model.kind, {
    [KIND_PROPERTY]: model.kind,
    [OPTIONS_PROPERTY]: JSON.stringify(optionsOf(model)),
    ...(around === undefined
      ? {}
      : {
          [INPUTS_PROPERTY]: JSON.stringify(inputNames(around.preprocessing)),
          [CLASSES_PROPERTY]: JSON.stringify(around.classes),
          [PREPROCESSING_PROPERTY]: JSON.stringify(around.preprocessing),
        }),
  })
}

/** What beside the graph tells the model. */
function optionsOf(model: NetModelOf | TreeModelOf): object {
  switch (model.kind) {
    case 'boosted-trees': {
      const { columns, objective, outputs, names } = model.model.model
      return { columns, objective, outputs, ...(names === undefined ? {} : { names }) }
    }
    case 'random-forest': {
      const { columns, classes } = model.model.model
      return { columns, classes }
    }
    case 'isolation-forest': {
      const { columns, sample } = model.model.model
      return { columns, sample }
    }
    default:
      return (model satisfies NetModelOf).options
  }
}
