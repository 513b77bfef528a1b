import type { Matrix } from '../../base/matrix.ts'
import { randomOf } from '../../base/random.ts'
import { binTable } from '../bins/bins.ts'
import { checkOptions, checkTable, checkWeights, checkWidth } from '../check.ts'
import type { Tree } from '../tree.ts'
import { BoostGrower } from './grow.ts'
import { BoostedTrees } from './model.ts'
import { type Objective, objectiveOf, outputsOf } from './objective.ts'
import { type BoostOptions, settingsOf } from './options.ts'
import { BoostState } from './state.ts'
import { Validation } from './validation.ts'

/**
 * Fits boosted trees by XGBoost's histogram algorithm. Values may be missing (NaN): each split learns which way they go.
 * @param targets a class's number from 0 on, or a value, a row
 * Errors: `table_empty`, `table_width`, `value_infinite`, `labels_length`, `labels_wrong`, `class_single`, `weight_wrong`, `option_wrong`, `model_objective`, `table_too_large`.
 */
export function fitBoosted(table: Matrix, targets: ArrayLike<number>, options: BoostOptions): BoostedTrees {
  const settings = settingsOf(options)
  checkTable(table, 'allowed')
  const outputs = outputsOf(options.objective, targets, table.rows)
  const weights = weightsOf(table.rows, targets, options, settings.positiveWeight)
  const baseScore = Math.fround(options.baseScore ?? baseOf(options, targets, weights))
  const objective = objectiveOf(options.objective, outputs, baseScore)
  const validation = validationOf(options, objective, table.columns)
  const state = new BoostState(objective, targets, weights, table.columns, settings)
  const binned = binTable(
    table,
    { bins: settings.bins, order: 'rows', weights: options.weights },
    state.arena,
    state.kernels,
  )
  const random = randomOf(settings.seed)
  const grower = new BoostGrower(table.rows, binned, settings, random, state.arena, state.kernels)
  const trees: Tree[] = []
  for (let round = 1; round <= settings.rounds; round++) {
    state.differentiate()
    const grown = Array.from({ length: outputs }, (_, k) => grower.grow(state.pairsOf(k), state.marginsOf(k)))
    trees.push(...grown)
    const loss = validation?.measure(grown)
    options.onRound?.({ round, rounds: settings.rounds, ...(loss === undefined ? {} : { loss }) })
    if (validation?.patienceIsOver === true) break
  }
  const kept = trees.slice(0, (validation?.best ?? trees.length) * outputs)
  return new BoostedTrees({
    columns: table.columns,
    objective: options.objective,
    outputs,
    baseScore,
    trees: kept,
    outputOf: kept.map((_, i) => i % outputs),
  })
}

function weightsOf(
  rows: number,
  targets: ArrayLike<number>,
  { objective, weights }: BoostOptions,
  positiveWeight: number,
): Float32Array {
  if (weights !== undefined) checkWeights(weights, rows)
  const all = Float32Array.from({ length: rows }, (_, i) => weights?.[i] ?? 1)
  if (objective === 'binary:logistic' && positiveWeight !== 1)
    for (let i = 0; i < rows; i++) if (targets[i] === 1) all[i]! *= positiveWeight
  return all
}

/** XGBoost 1.7 begins at .5; of a regression the mean is begun at, which spares the rounds that lead there. */
function baseOf({ objective }: BoostOptions, targets: ArrayLike<number>, weights: Float32Array): number {
  if (objective !== 'reg:squarederror') return 0.5
  let [sum, all] = [0, 0]
  for (let i = 0; i < weights.length; i++) {
    sum += targets[i]! * weights[i]!
    all += weights[i]!
  }
  return sum / all
}

function validationOf({ validation }: BoostOptions, objective: Objective, columns: number): Validation | undefined {
  if (validation === undefined) return undefined
  const { table, targets, patience } = validation
  checkOptions({ patience }, { patience: { least: 1, most: 100_000, whole: true } })
  checkTable(table, 'allowed')
  checkWidth(table.columns, columns)
  return new Validation(table, targets, objective, patience)
}
