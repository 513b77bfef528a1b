export * from './cbor/index.ts'
export { ProofError } from './error.ts'
export { BLOCK_BYTES, DIGEST_BYTES, sha256 } from './hash/sha256.ts'
