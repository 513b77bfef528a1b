export { type BitsReading, bitsTerm, readBits } from './bits.ts'
export { type ClaimedModel, claimStatement, isClaimName, newClaim, readClaim, type WatermarkClaim } from './claim.ts'
export { type Embedded, type EmbedOptions, embedMark, learnMarked, type MarkCost } from './embed.ts'
export type { MarkedAlgorithm } from './fit.ts'
export { type Bound, WatermarkKey } from './key.ts'
export { LEAST_WEIGHTS } from './layer.ts'
export { AS_CLAIMED, type Naming } from './naming.ts'
export { type Prepared, prepare } from './prepare.ts'
export { checkSpace, type SpaceColumn, spaceIn, spaceOf, type TriggerSpace } from './space.ts'
export { judgeAnswers, readTriggers, TRIGGERS, type TriggerReading, type Triggers, triggersOf } from './triggers.ts'
export { HINT_LEVEL, LEVEL, type Unasked, type Verdict, verifyMark } from './verify.ts'
export {
  joinForests,
  pruneBoosted,
  pruneForest,
  pruneWeights,
  quantizeBoosted,
  quantizeForest,
  quantizeWeights,
} from './wear.ts'
