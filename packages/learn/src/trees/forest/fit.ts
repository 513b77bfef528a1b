import type { Matrix } from '../../base/matrix.ts'
import { randomOf } from '../../base/random.ts'
import { binBytes, binTable } from '../bins/bins.ts'
import { checkClasses, checkTable, checkTargets } from '../check.ts'
import { treeKernels } from '../kernel.ts'
import { roomFor } from '../room.ts'
import { fillMeans, type Tree } from '../tree.ts'
import { BagVotes, drawBag } from './bag.ts'
import { ForestGrower, forestGrowBytes, type Grown, type Judge } from './grow.ts'
import { classJudge, valueJudge } from './judge.ts'
import { type ForestModel, RandomForest } from './model.ts'
import { classWeightsOf, type ForestOptions, type ForestSettings, forestSettings } from './options.ts'
import { ForestRows } from './rows.ts'
import { checkForestSize, leafValue, noShares } from './shares.ts'

/** What a forest is grown for. */
interface Task {
  /** 0 for a regression. */
  readonly classes: number
  readonly targets: ArrayLike<number>
  readonly judge: Judge
  /** To which sum each row adds, what, and how much it counts. */
  readonly sumOf: ArrayLike<number>
  readonly amounts: Float64Array
  readonly weights: Float64Array
  /** What values are less. */
  readonly mean: number
}

/**
 * Fits a random forest that tells classes apart. Missing values (NaN) lie behind all values.
 * @param labels a class's number from 0 on, a row
 * Errors: `table_empty`, `table_width`, `value_infinite`, `labels_length`, `labels_wrong`, `class_single`, `weight_wrong`, `option_wrong`, `table_too_large`, `model_options` where the forest is too large to be walked.
 */
export function fitForestClassifier(
  table: Matrix,
  labels: ArrayLike<number>,
  options: ForestOptions = {},
): RandomForest {
  checkTable(table, 'allowed')
  const classes = checkClasses(labels, table.rows)
  const settings = forestSettings(options, table.columns, 'sqrt')
  const classWeights = classWeightsOf(options.classWeights, labels, classes)
  const weights = Float64Array.from(labels, label => classWeights[label]!)
  const judge = classJudge(options.criterion ?? 'gini')
  const task = { classes, targets: labels, judge, sumOf: labels, amounts: weights, weights, mean: 0 }
  return grow(table, task, settings, options)
}

/** Fits a random forest that says values. Errors: those of `fitForestClassifier`, but for `class_single` and `weight_wrong`. */
export function fitForestRegressor(
  table: Matrix,
  targets: ArrayLike<number>,
  options: ForestOptions = {},
): RandomForest {
  checkTable(table, 'allowed')
  checkTargets(targets, table.rows)
  const settings = forestSettings(options, table.columns, 'all')
  const values = Float64Array.from(targets)
  const mean = values.reduce((sum, value) => sum + value, 0) / table.rows
  const amounts = values.map(value => value - mean)
  const weights = new Float64Array(table.rows).fill(1)
  const sumOf = new Int32Array(table.rows)
  return grow(table, { classes: 0, targets, judge: valueJudge, sumOf, amounts, weights, mean }, settings, options)
}

function grow(table: Matrix, task: Task, settings: ForestSettings, options: ForestOptions): RandomForest {
  const { rows: count, columns } = table
  const { classes, judge } = task
  const sums = Math.max(1, classes)
  const bytes = binBytes(count, columns) + ForestRows.bytes(count) + forestGrowBytes(count, (sums + 2) * 8)
  const arena = roomFor(bytes)
  const kernels = treeKernels(arena.memory)
  const binned = binTable(table, { bins: settings.bins, order: 'columns' }, arena, kernels)
  const rows = new ForestRows(arena, task.sumOf, task.amounts, task.weights, sums)
  const random = randomOf(settings.seed)
  const grower = new ForestGrower(count, binned, rows, settings, judge, random, arena, kernels)
  const votes = options.outOfBag === true ? new BagVotes(table, task.targets, classes) : undefined
  const counts = new Int32Array(count)
  const trees: Tree[] = []
  const shares: Float32Array[] = []
  let nodes = 0
  for (let i = 1; i <= settings.trees; i++) {
    drawBag(counts, options.bootstrap ?? true, random)
    const grown = grower.grow(counts)
    nodes += grown.records.length
    checkForestSize(nodes, classes)
    const its = classes > 0 ? leafShares(grown, classes) : undefined
    const tree = valued(grown, task, its)
    trees.push(tree)
    if (its !== undefined) {
      fillMeans(tree, its, classes)
      shares.push(its)
    }
    votes?.add(tree, its, counts)
    options.onTree?.(i, settings.trees)
  }
  const model: ForestModel = { columns, classes, trees, shares }
  return new RandomForest(votes === undefined ? model : { ...model, outOfBag: votes.result() })
}

/** Of each leaf the share of each class, by the rows that came to it; those of other nodes are means (`fillMeans`). */
function leafShares({ tree, records }: Grown, classes: number): Float32Array {
  const shares = noShares(records.length, classes)
  for (const [node, record] of records.entries()) {
    if (tree.feature[node]! >= 0) continue
    for (let k = 0; k < classes; k++) shares[node * classes + k] = Math.max(0, record[k]! / record[classes]!)
  }
  return shares
}

/** The tree with what its leaves say. */
function valued({ tree, records }: Grown, { classes, mean }: Task, shares: Float32Array | undefined): Tree {
  for (const [node, record] of records.entries())
    tree.value[node] = shares === undefined ? mean + record[0]! / record[1]! : leafValue(shares, node, classes)
  return tree.build()
}
