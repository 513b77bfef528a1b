import { readReal } from './proto.ts'

const four = new Uint8Array(4)

/** The finite IEEE 754 single that eight hexadecimal digits spell, most significant first; NaN where they spell none. */
export function hexFloat(bytes: Uint8Array, from: number, to: number): number {
  if (to - from !== 8) return Number.NaN
  for (let i = 0; i < 4; i++) {
    const byte = digit(bytes[from + 2 * i]) * 16 + digit(bytes[from + 2 * i + 1])
    if (Number.isNaN(byte)) return Number.NaN
    four[3 - i] = byte
  }
  const value = readReal(four, 0, 4)
  return Number.isFinite(value) ? value : Number.NaN
}

function digit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30
  const letter = code | 0x20
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x61 + 10 : Number.NaN
}
