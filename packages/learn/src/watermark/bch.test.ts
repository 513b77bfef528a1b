import { expect, test } from 'vitest'
import { randomOf } from '../base/random.ts'
import { CODED_BITS, decodeBits, encodeBits, MESSAGE_BITS } from './bch.ts'

const random = randomOf(1)
const message = () => Uint8Array.from({ length: MESSAGE_BITS }, () => random.below(2))

function damaged(coded: Uint8Array, errors: number): Uint8Array {
  const wrong = new Set<number>()
  while (wrong.size < errors) wrong.add(random.below(CODED_BITS))
  return coded.map((bit, i) => (wrong.has(i) ? 1 - bit : bit))
}

test('18 wrong bits anywhere are put right, and counted', () => {
  for (let errors = 0; errors <= 18; errors++) {
    const said = message()
    expect(decodeBits(damaged(encodeBits(said), errors))).toEqual({ message: said, errors })
  }
})

test('more than 18 are not: the message is what stands there', () => {
  for (let errors = 19; errors <= 40; errors++) {
    const coded = damaged(encodeBits(message()), errors)
    expect(decodeBits(coded)).toEqual({ message: coded.slice(0, MESSAGE_BITS), errors: null })
  }
})

test('two messages differ by 37 coded bits or more, the distance that 18 errors take', () => {
  for (let bit = 0; bit < MESSAGE_BITS; bit++) {
    const one = encodeBits(Uint8Array.from({ length: MESSAGE_BITS }, (_, i) => Number(i === bit)))
    expect(one.reduce((sum, each) => sum + each, 0)).toBeGreaterThanOrEqual(37)
  }
})
