import type { Matrix } from '../../base/matrix.ts'
import { type Bounds, checkOptions } from '../check.ts'

/** What is learned, by XGBoost's names. */
export type ObjectiveName = 'binary:logistic' | 'multi:softprob' | 'reg:squarederror'

/** A table with what is to be said of each row: a class's number, or a value. */
export interface Labeled {
  readonly table: Matrix
  readonly targets: ArrayLike<number>
}

/** How far fitting has come, after a round. */
export interface Round {
  /** From 1 on. */
  readonly round: number
  readonly rounds: number
  /** The mean loss over the validation rows: cross entropy, or of a regression the root of the mean square. */
  readonly loss?: number
}

/** Defaults are XGBoost's. */
export interface BoostOptions {
  readonly objective: ObjectiveName
  readonly rounds?: number
  /** eta; .3. */
  readonly learningRate?: number
  /** 6. */
  readonly maxDepth?: number
  /** L2 on leaves; 1. */
  readonly lambda?: number
  /** L1 on leaves; 0. */
  readonly alpha?: number
  /** A split must gain so much; 0. */
  readonly gamma?: number
  /** Second derivatives that a child must hold; 1. */
  readonly minChildWeight?: number
  /** Share of rows drawn for each tree; 1. */
  readonly rowSample?: number
  /** Share of columns drawn for each tree, and of those for each level; 1. */
  readonly columnSampleByTree?: number
  readonly columnSampleByLevel?: number
  /** Bins a column, one of them for missing values; 256. */
  readonly bins?: number
  /** Where all rows begin: a probability, or a value. .5; of a regression the mean of the targets. */
  readonly baseScore?: number
  /** How much the second of two classes counts; 1. */
  readonly positiveWeight?: number
  /** How much each row counts. */
  readonly weights?: ArrayLike<number>
  readonly seed?: number
  /** Rows to measure the loss on; fitting ends where it has not fallen for `patience` rounds, and what came after the best one is left out. */
  readonly validation?: Labeled & { readonly patience: number }
  readonly onRound?: (round: Round) => void
}

/** All settings that are numbers, with their defaults filled in. */
export interface Settings {
  readonly rounds: number
  readonly learningRate: number
  readonly maxDepth: number
  readonly lambda: number
  readonly alpha: number
  readonly gamma: number
  readonly minChildWeight: number
  readonly rowSample: number
  readonly columnSampleByTree: number
  readonly columnSampleByLevel: number
  readonly bins: number
  readonly positiveWeight: number
  readonly seed: number
}

const DEFAULTS: Settings = {
  rounds: 100,
  learningRate: 0.3,
  maxDepth: 6,
  lambda: 1,
  alpha: 0,
  gamma: 0,
  minChildWeight: 1,
  rowSample: 1,
  columnSampleByTree: 1,
  columnSampleByLevel: 1,
  bins: 256,
  positiveWeight: 1,
  seed: 0,
}

const SHARE = { least: 1e-6, most: 1 }
const BOUNDS: Readonly<Record<keyof Settings, Bounds>> = {
  rounds: { least: 1, most: 100_000, whole: true },
  learningRate: { least: 1e-9, most: 1 },
  maxDepth: { least: 1, most: 30, whole: true },
  lambda: { least: 0, most: 1e9 },
  alpha: { least: 0, most: 1e9 },
  gamma: { least: 0, most: 1e9 },
  minChildWeight: { least: 0, most: 1e9 },
  rowSample: SHARE,
  columnSampleByTree: SHARE,
  columnSampleByLevel: SHARE,
  bins: { least: 3, most: 256, whole: true },
  positiveWeight: { least: 1e-9, most: 1e9 },
  seed: { least: -(2 ** 31), most: 2 ** 32 - 1, whole: true },
}

/** Error: `option_wrong`. */
export function settingsOf(options: BoostOptions): Settings {
  const settings = Object.fromEntries(
    Object.entries(DEFAULTS).map(([name, byDefault]) => [name, options[name as keyof Settings] ?? byDefault]),
  ) as unknown as Settings
  checkOptions({ ...settings }, BOUNDS)
  return settings
}
