import type { ChangeModel } from '../../change/index.ts'
import type { AttackDetector, Ensemble, OwnMember } from '../../ensemble/index.ts'
import type {
  Autoencoder,
  AutoencoderOptions,
  ClassifierOptions,
  Forecaster,
  ForecasterOptions,
  MlpClassifier,
  MlpRegressor,
  Reconstructor,
  ReconstructorOptions,
  RegressorOptions,
} from '../../nets/index.ts'
import type { TelemetryWatch } from '../../robust/telemetry/index.ts'
import type { SeriesDetector } from '../../series/index.ts'
import type { BoostedTrees, IsolationForest, RandomForest } from '../../trees/index.ts'
import type { NamedArray } from './tensors.ts'

/** A net, with what it is made by: its weights alone do not tell its shape. */
export type NetModelOf =
  | { readonly kind: 'autoencoder'; readonly options: AutoencoderOptions; readonly model: Autoencoder }
  | { readonly kind: 'mlp-classifier'; readonly options: ClassifierOptions; readonly model: MlpClassifier }
  | { readonly kind: 'mlp-regressor'; readonly options: RegressorOptions; readonly model: MlpRegressor }
  | { readonly kind: 'forecaster'; readonly options: ForecasterOptions; readonly model: Forecaster }
  | { readonly kind: 'reconstructor'; readonly options: ReconstructorOptions; readonly model: Reconstructor }

/** Trees tell all of themselves. */
export type TreeModelOf =
  | { readonly kind: 'boosted-trees'; readonly model: BoostedTrees }
  | { readonly kind: 'random-forest'; readonly model: RandomForest }
  | { readonly kind: 'isolation-forest'; readonly model: IsolationForest }

/** What judges a series: its detector, and what tells changes beside it. */
export interface SeriesModel {
  readonly detector: SeriesDetector
  /** Null where changes are not told. */
  readonly change: ChangeModel | null
}

/** What judges a series: distances, records, forests and nets, with their thresholds. */
export type SeriesModelOf = { readonly kind: 'series'; readonly model: SeriesModel }

/** What judges named sensors by balances, redundancy and nets. */
export type WatchModelOf = { readonly kind: 'watch'; readonly model: TelemetryWatch }

/** Several classifiers, with what joins them. */
export type EnsembleModelOf = { readonly kind: 'ensemble'; readonly model: Ensemble<OwnMember> }

/** An ensemble, with what tells attacks that nobody has seen. */
export type AttackModelOf = { readonly kind: 'attack-detector'; readonly model: AttackDetector<OwnMember> }

/** Every kind of model that is kept in files. */
export type AnyModel = NetModelOf | TreeModelOf | SeriesModelOf | WatchModelOf | EnsembleModelOf | AttackModelOf

export type ModelKind = AnyModel['kind']

/** A model taken apart: what it is made by, and its numbers. */
export interface Parts {
  readonly kind: ModelKind
  readonly options: object
  readonly arrays: readonly NamedArray[]
}

/** What a model is, in words. */
export const KIND_NAMES: Readonly<Record<ModelKind, string>> = {
  autoencoder: 'dense autoencoder',
  'mlp-classifier': 'multilayer perceptron (classifier)',
  'mlp-regressor': 'multilayer perceptron (regressor)',
  forecaster: 'forecaster of a series',
  reconstructor: 'reconstructor of windows',
  'boosted-trees': 'gradient-boosted trees',
  'random-forest': 'random forest',
  'isolation-forest': 'isolation forest',
  series: 'detector of anomalies in a series',
  watch: 'watch of sensors that may be spoofed',
  ensemble: 'ensemble of classifiers',
  'attack-detector': 'ensemble of classifiers that tells unseen attacks',
}
