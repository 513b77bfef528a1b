/** A run's first index and its length, two bytes each; its numbers follow. */
const HEAD = 4
const NUMBER = 8

/** Writes numbers down without the zeros between them: most of a lane's words are never used. At most 65,535 of them. */
export function sparse(words: Float64Array): Buffer {
  const bytes = Buffer.alloc((HEAD + NUMBER) * words.length)
  let to = 0
  for (let at = 0; at < words.length; at++) {
    if (Object.is(words[at], 0)) continue
    const head = to
    bytes.writeUInt16LE(at, head)
    to += HEAD
    const first = at
    for (; at < words.length && !Object.is(words[at], 0); at++, to += NUMBER) bytes.writeDoubleLE(words[at], to)
    bytes.writeUInt16LE(at - first, head + 2)
  }
  return bytes.subarray(0, to)
}

/** Errors: `RangeError` where the bytes are none that `sparse` wrote of at most so many numbers. */
export function whole(bytes: Buffer, length: number): Float64Array {
  const words = new Float64Array(length)
  for (let from = 0; from < bytes.length; ) {
    const first = bytes.readUInt16LE(from)
    const count = bytes.readUInt16LE(from + 2)
    if (first + count > length) throw new RangeError('a run goes beyond its numbers')
    from += HEAD
    for (let i = 0; i < count; i++, from += NUMBER) words[first + i] = bytes.readDoubleLE(from)
  }
  return words
}
