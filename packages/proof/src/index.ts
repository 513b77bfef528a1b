export * from './cbor/index.ts'
export * from './cose/index.ts'
export { ProofError } from './error.ts'
export { BLOCK_BYTES, DIGEST_BYTES, sha256 } from './hash/sha256.ts'
