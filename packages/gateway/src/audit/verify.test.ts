import { createPrivateKey, generateKeyPairSync } from 'node:crypto'
import { cpSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decodeEntries, encodeCbor, encodeEntries, Kind, verifierOf } from '@ringwall/proof'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type KeptLedger, keptLedger } from '../../soak/kept-ledger.ts'
import { Committer } from './commitment.ts'
import { entryOf } from './ocsf.ts'
import { openLedger } from './open.ts'
import { verifyLedger } from './verify.ts'

const COUNT = 600
const ORIGIN = { version: '0', site: 'mill-3', origin: 'ringwall/mill-3' }
let good: KeptLedger
let home: string
let folder: string

beforeAll(async () => {
  good = await keptLedger(COUNT)
})
afterAll(() => good.remove())
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'ringwall-root-'))
  folder = join(home, 'ledger')
  cpSync(good.folder, folder, { recursive: true })
})
afterEach(() => rmSync(home, { recursive: true }))

const at = (name: string): string => join(folder, ...name.split('/'))
const keptNote = (): string => readFileSync(join(good.folder, 'checkpoint'), 'utf8')

/** What a verification of the changed folder says. */
async function said(kept: string | null = null): Promise<string> {
  const found = await verifyLedger(folder, good.keys, kept)
  return found.ok ? `holds, ${found.size}` : `${found.code} ${found.file} ${found.entry}`
}

function edit(name: string, work: (bytes: Buffer) => Uint8Array): void {
  writeFileSync(at(name), work(readFileSync(at(name))))
}

/** Puts another ledger in the place of this one. */
function replace(by: KeptLedger): void {
  rmSync(folder, { recursive: true })
  cpSync(by.folder, folder, { recursive: true })
  by.remove()
}

/** Makes entries that go on from what stands in the folder, signed by its key. */
async function append(...details: object[]): Promise<void> {
  const key = createPrivateKey(good.pem)
  const ledger = await openLedger(folder, ORIGIN.origin, key, join(home, 'k'), false)
  const committer = new Committer(new Uint8Array(32))
  const bytes = details.map(each =>
    encodeCbor(
      entryOf({ kind: 'trimmed', time: 0, message: '', details: each as Record<string, string> }, ORIGIN, committer),
    ),
  )
  await ledger.append(bytes)
  await ledger.close()
}

describe('a root user', () => {
  test('who does nothing is not accused', async () => {
    expect(await said()).toBe(`holds, ${COUNT}`)
    expect(await said(keptNote())).toBe(`holds, ${COUNT}`)
  })

  test('who edits an entry is found at that entry', async () => {
    edit('tile/entries/001', bytes => {
      bytes[bytes.indexOf('pump-300 connected')] ^= 1
      return bytes
    })
    expect(await said()).toBe('entry_mismatch tile/entries/001 300')
  })

  test('who makes its hash fit is found at the tile above', async () => {
    edit('tile/0/001', bytes => {
      bytes[44 * 32] ^= 1
      return bytes
    })
    expect(await said()).toBe('tile_mismatch tile/0/001 300')
  })

  test('who reorders entries is found at the first that moved', async () => {
    edit('tile/entries/001', bytes => {
      const { entries } = decodeEntries(bytes, 256)
      ;[entries[7], entries[9]] = [entries[9], entries[7]]
      return encodeEntries(entries)
    })
    expect(await said()).toBe('entry_mismatch tile/entries/001 263')
  })

  test('who reorders files is found at the first of them', async () => {
    renameSync(at('tile/entries/000'), at('tile/entries/x'))
    renameSync(at('tile/entries/001'), at('tile/entries/000'))
    renameSync(at('tile/entries/x'), at('tile/entries/001'))
    expect(await said()).toBe('entry_mismatch tile/entries/000 0')
  })

  test('who truncates is found: a file that is cut, that is longer, or that is gone', async () => {
    edit('tile/entries/002.p/88', bytes => bytes.subarray(0, -10))
    expect(await said()).toMatch(/^entry_\w+ tile\/entries\/002\.p\/88 599$/)
    edit('tile/entries/002.p/88', () =>
      Buffer.concat([readFileSync(join(good.folder, 'tile/entries/002.p/88')), Buffer.of(0)]),
    )
    expect(await said()).toBe('bundle_longer tile/entries/002.p/88 null')
    rmSync(at('tile/entries/002.p/88'))
    expect(await said()).toBe('file_missing tile/entries/002.p/88 null')
  })

  test('who alters the checkpoint, or takes it away, is found there', async () => {
    edit('checkpoint', bytes => Buffer.from(bytes.toString().replace('\n600\n', '\n599\n')))
    expect(await said()).toMatch(/^note_signature checkpoint/)
    rmSync(at('checkpoint'))
    expect(await said()).toBe('file_missing checkpoint null')
  })

  test('who regenerates everything without the key is found by the key', async () => {
    replace(await keptLedger(COUNT, undefined, 0))
    expect(await said()).toMatch(/^(checkpoint_unknown_key|note_signature) checkpoint/)
  })

  test('who regenerates everything with the stolen key is found by a checkpoint that was kept', async () => {
    replace(await keptLedger(COUNT + 10, good.pem, 0))
    expect(await said()).toBe(`holds, ${COUNT + 10}`)
    expect(await said(keptNote())).toBe('history_other checkpoint null')
  })

  test('who puts an older state back is found by a checkpoint that was kept', async () => {
    replace(await keptLedger(COUNT - 100, good.pem))
    expect(await said(keptNote())).toBe(`history_shorter checkpoint ${COUNT - 100}`)
  })

  test('who gives another checkpoint for the one that was kept is told so', async () => {
    expect(await said('nothing')).toBe('kept_malformed checkpoint null')
    expect(await said(keptNote().replace('\n600\n', '\n500\n'))).toBe('kept_signature checkpoint null')
    const other = await keptLedger(10)
    expect(await said(readFileSync(join(other.folder, 'checkpoint'), 'utf8'))).toBe('kept_signature checkpoint null')
    other.remove()
  })

  test('who edits or removes acts is found, and so is nobody where the ledger says that they went', async () => {
    const [name] = readdirSync(at('acts'))
    edit(`acts/${name}`, bytes => {
      bytes[20] ^= 1
      return bytes
    })
    expect(await said()).toBe(`acts_changed acts/${name} 0`)
    edit(`acts/${name}`, () => Buffer.alloc(65 * 1024 ** 2))
    expect(await said()).toBe(`acts_changed acts/${name} 0`)
    rmSync(at(`acts/${name}`))
    expect(await said()).toBe(`acts_missing acts/${name} 0`)
    await append({ until: name })
    expect(await said()).toBe(`holds, ${COUNT + 1}`)
  })

  test('who adds acts has them named as what no entry knows', async () => {
    const name = `${'9'.repeat(15)}-${'0'.repeat(9)}.acts`
    writeFileSync(at(`acts/${name}`), 'made up')
    expect(await verifyLedger(folder, good.keys, null)).toMatchObject({ ok: true, batches: 1, unnamed: [name] })
  })
})

test('whoever names a witness has its word or is told that it is missing', async () => {
  const key = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' }).x ?? ''
  const witness = await verifierOf('witness.example', Kind.cosignature, Buffer.from(key, 'base64url'))
  expect(await verifyLedger(folder, [...good.keys, witness], null)).toMatchObject({ code: 'cosignature_missing' })
  expect(await verifyLedger(folder, [witness], null)).toMatchObject({ code: 'checkpoint_unknown_key' })
})
