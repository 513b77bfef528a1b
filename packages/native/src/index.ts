import { createRequire } from 'node:module'

/**
 * Verifies what is asked in the memory that it was bound to: at its beginning the count of messages (four at most) and the word of the
 * answer, a bit for each whose tag is right; from byte 16 on, for each message, the places of the midstates, the message, its length and its
 * tag. All are unsigned 32-bit integers in the processor's order.
 */
export type Verify = () => void

interface Addon {
  readonly bind?: (memory: ArrayBuffer) => Verify
}

/**
 * What verifies HMAC-SHA-256 by the processor's own instructions, in a given memory; null where the addon was not built
 * (`node packages/native/build.mjs`) or the processor has none.
 */
export const bindMac: ((memory: ArrayBuffer) => Verify) | null = load().bind ?? null

function load(): Addon {
  try {
    return createRequire(import.meta.url)('../build/mac.node') as Addon
  } catch {
    return {}
  }
}
