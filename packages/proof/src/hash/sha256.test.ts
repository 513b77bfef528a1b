import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sha256 } from './sha256.ts'

test('digests are those of OpenSSL, whatever the length and however it is cut', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(300), (bytes, cut) => {
      const wanted = createHash('sha256').update(bytes).digest('hex')
      expect(Buffer.from(sha256(bytes.subarray(0, cut), bytes.subarray(cut))).toString('hex')).toBe(wanted)
    }),
    { seed: 1, numRuns: 500 },
  )
})

test.each([
  // FIPS 180-4's examples.
  ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
  ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
  [
    'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq',
    '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
  ],
])('%s', (text, digest) => {
  expect(Buffer.from(sha256(new TextEncoder().encode(text))).toString('hex')).toBe(digest)
})
