import { asCose, asEnvelope, asProperty, Sealer, sealKey } from '@ringwall/proof'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { whyNoSeal } from './unsealable.ts'

const utf8 = new TextEncoder()
const PAYLOAD = utf8.encode('{"on":true}')
const seal = new Sealer(sealKey(new Uint8Array(32), 'pump-1', 1), 1).seal('t', PAYLOAD, 1_795_000_000_000)

/** What is said of a seal in each of its carriers. */
function all(changed: typeof seal): (string | null)[] {
  const text = utf8.encode(asProperty(changed))
  const [envelope, cose] = [asEnvelope(changed, PAYLOAD), asCose(changed, PAYLOAD)]
  return [
    whyNoSeal(text, 0, text.length, true),
    whyNoSeal(envelope, 0, envelope.length),
    whyNoSeal(cose, 0, cose.length),
  ]
}

test('a tag that is cut, another algorithm and another spelling are told apart', () => {
  for (const length of [0, 8, 31]) {
    expect(new Set(all({ ...seal, tag: seal.tag.subarray(0, length) }))).toEqual(new Set(['truncated']))
  }
  for (const algorithm of [1, 4, 6, 7]) {
    expect(new Set(all({ ...seal, secured: seal.secured.with(2, algorithm) }))).toEqual(new Set(['algorithm']))
  }
  const short = { ...seal, secured: seal.secured.with(2, 4), tag: seal.tag.subarray(0, 8) }
  expect(new Set(all(short))).toEqual(new Set(['algorithm']))
  const version = { ...seal, secured: seal.secured.with(5, 2) }
  expect(new Set(all(version))).toEqual(new Set(['malformed']))
})

test('what is no text is malformed, and a payload that was not meant to be sealed is nothing', () => {
  const envelope = utf8.encode('rw1.AAAA.{}')
  expect(whyNoSeal(envelope, 0, envelope.length)).toBe('malformed')
  const value = utf8.encode('no seal')
  expect(whyNoSeal(value, 0, value.length, true)).toBe('malformed')
  // A COSE_Mac0 of somebody else's.
  const other = Uint8Array.of(0xd1, 0x84, 0x43, 0xa1, 0x01, 0x04, 0xa0, 0x41, 0x78, 0x41, 0x79)
  expect(whyNoSeal(other, 0, other.length)).toBe(null)
  expect(whyNoSeal(PAYLOAD, 0, PAYLOAD.length)).toBe(null)
})

test('bytes of any kind are answered', () => {
  const begun = fc.uint8Array({ maxLength: 80 }).map(tail => Uint8Array.of(0xd1, 0x84, ...tail))
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 80 }), begun), fc.boolean(), (bytes, isText) => {
      expect([null, 'algorithm', 'truncated', 'malformed']).toContain(whyNoSeal(bytes, 0, bytes.length, isText))
    }),
    { seed: 5, numRuns: 500 },
  )
})
