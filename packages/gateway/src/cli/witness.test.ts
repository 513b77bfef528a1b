import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  Kind,
  noteSignerOf,
  readNote,
  readVerifier,
  signNote,
  verifierOf,
  verifierText,
  verifyNote,
  writeCheckpoint,
  writeNote,
} from '@ringwall/proof'
import { Ledger, LedgerReader } from '@ringwall/proof/files'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ledgerVerbs } from './ledger.ts'
import { printedBy } from './verb.testkit.ts'
import { witnessVerbs } from './witness.ts'
import { readKeys } from './witness-keys.ts'

const ORIGIN = 'log.example/audit'
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ringwall-witness-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const ran = (...args: string[]) => printedBy([witnessVerbs, ledgerVerbs], args)

test('keys are made once, are their owner’s alone, and sign what their texts verify', async () => {
  const keys = join(folder, 'w')
  const { status, out } = await ran('witness', 'init', '--name', 'w.example', '--keys', keys)
  expect(status).toBe(0)
  expect(statSync(join(keys, 'ed25519.key')).mode & 0o777).toBe(0o600)
  const verifiers = await Promise.all(out.trim().split('\n').map(readVerifier))
  const signers = await readKeys(keys)
  expect(signers.map(({ id }) => id)).toEqual(verifiers.map(({ id }) => id))
  const text = writeCheckpoint({ origin: ORIGIN, size: 1, root: new Uint8Array(32), extensions: [] })
  const signatures = await Promise.all(signers.map(signer => signNote(text, signer, 7)))
  expect(await verifyNote(readNote(writeNote({ text, signatures })), verifiers)).toHaveLength(signers.length)
  expect(await ran('witness', 'init', '--name', 'w.example', '--keys', keys)).toMatchObject({ status: 2 })
})

test('compare finds one history, and two', async () => {
  const made = await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])
  if (!('privateKey' in made)) throw new Error('one key is no pair')
  const raw = new Uint8Array(await crypto.subtle.exportKey('raw', made.publicKey))
  const signer = noteSignerOf(ORIGIN, Kind.ed25519, made.privateKey, raw)
  const options = { origin: ORIGIN, signer, verifier: await verifierOf(ORIGIN, Kind.ed25519, raw) }
  const file = (name: string) => join(folder, name)
  for (const name of ['a', 'b']) {
    const ledger = await Ledger.open(file(name), options)
    await ledger.append([Buffer.from('first')])
    writeFileSync(file(`${name}.1`), ledger.checkpoint)
    await ledger.append([Buffer.from(name)])
    await ledger.close()
    writeFileSync(file(`${name}.2`), new LedgerReader(file(name)).note)
  }
  const compare = (a: string, b: string, ...more: string[]) =>
    ran('witness', 'compare', file(a), file(b), '--key', verifierText(ORIGIN, Kind.ed25519, raw), ...more)
  expect(await compare('a.2', 'b.2')).toMatchObject({
    status: 1,
    out: 'split_view: the log has signed two histories of 2 entries\n',
  })
  expect(await compare('a.1', 'a.2', '--ledger', file('a'))).toMatchObject({
    status: 0,
    out: 'one history, of 1 and 2 entries\n',
  })
  expect((await compare('a.1', 'a.2')).out).toContain('proof_missing')
  expect(await compare('a.1', 'none')).toMatchObject({ status: 2 })
  expect(await compare('a', 'a.2')).toMatchObject({ status: 2 })
})

test('what cannot be served is refused with what to do', async () => {
  expect((await ran('ledger', 'serve', folder)).err).toContain('ledger_unreadable')
  writeFileSync(join(folder, 'logs'), '# none\nlog+x\n')
  const { status, err } = await ran('witness', 'serve', '--logs', join(folder, 'logs'), '--keys', folder)
  expect(status).toBe(2)
  expect(err).toContain('log_key')
})
