import type { LoadedModel, ModelRecord } from '@ringwall/learn/io'

/** Inputs that are named. */
const MOST = 10

/** How much an input counts in a model's trees. */
export interface Feature {
  readonly name: string
  /** Of all that the trees' splits gained. */
  readonly share: number
}

/** The inputs that count most, the first ten: of boosted trees by their gain, of a forest by the impurity that they take away. None of other models. */
export async function topFeatures({ model, preprocessing }: ModelRecord | LoadedModel): Promise<Feature[]> {
  const { inputNames } = await import('@ringwall/learn/io')
  if (model.kind !== 'boosted-trees' && model.kind !== 'random-forest') return []
  const weights = model.kind === 'boosted-trees' ? model.model.importances('total_gain') : model.model.importances()
  const sum = weights.reduce((total, weight) => total + weight, 0)
  const names = inputNames(preprocessing)
  return Array.from(weights, (weight, at) => ({ name: names[at] ?? '', share: sum > 0 ? weight / sum : 0 }))
    .filter(({ share }) => share > 0)
    .sort((a, b) => b.share - a.share)
    .slice(0, MOST)
}
