import { ProofError } from '../error.ts'

/** The most bytes of one entry: its length has two bytes before it. */
export const LONGEST_ENTRY = 65_535
/** An entry's length stands before it. */
export const LENGTH_BYTES = 2

/** An entry bundle (C2SP tlog-tiles): each entry behind its length, big-endian. Error: `entry_too_long`. */
export function encodeEntries(entries: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(entriesLength(entries))
  writeEntries(entries, bytes, 0)
  return bytes
}

/** The bytes that entries take in a bundle. Error: `entry_too_long`. */
export function entriesLength(entries: readonly Uint8Array[]): number {
  let sum = 0
  for (const { length } of entries) {
    if (length > LONGEST_ENTRY)
      throw new ProofError('entry_too_long', `an entry has ${length} bytes, more than ${LONGEST_ENTRY}`)
    sum += LENGTH_BYTES + length
  }
  return sum
}

/** Writes entries as in a bundle, none too long, to where there is room for them; gives where they end. */
export function writeEntries(entries: readonly Uint8Array[], into: Uint8Array, start: number): number {
  let at = start
  for (const entry of entries) {
    into[at] = entry.length >> 8
    into[at + 1] = entry.length
    into.set(entry, at + LENGTH_BYTES)
    at += LENGTH_BYTES + entry.length
  }
  return at
}

/**
 * The first entries of a bundle, as views of its bytes: all, or `most`. What cannot be read is not given; `rest` says from which byte on there is
 * something that was not read.
 */
export function decodeEntries(bytes: Uint8Array, most: number): { entries: Uint8Array[]; rest: number } {
  const entries: Uint8Array[] = []
  let at = 0
  while (entries.length < most && at + LENGTH_BYTES <= bytes.length) {
    const end = at + LENGTH_BYTES + (bytes[at] << 8) + bytes[at + 1]
    if (end > bytes.length) break
    entries.push(bytes.subarray(at + LENGTH_BYTES, end))
    at = end
  }
  return { entries, rest: at }
}
