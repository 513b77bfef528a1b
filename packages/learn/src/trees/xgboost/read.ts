import { LearnError } from '../../base/error.ts'
import { BoostedTrees } from '../boost/model.ts'
import type { ObjectiveName } from '../boost/options.ts'
import { MOST_CLASSES } from '../check.ts'
import { fillMeans, type Tree } from '../tree.ts'
import { checkTree } from '../tree-check.ts'
import { Field } from './field.ts'

/** Of what XGBoost calls its objectives, those that say the same as one of ours. */
const OBJECTIVES: Readonly<Record<string, ObjectiveName>> = {
  'binary:logistic': 'binary:logistic',
  'reg:logistic': 'binary:logistic',
  'multi:softprob': 'multi:softprob',
  'multi:softmax': 'multi:softprob',
  'reg:squarederror': 'reg:squarederror',
  'reg:linear': 'reg:squarederror',
}

const MOST = { columns: 1e6, nodes: 2 ** 24, classes: MOST_CLASSES }

/**
 * Reads a model file of XGBoost (1.x to 3.x, JSON). What it predicts is what `Booster.predict` does over all trees.
 * Errors say where: `model_json` (no JSON), `model_field` (something is not there or not what it must be), `model_tree` (nodes that are no tree), `model_booster` (not gbtree),
 * `model_objective` (one that is not known), `model_unsupported` (categories, several targets, deleted nodes).
 */
export function readXgboost(text: string): BoostedTrees {
  const learner = parse(text).get('learner')
  const param = learner.get('learner_model_param')
  const columns = param.get('num_feature').whole(1, MOST.columns)
  const classes = param.get('num_class').isThere ? param.get('num_class').whole(0, MOST.classes) : 0
  const targets = param.get('num_target')
  if (targets.isThere && targets.number() > 1) throw unsupported(targets, 'several targets')
  const objective = objectiveOf(learner.get('objective').get('name'))
  const outputs = objective === 'multi:softprob' ? classes : 1
  if (objective === 'multi:softprob' && classes < 2) throw param.get('num_class').wrong('2 or more')
  const base = param.get('base_score')
  const baseScore = base.number()
  if (objective === 'binary:logistic' && !(baseScore > 0 && baseScore < 1)) throw base.wrong('between 0 and 1')
  const model = treesOf(learner.get('gradient_booster'))
  const trees = model
    .get('trees')
    .list()
    .map(field => readTree(field, columns))
  const outputOf = readOutputs(model.get('tree_info'), trees.length, outputs)
  const names = namesOf(learner.get('feature_names'), columns)
  return new BoostedTrees({
    columns,
    objective,
    outputs,
    baseScore,
    trees,
    outputOf,
    ...(names === null ? {} : { names }),
  })
}

function parse(text: string): Field {
  try {
    return new Field(JSON.parse(text), '')
  } catch (error) {
    throw new LearnError('model_json', `the model file is not JSON: ${(error as Error).message}`)
  }
}

function unsupported({ path }: Field, what: string): LearnError {
  return new LearnError('model_unsupported', `${path}: ${what} are not supported`)
}

function objectiveOf(field: Field): ObjectiveName {
  const name = field.text()
  const known = Object.hasOwn(OBJECTIVES, name) ? OBJECTIVES[name] : undefined
  if (known === undefined)
    throw new LearnError(
      'model_objective',
      `${field.path} is ${name}, and must be one of ${Object.keys(OBJECTIVES).join(', ')}`,
    )
  return known
}

function treesOf(booster: Field): Field {
  const name = booster.get('name')
  if (name.text() !== 'gbtree')
    throw new LearnError('model_booster', `${name.path} is ${name.text()}, and must be gbtree`)
  const model = booster.get('model')
  const count = model.get('gbtree_model_param').get('num_trees')
  const { length } = model.get('trees').list()
  if (count.whole(0, MOST.nodes) !== length) throw count.wrong(`${length}, as many as there are`)
  return model
}

function readOutputs(field: Field, trees: number, outputs: number): number[] {
  const found = field.list().map(each => each.whole(0, outputs - 1))
  if (found.length !== trees) throw field.wrong(`a list of ${trees} numbers, one a tree`)
  return found
}

function namesOf(field: Field, columns: number): string[] | null {
  if (!field.isThere) return null
  const names = field.list().map(each => each.text())
  if (names.length !== 0 && names.length !== columns) throw field.wrong(`a list of ${columns} names`)
  return names.length === 0 ? null : names
}

function readTree(field: Field, columns: number): Tree {
  const param = field.get('tree_param')
  const nodes = param.get('num_nodes').whole(1, MOST.nodes)
  const deleted = param.get('num_deleted')
  if (deleted.isThere && deleted.number() !== 0) throw unsupported(deleted, 'deleted nodes')
  const leafSize = param.get('size_leaf_vector')
  if (leafSize.isThere && leafSize.number() > 1) throw unsupported(leafSize, 'vectors in leaves')
  const list = (name: string): number[] => {
    const found = field.get(name).numbers()
    if (found.length !== nodes) throw field.get(name).wrong(`a list of ${nodes} numbers, one a node`)
    return found
  }
  const types = field.get('split_type')
  if (types.isThere && types.numbers().some(type => type !== 0)) throw unsupported(types, 'splits by categories')
  const left = list('left_children')
  const conditions = list('split_conditions')
  const asked = list('split_indices')
  const isLeaf = left.map(child => child === -1)
  for (const [node, column] of asked.entries()) {
    if (!isLeaf[node] && !(Number.isInteger(column) && column >= 0 && column < columns))
      throw new Field(column, `${field.path}.split_indices[${node}]`).wrong(`a column from 0 to ${columns - 1}`)
  }
  const right = list('right_children')
  for (const [node, child] of right.entries()) {
    // XGBoost itself does not look at it.
    if (!isLeaf[node] && child !== left[node]! + 1)
      throw new LearnError('model_tree', `${field.path}.right_children[${node}] is not next to the left child`)
  }
  const tree: Tree = {
    feature: Int32Array.from(asked, (column, node) => (isLeaf[node] ? -1 : column)),
    // In a leaf the condition is what it says.
    threshold: Float32Array.from(conditions, (condition, node) => (isLeaf[node] ? 0 : condition)),
    left: Int32Array.from(left),
    right: Int32Array.from(right),
    missingLeft: Uint8Array.from(list('default_left'), bit => Number(bit !== 0)),
    value: Float32Array.from(conditions, (condition, node) => (isLeaf[node] ? condition : 0)),
    cover: Float32Array.from(list('sum_hessian')),
    gain: Float32Array.from(list('loss_changes')),
  }
  checkTree(tree, columns, field.path)
  fillMeans(tree, tree.value)
  return tree
}
