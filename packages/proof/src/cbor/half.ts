/** Half precision floating point (IEEE 754 binary16), as RFC 8949 has it: one bit of sign, five of exponent, ten of fraction. */

/** The sixteen bits of a value that half precision holds exactly; -1 where it does not. Not for NaN. */
export function halfOf(value: number): number {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0
  const size = Math.abs(value)
  if (size === 0) return sign
  if (size === Number.POSITIVE_INFINITY) return sign | 0x7c00
  // What is smaller than 2^-14 is counted in steps of 2^-24.
  const exponent = Math.max(-14, Math.floor(Math.log2(size)))
  const steps = size * 2 ** (10 - exponent)
  if (exponent > 15 || !Number.isInteger(steps) || steps >= 2_048) return -1
  return steps < 1_024 ? (exponent === -14 ? sign | steps : -1) : sign | ((exponent + 15) << 10) | (steps - 1_024)
}

/** What sixteen bits mean. */
export function ofHalf(bits: number): number {
  const exponent = (bits >> 10) & 0x1f
  const fraction = bits & 0x3ff
  const sign = (bits & 0x8000) === 0 ? 1 : -1
  if (exponent === 0) return sign * fraction * 2 ** -24
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN
  return sign * (fraction + 1_024) * 2 ** (exponent - 25)
}
