import { expect, test } from 'vitest'
import { type CheckDigit, checkDigit } from './check-digit.ts'

const of = (method: CheckDigit, text: string) => {
  const bytes = new TextEncoder().encode(`[${text}]`)
  return checkDigit(method, bytes, 1, bytes.length - 1)
}

/** Known numbers: a test card (7992739871-3), Damm's own example (572-4), an ISO/IEC 7064 account (794-44). */
test.each([
  ['luhn', '7992739871', 3],
  ['luhn', '0', 0],
  ['damm', '572', 4],
  ['mod97', '794', 44],
  ['luhn', '-799.2739871', 3],
  ['damm', '5.72e', 4],
] as const)('%s of %s is %d', (method, digits, digit) => expect(of(method, digits)).toBe(digit))

test.each(['luhn', 'damm', 'mod97'] as const)('%s finds every wrong digit', method => {
  const right = of(method, '1234567')
  for (let at = 0; at < 7; at++) {
    for (let digit = 0; digit < 10; digit++) {
      const wrong = `${'1234567'.slice(0, at)}${digit}${'1234567'.slice(at + 1)}`
      if (wrong !== '1234567') expect(of(method, wrong), wrong).not.toBe(right)
    }
  }
})
