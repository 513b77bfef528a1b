// Decimal steps such as 0.01 are no doubles: 19.99 / 0.01 is 1998.9999999999998.
const TOLERANCE = 1e-9

/** Whether a number is a multiple of another (`multipleOf`): their quotient is a whole number to within 1e-9. */
export function isMultiple(value: number, of: number): boolean {
  const quotient = value / of
  return !(Math.abs(Math.round(quotient) - quotient) > TOLERANCE)
}
