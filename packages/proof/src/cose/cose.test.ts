import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { HmacKey } from '../hash/hmac.ts'
import { Algorithm, createMac0, createSign1, Header, signerOf, verifyMac0, verifySign1 } from './index.ts'

const of = (text: string) => Uint8Array.from(Buffer.from(text, 'hex'))
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
const CONTENT = new TextEncoder().encode('This is the content.')
/** The key of the working group's examples (github.com/cose-wg/Examples, mac0-tests). */
const KEY = new HmacKey(Buffer.from('hJtXIZ2uSN5kbQfbtTNWbpdmhkV8FJG-Onbc6mxCcYg', 'base64url'))
const EXTERNAL = of('ff00ee11dd22cc33bb44aa559966')
const HMAC_01 =
  'd18443a10105a054546869732069732074686520636f6e74656e742e5820a1a848d3471f9d61ee49018d244c824772f223ad4f935293f1789fc3a08d8c58'

const code = (name: string) => expect.objectContaining({ code: name })

describe('COSE_Mac0', () => {
  test.each([
    ['HMac-01', HMAC_01, undefined],
    [
      'mac-pass-01',
      'd18441a0a1010554546869732069732074686520636f6e74656e742e5820176dce14c1e57430c13658233f41dc89aa4fa0ff9b8783f23b0ef51ca6b026bc',
      undefined,
    ],
    [
      'mac-pass-02',
      'd18440a1010554546869732069732074686520636f6e74656e742e58200fecaec59bb46cc8a488aaca4b205e322dd52696b75a45768d3c302dd4bae2f7',
      EXTERNAL,
    ],
  ])("the working group's example %s holds", (_, bytes, external) => {
    const { payload } = verifyMac0(KEY, of(bytes), external === undefined ? {} : { external })
    expect(payload).toEqual(CONTENT)
  })

  test('what is made is the example', () => {
    expect(hex(createMac0(KEY, CONTENT, new Map()))).toBe(HMAC_01)
  })

  test('a detached payload, external data, and a short tag only where it is allowed', () => {
    const options = { external: EXTERNAL, detached: true, algorithm: Algorithm.HMAC_256_64 }
    const made = createMac0(KEY, CONTENT, new Map([[Header.keyId, of('0102')]]), options)
    const allowed = [Algorithm.HMAC_256_64, Algorithm.HMAC_256] as const
    const read = verifyMac0(KEY, made, { external: EXTERNAL, detached: CONTENT, allowed })
    expect(read.secured.get(Header.keyId)).toEqual(of('0102'))
    expect(() => verifyMac0(KEY, made, { external: EXTERNAL, detached: CONTENT })).toThrow(code('cose_algorithm'))
    expect(() => verifyMac0(KEY, made, { external: EXTERNAL, allowed })).toThrow(code('cose_payload'))
    expect(() => verifyMac0(KEY, made, { detached: CONTENT, allowed })).toThrow(code('cose_tag'))
    expect(() => verifyMac0(KEY, of(HMAC_01), { detached: CONTENT })).toThrow(code('cose_payload'))
  })

  test.each([
    ['a cut tag', HMAC_01.replace('5820', '581f').slice(0, -2), 'cose_tag'],
    ['another key', HMAC_01.replace('a1a848', 'a1a849'), 'cose_tag'],
    ['another tag of CBOR', HMAC_01.replace('d1', 'd2'), 'cose_malformed'],
    ['no algorithm', HMAC_01.replace('43a10105', '40'), 'cose_algorithm'],
    ['three parts', 'd18340a040', 'cose_malformed'],
    ['something critical', HMAC_01.replace('43a10105', '46a20105028101'), 'cose_critical'],
  ])('%s is refused', (_, bytes, wanted) => {
    expect(() => verifyMac0(KEY, of(bytes))).toThrow(code(wanted))
  })

  test('no byte can be changed', () => {
    fc.assert(
      fc.property(fc.nat(HMAC_01.length / 2 - 1), fc.integer({ min: 1, max: 255 }), (at, mask) => {
        const bytes = of(HMAC_01)
        bytes[at] ^= mask
        // The empty map of unprotected headers may become one of others, of which nothing is believed.
        expect(() => verifyMac0(KEY, bytes)).toThrow(expect.objectContaining({ name: 'ProofError' }))
      }),
      { seed: 9, numRuns: 2_000 },
    )
  })
})

describe('COSE_Sign1', () => {
  const coordinates = {
    kty: 'EC',
    crv: 'P-256',
    x: 'usWxHK2PmfnHKwXPS54m0kTcGJ90UiglWiGahtagnv8',
    y: 'IBOL-C3BttVivg-lSreASjpkttcsz-1rb7btKLv8EX4',
  }
  const ecdsa = { name: 'ECDSA', namedCurve: 'P-256' }

  test("the working group's example sign-pass-02 holds", async () => {
    const key = await crypto.subtle.importKey('jwk', coordinates, ecdsa, true, ['verify'])
    const bytes = of(
      'd28443a10126a10442313154546869732069732074686520636f6e74656e742e5840eae868ecc176883766c5dc5ba5b8dca25dab3c2e56a551ce5705b793914348e155388b10c4f1b59a6733eab416870a945111a4b2fbdbef33a77234b1deff2f9b',
    )
    const external = of('11aa22bb33cc44dd55006699')
    expect((await verifySign1(key, bytes, { external })).payload).toEqual(CONTENT)
    await expect(verifySign1(key, bytes)).rejects.toThrow(code('cose_signature'))
  })

  test("the working group's example sign-pass-01 holds: the algorithm unprotected, no protected headers", async () => {
    const key = await crypto.subtle.importKey('jwk', coordinates, ecdsa, true, ['verify'])
    const bytes = of(
      'd28441a0a201260442313154546869732069732074686520636f6e74656e742e5840eae868ecc176883766c5dc5ba5b8dca25dab3c2e56a551ce5705b793914348e11a02e5f0344bf2d4ee5c7fd75a68a9f5e0b3cc1f1fc1409c189566586ff9d610',
    )
    expect((await verifySign1(key, bytes)).payload).toEqual(CONTENT)
  })

  test("the working group's example EdDSA-01 (eddsa-sig-01) holds, and not for a P-256 key", async () => {
    const point = of('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a')
    const key = await crypto.subtle.importKey('raw', point, 'Ed25519', true, ['verify'])
    const bytes = of(
      'd28445a201270300a10442313154546869732069732074686520636f6e74656e742e58407142fd2ff96d56db85bee905a76ba1d0b7321a95c8c4d3607c5781932b7afb8711497dfa751bf40b58b3bcc32300b1487f3db34085eef013bf08f4a44d6fef0d',
    )
    expect((await verifySign1(key, bytes)).payload).toEqual(CONTENT)
    const other = await crypto.subtle.importKey('jwk', coordinates, ecdsa, true, ['verify'])
    await expect(verifySign1(other, bytes)).rejects.toThrow(code('cose_algorithm'))
  })

  test.each([
    ['Ed25519', 'Ed25519' as const],
    ['ES256', ecdsa],
  ])('%s: what is signed is verified, and nothing else', async (_, kind) => {
    const make = async () => {
      const pair = await crypto.subtle.generateKey(kind, true, ['sign', 'verify'])
      if (!('privateKey' in pair)) throw new Error('one key is no pair')
      return pair
    }
    const [own, other] = [await make(), await make()]
    const made = await createSign1(signerOf(own.privateKey), CONTENT, new Map(), { detached: true })
    const read = await verifySign1(own.publicKey, made, { detached: CONTENT })
    expect(read.payload).toEqual(CONTENT)
    const changed = CONTENT.with(3, 0)
    await expect(verifySign1(own.publicKey, made, { detached: changed })).rejects.toThrow(code('cose_signature'))
    await expect(verifySign1(other.publicKey, made, { detached: CONTENT })).rejects.toThrow(code('cose_signature'))
  })
})
