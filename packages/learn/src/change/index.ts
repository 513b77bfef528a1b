export { binarySegmentation } from './binary.ts'
export { type Columns, columnsOf, seriesOf, type Unit } from './columns.ts'
export type { Cost } from './costs/cost.ts'
export { kernelCost, MOST_KERNEL_ROWS } from './costs/kernel.ts'
export { meanCost, meanVarianceCost, varianceCost } from './costs/normal.ts'
export { rankCost } from './costs/rank.ts'
export { trendCost } from './costs/trend.ts'
export { ChangeDetector, changesOf } from './detector.ts'
export { type Agreement, agreementOf, coveringOf } from './measure.ts'
export {
  NAB_PROFILES,
  type NabProfile,
  type NabSums,
  type NabWindow,
  nabScoreOf,
  nabSumsOf,
  windowsBehind,
} from './measure-nab.ts'
export { type ChangeModel, type ChangeOptions, changeFrom, fitChange } from './model.ts'
export { BayesDetector, type BayesOptions } from './online/bayes.ts'
export { Cusum, type CusumOptions } from './online/cusum.ts'
export { PageHinkley, type PageHinkleyOptions } from './online/page-hinkley.ts'
export { EachSensor } from './online/sensors.ts'
export { type ChangeStep, type OnlineDetector, stepsOf } from './online/step.ts'
export { type Cuts, pelt } from './pelt.ts'
export { type Penalty, penalized } from './penalty.ts'
export { type Change, type CostName, type SegmentOptions, segment } from './segment.ts'
