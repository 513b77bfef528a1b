/**
 * The Luhn check digit (ISO/IEC 7812-1, annex B) over the decimal digits of a number as JSON writes it; sign and point do not
 * count. It finds every wrong digit and nearly every exchange of two neighbors.
 */
export function luhn(value: number): number {
  let sum = 0
  let double = true
  for (const digit of JSON.stringify(value).replaceAll(/\D/g, '').split('').reverse()) {
    const weighed = Number(digit) * (double ? 2 : 1)
    sum += weighed > 9 ? weighed - 9 : weighed
    double = !double
  }
  return (10 - (sum % 10)) % 10
}
