import { createPrivateKey, generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encodeCbor, Kind, readVerifier, type Trust, type Verifier, verifierOf } from '@ringwall/proof'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Committer } from './commitment.ts'
import { disclosePayload } from './disclose.ts'
import { entryOf } from './ocsf.ts'
import { openLedger } from './open.ts'
import { type Proof, proofOf, readProof, verifyProof } from './proof.ts'
import { openView } from './view.ts'

const ORIGIN = { version: '0', site: 'mill-3', origin: 'ringwall/mill-3' }
const committer = new Committer(new Uint8Array(32).fill(5))
const payload = new TextEncoder().encode('open the gate')
let home: string
let key: Verifier
let proofs: Proof[]

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'ringwall-proof-'))
  const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' })
  const ledger = await openLedger(join(home, 'l'), ORIGIN.origin, createPrivateKey(pem), join(home, 'k'), false)
  const refused = encodeCbor(entryOf({ kind: 'refuse', time: 0, message: '', payload }, ORIGIN, committer))
  const started = encodeCbor(entryOf({ kind: 'start', time: 0, message: '' }, ORIGIN, committer))
  await ledger.append([refused, started, new TextEncoder().encode('no event')])
  await ledger.close()
  key = await readVerifier(ledger.verifier)
  const view = openView(join(home, 'l'))
  proofs = [0, 1, 2].map(index => proofOf(view, index))
})
afterAll(() => rmSync(home, { recursive: true }))

const otherKey = async (kind: Kind, name = ORIGIN.origin): Promise<Verifier> => {
  const { x = '' } = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' })
  return verifierOf(name, kind, Buffer.from(x, 'base64url'))
}

/** What a proof comes to: `holds`, or the reason, once it was written to a file and read again. */
async function said(index: number, parts: object = {}, trust: Partial<Trust> = {}): Promise<string> {
  const text = JSON.stringify({ ...proofs[index], ...parts })
  try {
    const found = await verifyProof(readProof(text, 'proof.json'), { log: [key], ...trust })
    return found.ok ? 'holds' : found.code
  } catch (error) {
    return (error as { code: string }).code
  }
}
const disclosed = (): object => {
  const view = openView(join(home, 'l'))
  return { payload: disclosePayload(view.get(0), payload, committer) }
}

test('a proof holds with the key alone, and discloses a payload to whom it is given', async () => {
  expect(await said(0)).toBe('holds')
  expect(await said(1)).toBe('holds')
  expect(await said(0, disclosed())).toBe('holds')
})

test.each([
  ['bundle_malformed', { entry: 7 }],
  ['bundle_malformed', { path: 'none' }],
  ['bundle_malformed', { payload: 'none' }],
  ['bundle_malformed', { act: { index: 0 } }],
  ['bundle_version', { version: 2 }],
  ['index_range', { index: 3 }],
  ['inclusion_mismatch', { index: 1 }],
  ['inclusion_mismatch', { path: [] }],
  ['checkpoint_malformed', { checkpoint: 'no note' }],
  ['act_none', { act: { index: 0, leaf: '', path: [], party: '', salt: '' } }],
])('a proof that was changed does not hold: %s', async (code, parts) => {
  expect(await said(0, parts)).toBe(code)
})

test('another entry in the place of the one that was proven does not hold', async () => {
  expect(await said(0, { entry: proofs[1].entry })).toBe('inclusion_mismatch')
})

test('a checkpoint with another root, or of whom nobody believes, does not hold', async () => {
  const { checkpoint } = proofs[0]
  const [origin, , root, ...rest] = checkpoint.split('\n')
  expect(await said(0, { checkpoint: [origin, '9', root, ...rest].join('\n') })).toBe('checkpoint_signature')
  expect(await said(0, {}, { log: [await otherKey(Kind.ed25519)] })).toBe('checkpoint_unknown_key')
  expect(await said(0, {}, { log: [] })).toBe('checkpoint_unknown_key')
  expect(await said(0, {}, { origin: 'ringwall/mill-4' })).toBe('checkpoint_origin')
})

test('a witness that is named has cosigned, or the proof does not hold', async () => {
  const witness = await otherKey(Kind.cosignature, 'witness.example')
  expect(await said(0, {}, { witnesses: [witness], quorum: 1 })).toBe('cosignature_missing')
})

test('what stands in the ledger and is no event is told as that', async () => {
  expect(await said(2)).toBe('entry_malformed')
})

test('another payload, another salt, and an entry without one, are told apart', async () => {
  const { payload: good } = disclosed() as { payload: { bytes: string; salt: string } }
  expect(await said(0, { payload: { ...good, bytes: `${good.bytes}00` } })).toBe('payload_mismatch')
  expect(await said(0, { payload: { ...good, salt: '00'.repeat(32) } })).toBe('payload_mismatch')
  expect(await said(0, { payload: { ...good, salt: 'zz' } })).toBe('payload_mismatch')
  expect(await said(1, { payload: good })).toBe('payload_none')
})

test('what is no JSON of a proof is refused by its code', () => {
  for (const text of ['', '[]', 'null', '{']) {
    expect(() => readProof(text, 'x')).toThrow(expect.objectContaining({ code: 'bundle_malformed' }))
  }
})
