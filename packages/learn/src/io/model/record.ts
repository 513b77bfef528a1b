import type { AnyModel } from './any.ts'
import type { Json } from './canonical.ts'
import type { Preprocessing } from './preprocess.ts'

/** A column of the data that a model was made from. */
export interface SchemaColumn {
  readonly name: string
  readonly kind: 'number' | 'time' | 'category'
  readonly role: 'feature' | 'label' | 'time' | 'ignored'
  /** Of numbers: the range that was seen. */
  readonly least?: number
  readonly most?: number
  readonly missing: number
  /** Of words: those that were seen. */
  readonly categories?: readonly string[]
}

/** From which score on a row is told. */
export interface ModelCalibration {
  readonly threshold: number
  /** The share of normal rows that are above it. */
  readonly falseAlarms: number
  /** Of a series: by what that is known, in words. */
  readonly method?: string
  /** Of a series: the threshold of each part's own score, and how many scores of normal rows it stands on. They are in the model. */
  readonly channels?: readonly { readonly name: string; readonly threshold: number; readonly scores: number }[]
}

/** How a model came to be. */
export interface TrainingRecord {
  readonly rows: number
  readonly seed: number
  /** All that was said to the training. */
  readonly options: Json
  /** SHA-256 of the training data. */
  readonly data: string
  /** When, as the caller says it: ISO 8601. */
  readonly date: string
  /** What was measured, and on what: accuracy of a validation part, say. */
  readonly figures?: Readonly<Record<string, number>>
  /** Of a classifier, how many rows each class had, in the order of `classes`. */
  readonly classRows?: readonly number[]
}

/** Everything that a model file holds. */
export interface ModelRecord {
  readonly model: AnyModel
  readonly schema: readonly SchemaColumn[]
  readonly preprocessing: Preprocessing
  /** Of a classifier, what its classes are called. */
  readonly classes: readonly string[]
  /** Of what tells alarms by a score. */
  readonly calibration?: ModelCalibration
  readonly training: TrainingRecord
}

/** A model that was read, with the SHA-256 of all that its file says. */
export interface LoadedModel extends ModelRecord {
  readonly digest: string
}
