/**
 * Appends `length` bytes of a source to the `kept` first bytes of a buffer that grows by doubling, but never beyond
 * `need`. Answers the buffer, which is a new one where it had to grow.
 */
export function append(
  own: Uint8Array,
  kept: number,
  source: Uint8Array,
  from: number,
  length: number,
  need: number,
): Uint8Array {
  let buffer = own
  if (kept + length > own.length) {
    buffer = new Uint8Array(Math.min(2 * (kept + length), need))
    if (kept !== 0) buffer.set(own.subarray(0, kept))
  }
  if (length < 16) for (let i = 0; i < length; i++) buffer[kept + i] = source[from + i]
  else buffer.set(source.subarray(from, from + length), kept)
  return buffer
}
