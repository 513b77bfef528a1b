export {
  type Batch,
  MOST_IN_BATCH,
  placeInBatch,
  type SealedMessage,
  signBatch,
  verifyBatch,
} from './batch.ts'
export { asCose, asEnvelope, asProperty, readCose, readEnvelope, readProperty, SEAL_PROPERTY } from './carriers.ts'
export { CHAIN_WORDS, ChainWindow, type Link, WINDOW } from './chain.ts'
export { deviceSecret, LAST_EPOCH, SECRET_BYTES, sealKey, sealKeyBytes } from './keys.ts'
export { CHAIN_BYTES, LAST_SEQUENCE, LONGEST_SEAL, type SealFields, SealView, TAG_BYTES } from './layout.ts'
export { readSeal } from './read.ts'
export { type ChainState, type Seal, Sealer } from './sealer.ts'
export { type Covered, macHolds, SealVerifier } from './verify.ts'
