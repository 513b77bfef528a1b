export { type HardenedKind, type HardenOptions, hardenedNetScore } from './adversarial-net.ts'
export { armedAt, calibrated, SETTLE, type Unarmed } from './calibrate.ts'
export { checkProcess, LAGS, type ProcessDescription, residualsOf, type WatchedSensor } from './description.ts'
export { type Episode, follow, type Outcome, type Plan } from './episode.ts'
export { type Exposed, type Exposure, type ExposureOptions, exposureOf } from './exposure.ts'
export { greedy } from './greedy.ts'
export { keptWatch, watchFrom } from './kept-watch.ts'
export { fitLinearResidual, type LinearResidual } from './linear-residual.ts'
export { LONG_MEMORY, LongMemory, type MemoryOptions, SHORT_MEMORY } from './long-memory.ts'
export type { NetLaw } from './net-law.ts'
export { channelsOf, plainWatch } from './plain-watch.ts'
export type { Process, SensorLimits } from './process.ts'
export { RecordedProcess } from './recorded.ts'
export type { CopyableStream, ResidualModel, ResidualStream } from './residual.ts'
export { linearResidualScore, ResidualScorer } from './residual-score.ts'
export { largestError, type Spoofed, type SpoofOptions } from './spoof.ts'
export {
  leastRowsOf,
  settleOf,
  TelemetryWatch,
  type Watched,
  type WatchOptions,
  type WatchPart,
  WatchStream,
} from './telemetry-watch.ts'
export { type Armed, Watch } from './watch.ts'
export type { LinearResidualOptions } from './witnesses.ts'
