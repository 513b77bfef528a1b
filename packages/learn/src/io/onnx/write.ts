import { LearnError } from '../../base/error.ts'
import type { OwnMember } from '../../ensemble/index.ts'
import type { AnyModel, EnsembleModelOf, NetModelOf, TreeModelOf } from '../model/any.ts'
import { modelOfMember } from '../model/ensemble.ts'
import { inputNames } from '../model/preprocess.ts'
import type { ModelRecord } from '../model/record.ts'
import { GraphBuilder } from './graph.ts'
import { addScaledNet } from './members-out.ts'
import { addNet } from './nets-out.ts'
import { addTrees } from './trees-out.ts'
import { addEnsemble, columnsOf } from './whole-out.ts'

/** Under these names a model's kind and options are kept, so that `readOnnx` gives the same model again. */
export const KIND_PROPERTY = 'ringwall.kind'
export const OPTIONS_PROPERTY = 'ringwall.options'
/** Under these what stands around it: the names of its inputs and classes (lists), and how columns become inputs (`Preprocessing`). */
const INPUTS_PROPERTY = 'ringwall.inputs'
const CLASSES_PROPERTY = 'ringwall.classes'
const PREPROCESSING_PROPERTY = 'ringwall.preprocessing'
/** Of an ensemble its members, each with its weight; and, where it was hardened, against what (an epsilon, and by what each column is measured). */
const MEMBERS_PROPERTY = 'ringwall.members'
const HARDENED_PROPERTY = 'ringwall.hardened'

/** What a net with the scaling of its inputs before it is called: it is not read back, since a net of its own takes scaled rows. */
export const SCALED_NET = 'scaled-mlp-classifier'

/** What stands around a model, for the metadata. */
export type Around = Pick<ModelRecord, 'preprocessing' | 'classes'> & Partial<Pick<ModelRecord, 'training'>>

const isTrees = (each: AnyModel): each is TreeModelOf =>
  each.kind === 'boosted-trees' || each.kind === 'random-forest' || each.kind === 'isolation-forest'

/**
 * Writes a model as ONNX (opset 17, ai.onnx.ml 3), for rows or windows as the model itself takes them: scaled (an ensemble: unscaled), and without words. Outputs: see `addTrees`,
 * `addNet` and `addEnsemble`. Error: `onnx_series`.
 * @param around what the file's metadata says, as JSON, of its inputs and classes, and of what it was hardened against
 */
export function writeOnnx(model: AnyModel, around?: Around): Uint8Array {
  if (model.kind === 'series' || model.kind === 'watch')
    throw new LearnError(
      'onnx_series',
      'what judges a series keeps the last rows of each device, which ONNX has no form for',
    )
  // What tells unseen attacks stays behind, as what says when to doubt does.
  if (model.kind === 'attack-detector')
    return writeOnnx({ kind: 'ensemble', model: model.model.parts.ensemble }, around)
  const graph = new GraphBuilder()
  if (model.kind === 'ensemble') addEnsemble(graph, model.model)
  else if (isTrees(model)) addTrees(graph, model)
  else addNet(graph, model)
  return graph.bytes(model.kind, {
    [KIND_PROPERTY]: model.kind,
    [OPTIONS_PROPERTY]: JSON.stringify(optionsOf(model)),
    ...(model.kind === 'ensemble' ? { [MEMBERS_PROPERTY]: JSON.stringify(membersOf(model)) } : {}),
    ...(around === undefined ? {} : propertiesOf(around)),
  })
}

/** Writes one member of an ensemble, for the rows that the ensemble takes: its net with the scaling before it. Outputs: see `addTrees` and `addScaledNet`. @param around as of `writeOnnx` */
export function writeMember(member: OwnMember, around?: Around): Uint8Array {
  if (member.kind !== 'mlp-classifier') return writeOnnx(modelOfMember(member), around)
  const graph = new GraphBuilder()
  addScaledNet(graph, member)
  return graph.bytes(SCALED_NET, {
    [KIND_PROPERTY]: SCALED_NET,
    [OPTIONS_PROPERTY]: JSON.stringify(member.options),
    ...(around === undefined ? {} : propertiesOf(around)),
  })
}

function propertiesOf({ preprocessing, classes, training }: Around): Record<string, string> {
  const hardened = (training?.options as { readonly harden?: object } | undefined)?.harden
  return {
    [INPUTS_PROPERTY]: JSON.stringify(inputNames(preprocessing)),
    [CLASSES_PROPERTY]: JSON.stringify(classes),
    [PREPROCESSING_PROPERTY]: JSON.stringify(preprocessing),
    ...(hardened === undefined ? {} : { [HARDENED_PROPERTY]: JSON.stringify(hardened) }),
  }
}

function membersOf({ model: { parts } }: EnsembleModelOf): object[] {
  return parts.members.map(({ kind }, m) => ({ kind, weight: parts.pool.weights[m] }))
}

/** What beside the graph tells the model. */
function optionsOf(model: NetModelOf | TreeModelOf | EnsembleModelOf): object {
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
    case 'ensemble':
      return { columns: columnsOf(model.model), classes: model.model.classes, pool: model.model.parts.pool.kind }
    default:
      return (model satisfies NetModelOf).options
  }
}
