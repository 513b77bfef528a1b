export {
  type AnyModel,
  KIND_NAMES,
  type ModelKind,
  type NetModelOf,
  type SeriesModelOf,
  type TreeModelOf,
  type WatchModelOf,
} from './any.ts'
export { canonical, digestOf, type Json } from './canonical.ts'
export { modelCard } from './card.ts'
export { ensembleIn, modelOfMember } from './ensemble.ts'
export { readModel, writeModel } from './file.ts'
export { ownRows } from './plain-record.ts'
export { inputNames, inputTypes, learnPreprocessing, type Preprocessing, preprocess, type Step } from './preprocess.ts'
export type { LoadedModel, ModelCalibration, ModelRecord, SchemaColumn, TrainingRecord } from './record.ts'
export { judgeRows, type LearnSeriesOptions, learnSeries, type SeriesRow } from './series-learn.ts'
export { judgeWatchRows, type LearnWatchOptions, learnWatch, type WatchRow } from './watch-learn.ts'
