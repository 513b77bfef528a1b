const doubles = new Float64Array(1)
const singles = new Float32Array(doubles.buffer)
const words = new Uint32Array(doubles.buffer)
// Which of a double's words is its upper one on this machine.
doubles[0] = 1
const HIGH = words[1] === 0 ? 0 : 1
const LOW = 1 - HIGH

/** The IEEE 754 half of two bytes, most significant first (RFC 8949, appendix D). */
export function halfAt(bytes: Uint8Array, at: number): number {
  const sign = (bytes[at] & 0x80) === 0 ? 1 : -1
  const exponent = (bytes[at] >> 2) & 0x1f
  const fraction = ((bytes[at] & 0x03) << 8) | bytes[at + 1]
  if (exponent === 0) return sign * fraction * 2 ** -24
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN
  return sign * (1024 + fraction) * 2 ** (exponent - 25)
}

/** The IEEE 754 single of four bytes, most significant first. */
export function singleAt(bytes: Uint8Array, at: number): number {
  words[0] = wordAt(bytes, at)
  return singles[0]
}

/** The IEEE 754 double of eight bytes, most significant first. */
export function doubleAt(bytes: Uint8Array, at: number): number {
  words[HIGH] = wordAt(bytes, at)
  words[LOW] = wordAt(bytes, at + 4)
  return doubles[0]
}

/** The unsigned number of four bytes, most significant first. */
export function wordAt(bytes: Uint8Array, at: number): number {
  return ((bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3]) >>> 0
}
