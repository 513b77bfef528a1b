import { createRequire } from 'node:module'

/**
 * Verifies what is asked in the memory that it was bound to: at its beginning the count of messages (four at most) and the word of the
 * answer, a bit for each whose tag is right; from byte 16 on, for each message, the places of the midstates, the message, its length and its
 * tag. All are unsigned 32-bit integers in the processor's order.
 */
export type Verify = () => void

/**
 * Looks at the PUBLISHes that lie one behind the other in `[start, limit)` of a chunk, as long as each is whole and sealed in an envelope, and writes
 * what it finds of each to `to`, 128 bytes: the places of the packet's begin and end and of the payload in the chunk, the length of the seal, the begin
 * and the end of its protected headers, whether its MAC is right under the midstates at `key` (seven 32-bit words); from byte 32 on the seal.
 * Answers how many, 16 at most. That the seal is one is for who reads it. Errors: `RangeError`.
 */
export type Ahead = (
  chunk: Uint8Array,
  start: number,
  limit: number,
  version: number,
  key: number,
  to: number,
) => number

/** What works in one memory. */
export interface MacAddon {
  readonly verify: Verify
  readonly ahead: Ahead
}

interface Addon {
  readonly bind?: (memory: ArrayBuffer) => MacAddon
}

/**
 * What verifies HMAC-SHA-256 by the processor's own instructions, in a given memory; null where the addon was not built
 * (`node packages/native/build.mjs`) or the processor has none.
 */
export const bindMac: ((memory: ArrayBuffer) => MacAddon) | null = load().bind ?? null

function load(): Addon {
  try {
    return createRequire(import.meta.url)('../build/mac.node') as Addon
  } catch {
    return {}
  }
}
