import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Kind, makeBundle, noteSignerOf, type ProofBundle, verifierOf, verifierText } from '@ringwall/proof'
import { Ledger, LedgerReader } from '@ringwall/proof/files'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { verifierPage } from '../../../proof/browser/page.ts'
import { lacks } from '../peers/needs.ts'

const ORIGIN = 'browser.example/audit'
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ringwall-browser-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** What the page finds of some bundles, in a browser that reaches nothing but this file. */
function foundBy(bundles: readonly ProofBundle[], key: string): unknown {
  const page = join(folder, 'page.html')
  writeFileSync(
    page,
    verifierPage(`
import { readVerifier, verifyBundle } from '@ringwall/proof'
const show = text => { document.getElementById('found').textContent = text }
try {
  const trust = { log: [await readVerifier(${JSON.stringify(key)})] }
  const found = []
  for (const bundle of ${JSON.stringify(bundles)}) {
    const judged = await verifyBundle(bundle, trust)
    found.push(judged.ok ? 'ok' : judged.code)
  }
  show(JSON.stringify(found))
} catch (error) {
  show(JSON.stringify(String(error)))
}`),
  )
  const { stdout, stderr } = spawnSync(
    'chromium',
    [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-dev-shm-usage',
      '--host-resolver-rules=MAP * ~NOTFOUND',
      `--user-data-dir=${join(folder, 'profile')}`,
      '--virtual-time-budget=20000',
      '--dump-dom',
      pathToFileURL(page).href,
    ],
    { encoding: 'utf8', timeout: 100_000 },
  )
  const shown = /<pre id="found">([^<]*)<\/pre>/.exec(stdout)?.[1]
  if (shown === undefined || shown === '-') throw new Error(`the page shows nothing: ${stderr.slice(-2_000)}`)
  return JSON.parse(shown.replaceAll('&quot;', '"'))
}

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
