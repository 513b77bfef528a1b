import { expect, test } from 'vitest'
import { newOptions, numbered } from '../files/ledger.testkit.ts'
import { noteText } from '../files/signed.ts'
import { inclusionPath, leafHash, nodeHash, rootOf, type SubtreeHash } from '../merkle/index.ts'
import { Kind, noteSignerOf, readNote, signNote, verifierOf, writeNote } from '../note/index.ts'
import { makeBundle, type ProofBundle, type Trust, verifyBundle } from './index.ts'

const ENTRIES = numbered(0, 11)
const hashOf: SubtreeHash = (level, index) =>
  level === 0 ? leafHash(ENTRIES[index]) : nodeHash(hashOf(level - 1, 2 * index), hashOf(level - 1, 2 * index + 1))

async function proven(): Promise<{ bundle: ProofBundle; trust: Trust }> {
  const { origin, signer, verifier } = await newOptions()
  const made = await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])
  if (!('privateKey' in made)) throw new Error('one key is no pair')
  const key = new Uint8Array(await crypto.subtle.exportKey('raw', made.publicKey))
  const note = readNote(await noteText({ origin, size: 11, root: rootOf(11, hashOf), extensions: [] }, signer))
  const witness = noteSignerOf('witness.example', Kind.cosignature, made.privateKey, key)
  const signatures = [...note.signatures, await signNote(note.text, witness, 1_795_000_000)]
  return {
    bundle: makeBundle(7, ENTRIES[7], inclusionPath(7, 11, hashOf), writeNote({ text: note.text, signatures })),
    trust: {
      log: [verifier],
      witnesses: [await verifierOf('witness.example', Kind.cosignature, key)],
      quorum: 1,
      origin,
    },
  }
}

test('a bundle that went through JSON holds', async () => {
  const { bundle, trust } = await proven()
  expect(await verifyBundle(JSON.parse(JSON.stringify(bundle)), trust)).toMatchObject({
    ok: true,
    index: 7,
    entry: Uint8Array.from(ENTRIES[7]),
    witnesses: ['witness.example'],
  })
})

const unsigned = (line: number) => (note: string) =>
  note
    .split('\n')
    .filter((_, i, all) => i !== all.length - 1 - line)
    .join('\n')

test.each<[string, (bundle: ProofBundle) => unknown]>([
  ['bundle_malformed', () => null],
  ['bundle_malformed', bundle => ({ ...bundle, index: '7' })],
  ['bundle_malformed', bundle => ({ ...bundle, entry: '*' })],
  ['bundle_malformed', bundle => ({ ...bundle, path: [...bundle.path, 'AAAA'] })],
  ['bundle_version', bundle => ({ ...bundle, version: 2 })],
  ['checkpoint_malformed', bundle => ({ ...bundle, checkpoint: 'x' })],
  ['checkpoint_signature', bundle => ({ ...bundle, checkpoint: bundle.checkpoint.replace('\n11\n', '\n12\n') })],
  ['checkpoint_unknown_key', bundle => ({ ...bundle, checkpoint: unsigned(2)(bundle.checkpoint) })],
  ['cosignature_missing', bundle => ({ ...bundle, checkpoint: unsigned(1)(bundle.checkpoint) })],
  ['index_range', bundle => ({ ...bundle, index: 11 })],
  ['inclusion_mismatch', bundle => ({ ...bundle, index: 6 })],
  ['inclusion_mismatch', bundle => ({ ...bundle, entry: 'AAAA' })],
  ['inclusion_mismatch', bundle => ({ ...bundle, path: bundle.path.slice(1) })],
])('%s: %s', async (code, change) => {
  const { bundle, trust } = await proven()
  expect(await verifyBundle(change(bundle), trust)).toMatchObject({ ok: false, code })
})

test('another log, other keys', async () => {
  const { bundle, trust } = await proven()
  const other = await proven()
  expect(await verifyBundle(bundle, { ...trust, origin: 'x' })).toMatchObject({ code: 'checkpoint_origin' })
  expect(await verifyBundle(bundle, other.trust)).toMatchObject({ code: 'checkpoint_unknown_key' })
})
