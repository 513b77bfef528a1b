import { LearnError } from '../../base/error.ts'
import { type Bounds, checkOptions } from '../check.ts'

/** How good a split is: by Gini's impurity, or by entropy. A regression goes by variance. */
export type Criterion = 'gini' | 'entropy'

export interface ForestOptions {
  /** 100. */
  readonly trees?: number
  /** Levels below the root; as many as it takes. */
  readonly maxDepth?: number
  /** Columns that are looked at for a split: so many, their square root (a classifier's default), or all (a regression's). */
  readonly maxFeatures?: number | 'sqrt' | 'all'
  /** Rows without which a node is not split; 2. */
  readonly minSplit?: number
  /** Rows that a leaf has at least; 1. */
  readonly minLeaf?: number
  /** Whether each tree gets as many rows as there are, drawn with putting back; true. */
  readonly bootstrap?: boolean
  readonly criterion?: Criterion
  /** How much each class counts: a number a class, or as much as the others together. */
  readonly classWeights?: readonly number[] | 'balanced'
  /** Whether each row is also judged by the trees that it was not drawn for; false. */
  readonly outOfBag?: boolean
  /** Bins a column, one of them for missing values; 256. */
  readonly bins?: number
  readonly seed?: number
  readonly onTree?: (tree: number, trees: number) => void
}

/** All settings that are numbers. */
export interface ForestSettings {
  readonly trees: number
  readonly maxDepth: number
  readonly maxFeatures: number
  readonly minSplit: number
  readonly minLeaf: number
  readonly bins: number
  readonly seed: number
}

const BOUNDS: Readonly<Record<keyof ForestSettings, Bounds>> = {
  trees: { least: 1, most: 10_000, whole: true },
  maxDepth: { least: 1, most: 1_000, whole: true },
  maxFeatures: { least: 1, most: 1e6, whole: true },
  minSplit: { least: 2, most: 1e9, whole: true },
  minLeaf: { least: 1, most: 1e9, whole: true },
  bins: { least: 3, most: 256, whole: true },
  seed: { least: -(2 ** 31), most: 2 ** 32 - 1, whole: true },
}

/** Fills in defaults. Error: `option_wrong`. */
export function forestSettings(options: ForestOptions, columns: number, maxFeatures: 'sqrt' | 'all'): ForestSettings {
  const settings = {
    trees: options.trees ?? 100,
    maxDepth: options.maxDepth ?? 1_000,
    maxFeatures: featuresOf(options.maxFeatures ?? maxFeatures, columns),
    minSplit: options.minSplit ?? 2,
    minLeaf: options.minLeaf ?? 1,
    bins: options.bins ?? 256,
    seed: options.seed ?? 1,
  }
  checkOptions(settings, BOUNDS)
  if (options.outOfBag === true && options.bootstrap === false)
    throw new LearnError('option_wrong', 'outOfBag without bootstrap: no row is left out of a tree')
  return settings
}

function featuresOf(asked: number | 'sqrt' | 'all', columns: number): number {
  if (asked === 'sqrt') return Math.max(1, Math.floor(Math.sqrt(columns)))
  return asked === 'all' ? columns : Math.min(asked, columns)
}

/** A weight a class. Errors: `option_wrong`, `weight_wrong`. */
export function classWeightsOf(
  asked: ForestOptions['classWeights'],
  labels: ArrayLike<number>,
  classes: number,
): Float64Array {
  const weights = new Float64Array(classes).fill(1)
  if (asked === undefined) return weights
  if (asked !== 'balanced') {
    if (asked.length !== classes) throw new LearnError('option_wrong', `${asked.length} weights for ${classes} classes`)
    for (const [k, weight] of asked.entries())
      if (!(weight > 0 && Number.isFinite(weight))) throw new LearnError('weight_wrong', `class ${k}: weight ${weight}`)
    weights.set(asked)
    return weights
  }
  const counts = new Float64Array(classes)
  for (let i = 0; i < labels.length; i++) counts[labels[i]!]!++
  return counts.map(count => (count === 0 ? 1 : labels.length / (classes * count)))
}
