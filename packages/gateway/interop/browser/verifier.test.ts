import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Kind, makeBundle, noteSignerOf, type ProofBundle, verifierOf, verifierText } from '@ringwall/proof'
import { Ledger, LedgerReader } from '@ringwall/proof/files'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { verifierPage } from '../../../proof/browser/page.ts'
import { lacks } from '../peers/needs.ts'
import { foundIn, showing } from './chromium.ts'

const ORIGIN = 'browser.example/audit'
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ringwall-browser-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** What the page finds of some bundles. */
const foundBy = (bundles: readonly ProofBundle[], key: string): unknown =>
  foundIn(
    verifierPage(
      showing(
        `
import { readVerifier, verifyBundle } from '@ringwall/proof'
const judge = async (bundles, key) => {
  const trust = { log: [await readVerifier(key)] }
  const found = []
  for (const bundle of bundles) {
    const judged = await verifyBundle(bundle, trust)
    found.push(judged.ok ? 'ok' : judged.code)
  }
  return found
}`,
        `judge(${JSON.stringify(bundles)}, ${JSON.stringify(key)})`,
      ),
    ),
  )

test.skipIf(lacks('chromium'))(
  'a page on a disk verifies a bundle in a browser, and says why another does not hold',
  async () => {
    const made = await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])
    if (!('privateKey' in made)) throw new Error('one key is no pair')
    const raw = new Uint8Array(await crypto.subtle.exportKey('raw', made.publicKey))
    const ledger = await Ledger.open(join(folder, 'log'), {
      origin: ORIGIN,
      signer: noteSignerOf(ORIGIN, Kind.ed25519, made.privateKey, raw),
      verifier: await verifierOf(ORIGIN, Kind.ed25519, raw),
    })
    await ledger.append(Array.from({ length: 700 }, (_, i) => Buffer.from(`entry ${i}`)))
    await ledger.close()
    const reader = new LedgerReader(join(folder, 'log'))
    const good = makeBundle(517, reader.entry(517), reader.inclusion(517), reader.note)
    const bundles = [
      good,
      { ...good, entry: Buffer.from('entry 518').toString('base64') },
      { ...good, checkpoint: good.checkpoint.replace('\n700\n', '\n701\n') },
      { ...good, index: 700 },
    ]
    const found = foundBy(bundles, verifierText(ORIGIN, Kind.ed25519, raw))
    expect(found).toEqual(['ok', 'inclusion_mismatch', 'checkpoint_signature', 'index_range'])
  },
)
