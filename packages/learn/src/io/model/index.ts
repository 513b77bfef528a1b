export { type AnyModel, KIND_NAMES, type ModelKind, type NetModelOf, type TreeModelOf } from './any.ts'
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
export { inputNames, inputTypes, learnPreprocessing, type Preprocessing, preprocess, type Step } from './preprocess.ts'
