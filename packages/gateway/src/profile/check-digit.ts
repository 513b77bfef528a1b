export type CheckDigit = 'luhn' | 'damm' | 'mod97'

/** Damm's totally antisymmetric quasigroup of order 10 (H. M. Damm, 2004). */
const DAMM = [
  [0, 3, 1, 7, 5, 9, 8, 6, 4, 2],
  [7, 0, 9, 2, 1, 5, 4, 8, 6, 3],
  [4, 2, 0, 6, 8, 7, 1, 3, 5, 9],
  [1, 7, 5, 0, 9, 8, 3, 4, 2, 6],
  [6, 1, 2, 3, 0, 4, 5, 9, 7, 8],
  [3, 6, 7, 4, 2, 0, 9, 5, 8, 1],
  [5, 8, 6, 9, 7, 2, 0, 1, 3, 4],
  [8, 9, 4, 5, 3, 6, 2, 0, 1, 7],
  [9, 4, 3, 8, 6, 1, 7, 2, 0, 5],
  [2, 5, 8, 1, 4, 3, 6, 7, 9, 0],
]

/**
 * The check digits of a number as it was sent: of its decimal digits in order; sign, point and exponent's letter are passed over.
 * `luhn` (ISO/IEC 7812-1, annex B) and `damm` are one digit, `mod97` (ISO/IEC 7064, MOD 97-10) two: 2 to 98.
 */
export function checkDigit(method: CheckDigit, bytes: Uint8Array, start: number, end: number): number {
  if (method === 'luhn') return luhn(bytes, start, end)
  let state = 0
  for (let i = start; i < end; i++) {
    const digit = bytes[i] - 48
    if (digit < 0 || digit > 9) continue
    state = method === 'damm' ? DAMM[state][digit] : (state * 10 + digit) % 97
  }
  return method === 'damm' ? state : 98 - ((state * 100) % 97)
}

function luhn(bytes: Uint8Array, start: number, end: number): number {
  let sum = 0
  let twice = true
  for (let i = end - 1; i >= start; i--) {
    const digit = bytes[i] - 48
    if (digit < 0 || digit > 9) continue
    const weighed = twice ? digit * 2 : digit
    sum += weighed > 9 ? weighed - 9 : weighed
    twice = !twice
  }
  return (10 - (sum % 10)) % 10
}
