export { BLOCK_BYTES, DIGEST_BYTES, sha256 } from './hash/sha256.ts'
