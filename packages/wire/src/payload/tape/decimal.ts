import { hexDigit } from '../../bytes/hex.ts'

// All whole numbers up to here are doubles, and so are the powers of ten up to the 22nd: one operation on two of them rounds once.
const LARGEST_WHOLE = 2 ** 53
const POWERS = Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`))
const MAXIMUM_EXPONENT = 9_999

/**
 * The number that a text spells in JSON's way (RFC 8259, section 6), to the nearest double: an infinite one where it is too large
 * for a double, NaN where the text spells none.
 * Makes a string only of one with more digits than a double has.
 */
export function decimalOf(bytes: Uint8Array, start: number, end: number): number {
  let at = start
  const negative = bytes[at] === 0x2d && at < end
  if (negative) at++
  let digits = 0
  let scale = 0
  const whole = at
  while (at < end && isDigit(bytes[at])) digits = digits * 10 + (bytes[at++] - 0x30)
  if (at === whole || (bytes[whole] === 0x30 && at > whole + 1)) return Number.NaN
  if (at < end && bytes[at] === 0x2e) {
    const fraction = ++at
    while (at < end && isDigit(bytes[at])) digits = digits * 10 + (bytes[at++] - 0x30)
    if (at === fraction) return Number.NaN
    scale = fraction - at
  }
  if (at < end && (bytes[at] | 0x20) === 0x65) {
    at++
    const minus = bytes[at] === 0x2d
    if (at < end && (minus || bytes[at] === 0x2b)) at++
    const exponentStart = at
    let exponent = 0
    while (at < end && isDigit(bytes[at])) exponent = Math.min(MAXIMUM_EXPONENT, exponent * 10 + (bytes[at++] - 0x30))
    if (at === exponentStart) return Number.NaN
    scale += minus ? -exponent : exponent
  }
  if (at !== end) return Number.NaN
  if (digits >= LARGEST_WHOLE || scale > 22 || scale < -22) return slow(bytes, start, end)
  const number = scale < 0 ? digits / POWERS[-scale] : digits * POWERS[scale]
  return negative ? -number : number
}

/** The IEEE 754 single that eight hexadecimal digits spell, most significant first; NaN where they are no eight. */
export function singleOfHex(bytes: Uint8Array, start: number, end: number): number {
  if (end - start !== 8) return Number.NaN
  let word = 0
  for (let i = start; i < end; i++) {
    const digit = hexDigit(bytes[i])
    if (digit < 0) return Number.NaN
    word = (word << 4) | digit
  }
  bits[0] = word
  return single[0]
}

const bits = new Int32Array(1)
const single = new Float32Array(bits.buffer)

function slow(bytes: Uint8Array, start: number, end: number): number {
  let text = ''
  for (let i = start; i < end; i++) text += String.fromCharCode(bytes[i])
  return Number(text)
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39
}
