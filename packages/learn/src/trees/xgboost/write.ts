import { LearnError } from '../../base/error.ts'
import type { BoostedTrees } from '../boost/model.ts'
import type { Tree } from '../tree.ts'

/** A root's parent. */
const NO_PARENT = 2_147_483_647

/** The shortest text that is read as this number of single precision; with an exponent, because XGBoost 1.7 takes no whole numbers where it expects floats. */
export function floatText(value: number): string {
  for (let digits = 5; digits < 9; digits++) {
    const text = value.toExponential(digits)
    if (Math.fround(Number(text)) === value) return Number(text).toExponential()
  }
  return value.toExponential()
}

/** A value that is written as it stands. */
class Raw {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

/** What XGBoost calls a model's columns, and what it takes them for: a quantity, or whether something is so. */
export interface XgboostFeatures {
  readonly names: readonly string[]
  readonly types: readonly ('float' | 'i')[]
}

/**
 * Writes a model file that XGBoost 1.7 and newer read (JSON, `Booster.load_model`). Names that XGBoost does not take are changed a little (`xgboostNames`).
 * @param features of the model's columns; its own names, if it has any, where absent. Error: `option_wrong` where they are not one a column.
 */
export function writeXgboost({ model }: BoostedTrees, features?: XgboostFeatures): string {
  const { columns, objective, outputs, baseScore, trees, outputOf } = model
  const { names, types } = features ?? { names: model.names ?? [], types: [] }
  if (features !== undefined && (names.length !== columns || types.length !== columns))
    throw new LearnError('option_wrong', `${names.length} names and ${types.length} types of ${columns} columns`)
  const several = objective === 'multi:softprob'
  return textOf({
    learner: {
      attributes: {},
      feature_names: xgboostNames(names),
      feature_types: types,
      gradient_booster: {
        model: {
          gbtree_model_param: { num_parallel_tree: '1', num_trees: String(trees.length), size_leaf_vector: '0' },
          tree_info: outputOf,
          trees: trees.map((tree, id) => treeOf(tree, id, columns)),
        },
        name: 'gbtree',
      },
      learner_model_param: {
        base_score: floatText(Math.fround(baseScore)),
        boost_from_average: '1',
        num_class: several ? String(outputs) : '0',
        num_feature: String(columns),
        num_target: '1',
      },
      objective: {
        name: objective,
        ...(several
          ? { softmax_multiclass_param: { num_class: String(outputs) } }
          : { reg_loss_param: { scale_pos_weight: '1' } }),
      },
    },
    version: [1, 7, 4],
  })
}

/** The names with what XGBoost refuses in one (`[`, `]`, `<`) as round brackets and `&lt;`; one that is there already then gets a number. */
export function xgboostNames(names: readonly string[]): string[] {
  const seen = new Set<string>()
  return names.map(name => {
    const plain = name.replaceAll('[', '(').replaceAll(']', ')').replaceAll('<', '&lt;')
    let found = plain
    for (let next = 2; seen.has(found); next++) found = `${plain} ${next}`
    seen.add(found)
    return found
  })
}

function treeOf(tree: Tree, id: number, columns: number): object {
  const { feature, threshold, left, right, missingLeft, value, cover, gain } = tree
  const order = levelOrder(tree)
  const place = new Int32Array(feature.length)
  for (const [at, node] of order.entries()) place[node] = at
  const parents = new Array<number>(order.length).fill(NO_PARENT)
  for (const [at, node] of order.entries()) {
    if (feature[node]! < 0) continue
    parents[place[left[node]!]!] = at
    parents[place[right[node]!]!] = at
  }
  const child = (of: Int32Array) => order.map(node => (feature[node]! < 0 ? -1 : place[of[node]!]!))
  const floats = (of: (node: number) => number) => new Raw(`[${order.map(node => floatText(of(node))).join(',')}]`)
  return {
    base_weights: floats(node => value[node]!),
    categories: [],
    categories_nodes: [],
    categories_segments: [],
    categories_sizes: [],
    default_left: order.map(node => missingLeft[node]!),
    id,
    left_children: child(left),
    loss_changes: floats(node => gain[node]!),
    parents,
    right_children: child(right),
    split_conditions: floats(node => (feature[node]! < 0 ? value[node]! : threshold[node]!)),
    split_indices: order.map(node => Math.max(0, feature[node]!)),
    split_type: order.map(() => 0),
    sum_hessian: floats(node => cover[node]!),
    tree_param: {
      num_deleted: '0',
      num_feature: String(columns),
      num_nodes: String(order.length),
      size_leaf_vector: '0',
    },
  }
}

/** All nodes, level by level: XGBoost takes it that a right child is the next after its sibling, whatever the file says. */
function levelOrder({ feature, left, right }: Tree): number[] {
  const order = [0]
  for (let at = 0; at < order.length; at++) {
    const node = order[at]!
    if (feature[node]! >= 0) order.push(left[node]!, right[node]!)
  }
  return order
}

/** JSON, with raw texts in it. */
function textOf(value: unknown): string {
  if (value instanceof Raw) return value.text
  if (Array.isArray(value)) return `[${value.map(textOf).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  return `{${Object.entries(value)
    .map(([name, each]) => `${JSON.stringify(name)}:${textOf(each)}`)
    .join(',')}}`
}
