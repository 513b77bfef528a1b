export { Alarm, type AlarmOptions } from './alarm.ts'
export { ewmaScore, seasonalScore } from './baseline.ts'
export { type Calibration, calibrationOf, heldOutScores } from './calibration.ts'
export { type Channel, type ChannelOptions, DEFAULT_CHANNELS } from './channels.ts'
export {
  DEFAULTS,
  type DetectorOptions,
  DetectorStream,
  detectSeries,
  type Judgment,
  SeriesDetector,
} from './detector.ts'
export { pcaQ, pcaT2, rowDistance, windowDistance } from './distance.ts'
export { type Features, laggedFeatures, type WindowFeature, windowFeatures } from './features.ts'
export { LastValues } from './last-values.ts'
export { fitTail, type Tail, tailAbove, tailQuantile, thresholdAt } from './pareto.ts'
export { type Gap, type Reading, type Resampled, type ResampleOptions, resample } from './resample.ts'
export { robustDistance } from './robust-distance.ts'
export { type Piece, type Recipe, type Scorer, type ScoreStream, scoreRows } from './scorer.ts'
export { type Selection, selectSensors, type Unfit } from './select.ts'
export { smoothed } from './smooth.ts'
export { hotellingLimit, residualLimit } from './weights.ts'
