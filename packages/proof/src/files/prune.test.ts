import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { isConsistent, leafHash, rootFromInclusion } from '../merkle/index.ts'
import { Ledger, LedgerReader, pruneFolder, verifyFolder } from './index.ts'
import { newOptions, numbered } from './ledger.testkit.ts'

let folder: string
const code = (name: string) => expect.objectContaining({ code: name })

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ringwall-prune-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

async function ledgerOf(count: number) {
  const options = await newOptions()
  const ledger = await Ledger.open(folder, options)
  await ledger.append(numbered(0, 300))
  const early = ledger.checkpoint
  await ledger.append(numbered(300, count - 300))
  await ledger.close()
  return { options, early }
}

test('what is kept is read, proven and verified as before, and goes on', async () => {
  const { options } = await ledgerOf(1_500)
  expect(await pruneFolder(folder, 1_000, [options.verifier])).toEqual({ from: 768, bundles: 3 })
  expect(await verifyFolder(folder, [options.verifier])).toMatchObject({ ok: true, size: 1_500, from: 768 })
  const ledger = await Ledger.open(folder, options)
  await ledger.append(numbered(1_500, 600))
  await ledger.close()
  const reader = new LedgerReader(folder)
  const { size, root } = reader.checkpoint
  for (const index of [768, 1_499, 2_099]) {
    const found = rootFromInclusion(index, size, leafHash(reader.entry(index)), reader.inclusion(index))
    expect(Buffer.from(found ?? [])).toEqual(Buffer.from(root))
  }
  // Whoever kept a pruned entry can still prove it.
  const pruned = rootFromInclusion(5, size, leafHash(numbered(5, 1)[0]), reader.inclusion(5))
  expect(Buffer.from(pruned ?? [])).toEqual(Buffer.from(root))
  expect(() => reader.entry(767)).toThrow(code('entry_pruned'))
  expect([...reader.entries(reader.from)]).toHaveLength(2_100 - 768)
  expect(await verifyFolder(folder, [options.verifier])).toMatchObject({ ok: true, size: 2_100, from: 768 })
})

test('a tree from before the pruning is still shown to be the beginning', async () => {
  const { options } = await ledgerOf(1_500)
  const old = new LedgerReader(folder)
  await pruneFolder(folder, 1_500, [options.verifier])
  const ledger = await Ledger.open(folder, options)
  await ledger.append(numbered(0, 9))
  await ledger.close()
  const reader = new LedgerReader(folder)
  expect(isConsistent(1_500, 1_509, old.checkpoint.root, reader.checkpoint.root, reader.consistency(1_500))).toBe(true)
})

test('pruning never goes back, and not beyond the end', async () => {
  const { options } = await ledgerOf(1_500)
  const keys = [options.verifier]
  await pruneFolder(folder, 600, keys)
  expect(await pruneFolder(folder, 100, keys)).toEqual({ from: 512, bundles: 0 })
  await expect(pruneFolder(folder, 1_501, keys)).rejects.toEqual(code('index_range'))
  await expect(pruneFolder(folder, 0, [(await newOptions()).verifier])).rejects.toEqual(code('checkpoint_unknown_key'))
})

test('a bundle that is missing beyond what is said to be pruned is a fault, and so is a lie about it', async () => {
  const { options } = await ledgerOf(1_500)
  await pruneFolder(folder, 600, [options.verifier])
  for (const [text, found] of [
    ['256\n', { ok: false, code: 'file_missing', file: 'tile/entries/001' }],
    ['0x100\n', { ok: false, code: 'pruned_malformed', file: 'pruned' }],
    ['2560\n', { ok: false, code: 'pruned_malformed', file: 'pruned' }],
  ] as const) {
    writeFileSync(join(folder, 'pruned'), text)
    expect(await verifyFolder(folder, [options.verifier])).toMatchObject(found)
  }
})
