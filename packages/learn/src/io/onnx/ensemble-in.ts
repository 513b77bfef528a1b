import { LearnError } from '../../base/error.ts'
import { nextAbove } from '../../base/single.ts'
import { emptyTree, type Tree } from '../../trees/index.ts'
import type { NodeProto } from './messages.ts'

/** What an operator of trees says. */
export interface Ensemble {
  readonly columns: number
  /** Without values. */
  readonly trees: readonly Tree[]
  /** For each tree and node: pairs of a class or target, and what is added to it. */
  readonly leaves: readonly (readonly (readonly (readonly [id: number, weight: number])[])[])[]
  readonly classes: number
  readonly base: readonly number[]
  readonly transform: string
  readonly aggregate: string
}

const decoder = new TextDecoder()
/** A row of more is of nobody's table, and would take the memory of it. */
const MOST_COLUMNS = 1_000_000
const MODES = new Set(['BRANCH_LT', 'BRANCH_LEQ', 'BRANCH_GT', 'BRANCH_GTE', 'LEAF'])

/** Reads the attributes of TreeEnsembleClassifier and TreeEnsembleRegressor (ai.onnx.ml 1 to 4). Errors: `onnx_malformed`, `onnx_unsupported`. */
export function ensembleOf(node: NodeProto, width: number): Ensemble {
  const attribute = (name: string) => node.attribute?.find(each => each.name === name)
  const ints = (name: string): readonly number[] => attribute(name)?.ints ?? []
  const floats = (name: string): readonly number[] => attribute(name)?.floats ?? []
  const text = (name: string): string => {
    const bytes = attribute(name)?.s
    return bytes === undefined ? '' : decoder.decode(bytes)
  }
  const ids = ints('nodes_nodeids')
  const treeIds = ints('nodes_treeids')
  const modes = attribute('nodes_modes')?.strings?.map(bytes => decoder.decode(bytes)) ?? []
  const lists = {
    feature: ints('nodes_featureids'),
    value: floats('nodes_values'),
    yes: ints('nodes_truenodeids'),
    no: ints('nodes_falsenodeids'),
  }
  for (const list of [treeIds, modes, ...Object.values(lists)])
    if (list.length !== ids.length || ids.length === 0)
      throw new LearnError(
        'onnx_malformed',
        `the operator of trees has ${ids.length} nodes and a list of ${list.length}`,
      )
  const missing = ints('nodes_missing_value_tracks_true')
  const covers = floats('nodes_hitrates')
  const places = new Map<string, readonly [tree: number, node: number]>()
  const names = [...new Set(treeIds)]
  const treeAt = new Map(names.map((id, t) => [id, t]))
  const members = names.map((): number[] => [])
  for (const [i, id] of ids.entries()) {
    const t = treeAt.get(treeIds[i]!)!
    places.set(`${treeIds[i]} ${id}`, [t, members[t]!.push(i) - 1])
  }
  const childOf = (i: number, id: number): number => {
    const place = places.get(`${treeIds[i]} ${id}`)
    if (place === undefined) throw new LearnError('onnx_malformed', `tree ${treeIds[i]} has no node ${id}`)
    return place[1]
  }
  if (!(width >= 0 && width <= MOST_COLUMNS)) throw new LearnError('onnx_malformed', `rows of ${width} numbers`)
  let columns = width
  const trees = members.map(all => {
    const tree = emptyTree(all.length)
    for (const [n, i] of all.entries()) {
      const mode = modes[i]!
      if (!MODES.has(mode)) throw new LearnError('onnx_unsupported', `a node of mode ${mode}`)
      tree.cover[n] = covers[i] ?? 1
      if (mode === 'LEAF') continue
      const isTurned = mode === 'BRANCH_GT' || mode === 'BRANCH_GTE'
      const [yes, no] = [childOf(i, lists.yes[i]!), childOf(i, lists.no[i]!)]
      const column = lists.feature[i]!
      if (!(column >= 0 && column < MOST_COLUMNS))
        throw new LearnError('onnx_malformed', `node ${n} of tree ${treeIds[i]} asks column ${column}`)
      columns = Math.max(columns, column + 1)
      tree.feature[n] = column
      // Ours is "below"; "up to" is "below the next number".
      const threshold = Math.fround(lists.value[i]!)
      tree.threshold[n] = mode === 'BRANCH_LT' || mode === 'BRANCH_GTE' ? threshold : nextAbove(threshold)
      tree.left[n] = isTurned ? no : yes
      tree.right[n] = isTurned ? yes : no
      tree.missingLeft[n] = Number((missing[i] === 1) !== isTurned)
    }
    return tree
  })
  const role = node.opType === 'TreeEnsembleClassifier' ? 'class' : 'target'
  const labels = attribute('classlabels_int64s')?.ints ?? attribute('classlabels_strings')?.strings ?? []
  if (role === 'target' && (attribute('n_targets')?.i ?? 1) !== 1)
    throw new LearnError('onnx_unsupported', 'a regression of several targets')
  const leaves = leavesOf(
    members.map(all => all.length),
    places,
    role,
    ints,
    floats,
  )
  const base = floats('base_values')
  return {
    columns,
    trees,
    leaves,
    classes: labels.length,
    base,
    transform: text('post_transform') || 'NONE',
    aggregate: text('aggregate_function') || 'SUM',
  }
}

function leavesOf(
  counts: readonly number[],
  places: ReadonlyMap<string, readonly [tree: number, node: number]>,
  role: 'class' | 'target',
  ints: (name: string) => readonly number[],
  floats: (name: string) => readonly number[],
): Ensemble['leaves'] {
  const leaves = counts.map(count => Array.from({ length: count }, (): [number, number][] => []))
  const [trees, nodes, ids] = ['treeids', 'nodeids', 'ids'].map(name => ints(`${role}_${name}`)) as [
    readonly number[],
    readonly number[],
    readonly number[],
  ]
  const weights = floats(`${role}_weights`)
  for (const [i, weight] of weights.entries()) {
    const place = places.get(`${trees[i]} ${nodes[i]}`)
    if (place === undefined || ids[i] === undefined)
      throw new LearnError('onnx_malformed', `weight ${i} belongs to no leaf`)
    leaves[place[0]]![place[1]]!.push([ids[i]!, weight])
  }
  return leaves
}
