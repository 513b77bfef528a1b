/** A run's first index and its length, two bytes each; its numbers follow. */
const HEAD = 4
const NUMBER = 8

/**
 * Writes numbers down without the zeros between them: most of a lane's words are never used. At most 65,535 of them. Bit by bit: some
 * hold pairs of 32-bit words, which as a number may be none (NaN), of which there are many.
 */
export function sparse(words: Float64Array): Buffer {
  const raw = Buffer.from(words.buffer, words.byteOffset, words.byteLength)
  const bytes = Buffer.alloc((HEAD + NUMBER) * words.length)
  let to = 0
  for (let at = 0; at < words.length; at++) {
    if (Object.is(words[at], 0)) continue
    const head = to
    bytes.writeUInt16LE(at, head)
    to += HEAD
    const first = at
    while (at < words.length && !Object.is(words[at], 0)) at++
    to += raw.copy(bytes, to, first * NUMBER, at * NUMBER)
    bytes.writeUInt16LE(at - first, head + 2)
  }
  return bytes.subarray(0, to)
}

/** Errors: `RangeError` where the bytes are none that `sparse` wrote of at most so many numbers. */
export function whole(bytes: Buffer, length: number): Float64Array {
  const words = new Float64Array(length)
  const raw = Buffer.from(words.buffer)
  for (let from = 0; from < bytes.length; ) {
    const first = bytes.readUInt16LE(from)
    const count = bytes.readUInt16LE(from + 2)
    if (first + count > length) throw new RangeError('a run goes beyond its numbers')
    from += HEAD
    if (from + count * NUMBER > bytes.length) throw new RangeError('a run is cut off')
    bytes.copy(raw, first * NUMBER, from, from + count * NUMBER)
    from += count * NUMBER
  }
  return words
}
