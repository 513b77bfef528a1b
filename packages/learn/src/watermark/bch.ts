/**
 * The binary BCH code of length 255 that corrects 18 errors (Bose and Ray-Chaudhuri 1960; Hocquenghem 1959), shortened from 131 to 128 bits of message: 252 bits, the
 * message first. Decoded by Berlekamp's and Massey's algorithm and Chien's search over GF(256).
 */
const LENGTH = 255
const ERRORS = 18
export const MESSAGE_BITS = 128
export const CODED_BITS = 252
const CHECK_BITS = CODED_BITS - MESSAGE_BITS

/** x^8 + x^4 + x^3 + x^2 + 1, whose root generates the field. */
const FIELD = 0x11d
const exp = new Uint8Array(2 * LENGTH)
const log = new Uint8Array(LENGTH + 1)
for (let power = 0, value = 1; power < LENGTH; power++) {
  exp[power] = exp[power + LENGTH] = value
  log[value] = power
  value = value & 0x80 ? (value << 1) ^ FIELD : value << 1
}

const times = (a: number, b: number): number => (a === 0 || b === 0 ? 0 : exp[log[a] + log[b]])
const over = (a: number, b: number): number => (a === 0 ? 0 : exp[log[a] + LENGTH - log[b]])

const GENERATOR = generator()

/** The coded bits of a message of 128, a byte each. */
export function encodeBits(message: Uint8Array): Uint8Array {
  const rest = new Uint8Array(CODED_BITS)
  rest.set(message)
  // Division by the generator, the highest power first.
  for (let i = 0; i < MESSAGE_BITS; i++) {
    if (rest[i] === 1) for (let j = 0; j <= CHECK_BITS; j++) rest[i + j] ^= GENERATOR[j]
  }
  const coded = rest.slice()
  coded.set(message)
  return coded
}

/** The message in coded bits, and how many of them were wrong: null where there are more than 18, and the message is what stands there. */
export function decodeBits(coded: Uint8Array): { readonly message: Uint8Array; readonly errors: number | null } {
  const powers = Array.from(coded.keys())
    .filter(i => coded[i] === 1)
    .map(powerOf)
  const syndromes = Array.from({ length: 2 * ERRORS }, (_, i) =>
    powers.reduce((sum, power) => sum ^ exp[(power * (i + 1)) % LENGTH], 0),
  )
  const message = coded.slice(0, MESSAGE_BITS)
  const locator = locatorOf(syndromes)
  const count = locator.length - 1
  const wrong = Array.from(coded.keys()).filter(i => isRoot(locator, LENGTH - powerOf(i)))
  if (count > ERRORS || wrong.length !== count) return { message, errors: null }
  for (const i of wrong) if (i < MESSAGE_BITS) message[i] ^= 1
  return { message, errors: count }
}

/** To which power of x a coded bit belongs. */
const powerOf = (i: number): number => CODED_BITS - 1 - i

function isRoot(polynomial: readonly number[], power: number): boolean {
  return polynomial.reduce((sum, each, i) => sum ^ times(each, exp[(power * i) % LENGTH]), 0) === 0
}

/** The shortest polynomial, the lowest power first, whose roots are where the errors are. */
function locatorOf(syndromes: readonly number[]): number[] {
  let current = [1]
  let former = [1]
  let [length, gap, formerMiss] = [0, 1, 1]
  for (const [n, syndrome] of syndromes.entries()) {
    let miss = syndrome
    for (let i = 1; i <= length; i++) miss ^= times(current[i] ?? 0, syndromes[n - i])
    if (miss === 0) {
      gap++
      continue
    }
    const kept = current
    const factor = over(miss, formerMiss)
    current = Array.from(
      { length: Math.max(current.length, former.length + gap) },
      (_, i) => (current[i] ?? 0) ^ times(factor, former[i - gap] ?? 0),
    )
    if (2 * length > n) gap++
    else {
      length = n + 1 - length
      former = kept
      formerMiss = miss
      gap = 1
    }
  }
  while (current.length > 1 && current[current.length - 1] === 0) current.pop()
  return current
}

/** The product of the minimal polynomials of the first 36 powers of the field's generator; the highest power first. */
function generator(): Uint8Array {
  const roots = new Set<number>()
  for (let i = 1; i <= 2 * ERRORS; i++)
    for (let k = 0, power = i; k < 8; k++, power = (2 * power) % LENGTH) roots.add(power)
  let product = [1]
  for (const root of roots) {
    product = Array.from(
      { length: product.length + 1 },
      (_, i) => (product[i] ?? 0) ^ times(exp[root], product[i - 1] ?? 0),
    )
  }
  return Uint8Array.from(product)
}
