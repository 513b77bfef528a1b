/** Bytes to compare with four at a time, which takes a quarter of the branches. */
export interface Spelling {
  readonly length: number
  /** Index of the last word, -1 for none. */
  readonly last: number
  /** The bytes as words, the last of which ends with them and may overlap the one before it; none for less than four bytes. */
  readonly words: Int32Array
  readonly bytes: Uint8Array
}

export function spelling(bytes: Uint8Array): Spelling {
  const length = bytes.length
  const words = new Int32Array(length < 4 ? 0 : Math.ceil(length / 4))
  // Not by `wordAt`: whoever reads payloads shall have met their kind of array only, which is quicker.
  const view = new DataView(bytes.buffer, bytes.byteOffset, length)
  for (let i = 0; i < words.length; i++) words[i] = view.getInt32(Math.min(4 * i, length - 4), true)
  return { length, last: words.length - 1, words, bytes }
}

/** Whether the bytes at `at` are the spelling. */
export function spells(bytes: Uint8Array, at: number, end: number, these: Spelling): boolean {
  const { length, last, words } = these
  if (at + length > end) return false
  if (last < 0) return spellsFew(bytes, at, these.bytes)
  let from = at
  for (let i = 0; i < last; i++) {
    if (wordAt(bytes, from) !== words[i]) return false
    from = (from + 4) | 0
  }
  return wordAt(bytes, at + length - 4) === words[last]
}

function spellsFew(bytes: Uint8Array, at: number, these: Uint8Array): boolean {
  for (let i = 0; i < these.length; i++) if (bytes[at + i] !== these[i]) return false
  return true
}

/** The four bytes at `at`. The sums are cut to machine integers: that spares the engine a look for each whether they still are. */
export function wordAt(bytes: Uint8Array, at: number): number {
  return bytes[at] | (bytes[(at + 1) | 0] << 8) | (bytes[(at + 2) | 0] << 16) | (bytes[(at + 3) | 0] << 24)
}
