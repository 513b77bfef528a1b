import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { expect, test } from 'vitest'
import { Flaw } from '../config/problem.ts'
import { asEnvelope, keyId, open, preAuthEncoding, seal, signsProfiles, textOf } from './dsse.ts'

/** The test vector of the DSSE protocol 1.0.0 (protocol.md): key, envelope and encoding. */
const VECTOR = {
  payload: 'aGVsbG8gd29ybGQ=',
  payloadType: 'http://example.com/HelloWorld',
  signatures: [{ sig: 'A3JqsQGtVsJ2O2xqrI5IcnXip5GToJ3F+FnZ+O88SjtR6rDAajabZKciJTfUiHqJPcIAriEGAHTVeCUjW2JIZA==' }],
}
const X = 46950820868899156662930047687818585632848591499744589407958293238635476079160n
const Y = 5640078356564379163099075877009565129882514886557779369047442380624545832820n
const TYPE = 'http://example.com/HelloWorld'
const BODY = Buffer.from('hello world')

test('the pre-authentication encoding is that of the protocol', () => {
  expect(preAuthEncoding(TYPE, BODY).toString()).toBe('DSSEv1 29 http://example.com/HelloWorld 11 hello world')
  expect(preAuthEncoding('', Buffer.alloc(0)).toString()).toBe('DSSEv1 0  0 ')
  expect(preAuthEncoding('é', Buffer.from('ü')).toString()).toBe('DSSEv1 2 é 2 ü')
})

test('the envelope of the protocol opens with its key', () => {
  const coordinate = (value: bigint) => Buffer.from(value.toString(16).padStart(64, '0'), 'hex').toString('base64url')
  const jwk = { kty: 'EC', crv: 'P-256', x: coordinate(X), y: coordinate(Y) }
  const key = createPublicKey({ key: jwk, format: 'jwk' })
  expect(open(VECTOR, [key])?.toString()).toBe('hello world')
  expect(open({ ...VECTOR, payload: 'aGVsbG8gV29ybGQ=' }, [key])).toBeNull()
})

test.each([
  ['Ed25519', generateKeyPairSync('ed25519')],
  ['ECDSA P-256', generateKeyPairSync('ec', { namedCurve: 'P-256' })],
])('what %s has signed opens with its public key and no other, and only unaltered', (_, { privateKey, publicKey }) => {
  const envelope = seal(TYPE, BODY, privateKey)
  const stranger = generateKeyPairSync('ed25519').publicKey
  expect(envelope.signatures[0]?.keyid).toBe(keyId(publicKey))
  expect(open(envelope, [stranger, publicKey])?.toString()).toBe('hello world')
  expect(open(envelope, [stranger])).toBeNull()
  expect(open(envelope, [])).toBeNull()
  expect(open({ ...envelope, payload: Buffer.from('hello World').toString('base64') }, [publicKey])).toBeNull()
  expect(open({ ...envelope, payloadType: 'other' }, [publicKey])).toBeNull()
  expect(open({ ...envelope, signatures: [] }, [publicKey])).toBeNull()
  expect(open({ ...envelope, signatures: [{ sig: '' }] }, [publicKey])).toBeNull()
})

test('a key id is only a hint, and the URL-safe alphabet is read', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const envelope = seal(TYPE, BODY, privateKey)
  const sig = envelope.signatures[0]!.sig.replaceAll('+', '-').replaceAll('/', '_')
  expect(open({ ...envelope, signatures: [{ keyid: '00', sig }] }, [publicKey])?.toString()).toBe('hello world')
})

test('other keys sign no profiles', () => {
  expect(signsProfiles(generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey)).toBe(false)
  expect(signsProfiles(generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey)).toBe(false)
  expect(signsProfiles(createPublicKey(generateKeyPairSync('ed25519').privateKey))).toBe(true)
})

test.each([[null], ['text'], [{ '@context': 'x', title: 'y' }]])('%j is no envelope', value =>
  expect(asEnvelope(value)).toBeNull(),
)

test.each([
  [{ payload: '', payloadType: 'x' }],
  [{ payload: '', payloadType: 'x', signatures: [{}] }],
  [{ payload: '', payloadType: 'x', signatures: [{ sig: 1 }] }],
  [{ payload: '', payloadType: 'x', signatures: [null] }],
  [{ '@context': 'x', title: 'y', payloadType: null }],
])('%j is meant as one and is not whole', value => expect(asEnvelope(value)).toBeInstanceOf(Flaw))

test('a body is UTF-8 without a byte order mark', () => {
  expect(textOf(Buffer.from('{"a":"é"}'))).toBe('{"a":"é"}')
  expect(textOf(Buffer.from([0x7b, 0xff, 0x7d]))).toBeNull()
  expect(textOf(Buffer.from('\ufeff{}'))).toBeNull()
})
