export { type Learned, Learner, type LearnOptions } from './learn.ts'
export { type RecordedMessage, readRecord } from './records.ts'
export { type Coverage, coverage } from './report.ts'
