import { type Matrix, rowsOf } from '../../../packages/learn/src/index.ts'
import type { AnyModel } from '../../../packages/learn/src/io/index.ts'
import { MlpClassifier, type ParameterTerm, type Tensor } from '../../../packages/learn/src/nets/index.ts'
import {
  BoostedTrees as Boosted,
  type BoostedTrees,
  fitBoosted,
  fitForestClassifier,
} from '../../../packages/learn/src/trees/index.ts'
import {
  joinForests,
  pruneBoosted,
  pruneForest,
  pruneWeights,
  quantizeBoosted,
  quantizeForest,
  quantizeWeights,
} from '../../../packages/learn/src/watermark/index.ts'

/** Rows with their classes. */
export interface Rows {
  readonly x: Matrix
  readonly codes: Int32Array
}

/** The first half of the rows that a model was learned from, without its triggers. */
export function halfOf({ x, codes }: Rows): Rows {
  const rows = Math.floor(x.rows / 2)
  return { x: rowsOf(x, 0, rows), codes: codes.slice(0, rows) }
}

/** A share of the weights, rounds or trees goes. */
export function pruned(model: AnyModel, share: number): AnyModel {
  if (model.kind === 'mlp-classifier') return withWeights(model, pruneWeights(model.model.weights, share))
  if (model.kind === 'boosted-trees') return { kind: model.kind, model: pruneBoosted(model.model, 1 - share) }
  if (model.kind === 'random-forest') return { kind: model.kind, model: pruneForest(model.model, 1 - share) }
  throw new Error(`a ${model.kind} is not pruned here`)
}

/** Weights and leaves in 8 bits. */
export function quantized(model: AnyModel): AnyModel {
  if (model.kind === 'mlp-classifier') return withWeights(model, quantizeWeights(model.model.weights))
  if (model.kind === 'boosted-trees') return { kind: model.kind, model: quantizeBoosted(model.model) }
  if (model.kind === 'random-forest') return { kind: model.kind, model: quantizeForest(model.model) }
  throw new Error(`a ${model.kind} is not quantized here`)
}

const MORE_EPOCHS = 10
const MORE_ROUNDS = 50
const MORE_TREES = 50

/** Learns on from rows: a net some epochs, boosted trees as many rounds as pruning took, a forest as many trees. */
export async function tuned(model: AnyModel, rows: Rows, seed: number, term?: TermOf): Promise<AnyModel> {
  const { x, codes } = rows
  if (model.kind === 'mlp-classifier') {
    const copy = withWeights(model, model.model.weights)
    const more = term === undefined ? {} : { term: await term(copy.model) }
    await copy.model.fit(x, codes, { epochs: MORE_EPOCHS, seed, ...more })
    return copy
  }
  if (model.kind === 'boosted-trees') return { kind: model.kind, model: boostedOn(model.model, rows, seed) }
  if (model.kind !== 'random-forest') throw new Error(`a ${model.kind} does not learn on here`)
  return {
    kind: model.kind,
    model: joinForests(model.model, fitForestClassifier(x, codes, { trees: MORE_TREES, seed })),
  }
}

/** What a thief's own mark adds to a net's loss. */
export type TermOf = (net: MlpClassifier) => Promise<ParameterTerm>

/** More rounds by Friedman's algorithm: each tree is fitted to what the probability is off by. */
function boostedOn(model: BoostedTrees, { x, codes }: Rows, seed: number): BoostedTrees {
  let current = model
  for (let round = 0; round < MORE_ROUNDS; round++) {
    // A tree's leaf in Newton's step is the mean residual over the mean p (1 - p), which is 1/4 at most.
    const residuals = current.outputs(x).map((p, row) => 4 * (codes[row]! - p))
    const options = {
      objective: 'reg:squarederror',
      rounds: 1,
      baseScore: 0,
      learningRate: 0.1,
      seed: seed + round,
    } as const
    const { trees } = fitBoosted(x, residuals, options).model
    const { model: own } = current
    current = new Boosted({ ...own, trees: [...own.trees, ...trees], outputOf: [...own.outputOf, 0] })
  }
  return current
}

/** The same net with the units of its first hidden layer in reverse order: it says the same, and no weight stays in its place. */
export function permuted(model: AnyModel): AnyModel {
  if (model.kind !== 'mlp-classifier') throw new Error(`a ${model.kind} has no units`)
  const [first, bias, second, ...rest] = model.model.weights as [Tensor, Tensor, Tensor, ...Tensor[]]
  const units = bias.data.length
  const columns = second.shape[1]!
  const turned = [
    { ...first, data: first.data.map((_, i) => first.data[i - (i % units) + (units - 1 - (i % units))]!) },
    { ...bias, data: bias.data.slice().reverse() },
    {
      ...second,
      data: second.data.map((_, i) => second.data[(units - 1 - Math.floor(i / columns)) * columns + (i % columns)]!),
    },
  ]
  return withWeights(model, [...turned, ...rest])
}

type Net = Extract<AnyModel, { kind: 'mlp-classifier' }>

function withWeights({ kind, options }: Net, weights: readonly Tensor[]): Net {
  const model = new MlpClassifier(options)
  model.load(weights)
  return { kind, options, model }
}
