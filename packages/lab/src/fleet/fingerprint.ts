import { createHash } from 'node:crypto'

/** A number that stands for these bytes: what has no counter of its own is known again by it. */
export function fingerprint(payload: Uint8Array): number {
  return createHash('sha256').update(payload).digest().readUIntBE(0, 6)
}
