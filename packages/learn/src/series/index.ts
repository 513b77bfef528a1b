export { Alarm, type AlarmOptions, Events } from './alarm.ts'
export { ewmaScore, seasonalScore } from './baseline.ts'
export { type Calibration, calibrationOf } from './calibration.ts'
export { type Channel, type ChannelOptions, DEFAULT_CHANNELS, LEAST_ROWS, trainedChannel } from './channels.ts'
export { MOST_SENSORS } from './chosen.ts'
export { DEFAULTS, type DetectorOptions, type Learned, SeriesDetector } from './detector.ts'
export { pcaQ, pcaT2, rowDistance, windowDistance } from './distance.ts'
export { type Features, laggedFeatures, windowFeatures } from './features.ts'
export { forestScore } from './forest-score.ts'
export { heldOutScores, heldOutTrained } from './held-out.ts'
export { judgeSeries } from './judge-series.ts'
export { DetectorStream, type Judgment } from './judgment.ts'
export { detectorFrom, keptDetector } from './kept-detector.ts'
export { LastValues } from './last-values.ts'
export type { NetKind } from './net.ts'
export { type NetOptions, netScore } from './net-score.ts'
export { fitTail, type Tail, tailAbove, tailQuantile, thresholdAt } from './pareto.ts'
export { recordScore } from './records.ts'
export { type Gap, type Reading, type Resampled, type ResampleOptions, resample } from './resample.ts'
export { RHYTHM_WINDOWS, Rhythm, type RhythmOptions, rhythmNames, rhythmOf } from './rhythm.ts'
export { robustDistance } from './robust-distance.ts'
export {
  type KeptScorer,
  type Piece,
  type Recipe,
  type Scorer,
  type ScoreStream,
  scoreRows,
  type TrainedRecipe,
} from './scorer.ts'
export { type Selection, selectSensors, type Unfit } from './select.ts'
export { smoothed } from './smooth.ts'
export { hotellingLimit, residualLimit } from './weights.ts'
export type { WindowFeature } from './window-feature.ts'
