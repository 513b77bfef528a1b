export {
  type AnyModel,
  KIND_NAMES,
  type ModelKind,
  type NetModelOf,
  type SeriesModelOf,
  type TreeModelOf,
} from './any.ts'
export { canonical, digestOf, type Json } from './canonical.ts'
export { modelCard } from './card.ts'
export {
  type LoadedModel,
  type ModelCalibration,
  type ModelRecord,
  readModel,
  type SchemaColumn,
  type TrainingRecord,
  writeModel,
} from './file.ts'
export { inputNames, learnPreprocessing, type Preprocessing, preprocess, type Step } from './preprocess.ts'
export type { SeriesModel } from './series.ts'
export { judgeRows, type LearnSeriesOptions, learnSeries, type SeriesRow } from './series-learn.ts'
