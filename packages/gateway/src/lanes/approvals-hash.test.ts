import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SipHash } from './approvals-hash.ts'

/** The key of the reference's vectors: bytes 0 to 15. */
const KEY = [0x03020100, 0x07060504, 0x0b0a0908, 0x0f0e0d0c] as const

function hash(bytes: Uint8Array, sip = new SipHash(KEY)): string {
  sip.begin()
  sip.bytes(bytes, 0, bytes.length)
  sip.finish()
  return [sip.high, sip.low].map(word => (word >>> 0).toString(16).padStart(8, '0')).join('')
}

/** SipHash-2-4 in whole words, as its paper defines it. */
function reference(bytes: Uint8Array): string {
  const mask = (1n << 64n) - 1n
  const turn = (value: bigint, bits: bigint) => ((value << bits) | (value >> (64n - bits))) & mask
  const k0 = 0x0706050403020100n
  const k1 = 0x0f0e0d0c0b0a0908n
  let [a, b, c, d] = [
    k0 ^ 0x736f6d6570736575n,
    k1 ^ 0x646f72616e646f6dn,
    k0 ^ 0x6c7967656e657261n,
    k1 ^ 0x7465646279746573n,
  ]
  const round = () => {
    a = (a + b) & mask
    b = turn(b, 13n) ^ a
    a = turn(a, 32n)
    c = (c + d) & mask
    d = turn(d, 16n) ^ c
    a = (a + d) & mask
    d = turn(d, 21n) ^ a
    c = (c + b) & mask
    b = turn(b, 17n) ^ c
    c = turn(c, 32n)
  }
  const padded = new Uint8Array(Math.floor(bytes.length / 8) * 8 + 8)
  padded.set(bytes)
  padded[padded.length - 1] = bytes.length
  const view = new DataView(padded.buffer)
  for (let at = 0; at < padded.length; at += 8) {
    const word = view.getBigUint64(at, true)
    d ^= word
    round()
    round()
    a ^= word
  }
  c ^= 0xffn
  for (let i = 0; i < 4; i++) round()
  return (a ^ b ^ c ^ d).toString(16).padStart(16, '0')
}

test.each([
  [0, '726fdb47dd0e0e31'],
  [1, '74f839c593dc67fd'],
  [8, '93f5f5799a932462'],
  [15, 'a129ca6149be45e5'],
])('the paper: %d bytes give %s', (length, wanted) => {
  expect(hash(Uint8Array.from({ length }, (_, index) => index))).toBe(wanted)
})

test('is the same as in whole words, fed at once or begun anew', () => {
  const sip = new SipHash(KEY)
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), bytes => {
      expect(hash(bytes, sip)).toBe(reference(bytes))
    }),
    { numRuns: 500, seed: 5 },
  )
})
