import { ProofError } from '../error.ts'

/** The most bytes of one entry: its length has two bytes before it. */
export const LONGEST_ENTRY = 65_535

/** An entry bundle (C2SP tlog-tiles): each entry behind its length, big-endian. Error: `entry_too_long`. */
export function encodeEntries(entries: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(entries.reduce((sum, { length }) => sum + 2 + length, 0))
  let at = 0
  for (const entry of entries) {
    if (entry.length > LONGEST_ENTRY)
      throw new ProofError('entry_too_long', `an entry has ${entry.length} bytes, more than ${LONGEST_ENTRY}`)
    bytes[at] = entry.length >> 8
    bytes[at + 1] = entry.length
    bytes.set(entry, at + 2)
    at += 2 + entry.length
  }
  return bytes
}

/**
 * The first entries of a bundle, as views of its bytes: all, or `most`. What cannot be read is not given; `rest` says from which byte on there is
 * something that was not read.
 */
export function decodeEntries(bytes: Uint8Array, most: number): { entries: Uint8Array[]; rest: number } {
  const entries: Uint8Array[] = []
  let at = 0
  while (entries.length < most && at + 2 <= bytes.length) {
    const end = at + 2 + (bytes[at] << 8) + bytes[at + 1]
    if (end > bytes.length) break
    entries.push(bytes.subarray(at + 2, end))
    at = end
  }
  return { entries, rest: at }
}
