import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { makeBundle, verifyBundle } from '../bundle/index.ts'
import { isConsistent } from '../merkle/index.ts'
import { type Disk, disk } from './disk.ts'
import { Ledger, LedgerReader, verifyFolder } from './index.ts'
import { newOptions, numbered, ORIGIN } from './ledger.testkit.ts'

const LATER = 3_600_000
let folder: string
const code = (name: string) => expect.objectContaining({ code: name })

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ringwall-journal-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** A ledger as a power cut leaves it: 300 entries are published, 700 stand in the journal alone, in seven commits. */
async function cutOff() {
  const options = { ...(await newOptions()), publishAfter: LATER }
  const path = join(folder, 'whole')
  const first = await Ledger.open(path, options)
  await first.append(numbered(0, 300))
  await first.close()
  const ledger = await Ledger.open(path, options)
  for (let size = 300; size < 1_000; size += 100) await ledger.append(numbered(size, 100))
  const copy = join(folder, 'cut')
  cpSync(path, copy, { recursive: true, filter: each => !each.endsWith('lock') })
  await ledger.close()
  return { options, copy, journal: join(copy, 'pending-300') }
}

test('a reader sees what is acknowledged before it is published, and proves it', async () => {
  const { options, copy } = await cutOff()
  const reader = new LedgerReader(copy)
  const published = new LedgerReader(copy, { published: true })
  expect([published.checkpoint.size, reader.checkpoint.size]).toEqual([300, 1_000])
  for (const index of [0, 299, 300, 512, 999]) {
    expect(Buffer.from(reader.entry(index))).toEqual(numbered(index, 1)[0])
    const bundle = makeBundle(index, reader.entry(index), reader.inclusion(index), reader.note)
    expect(await verifyBundle(bundle, { log: [options.verifier], origin: ORIGIN })).toMatchObject({ ok: true, index })
  }
  expect([...reader.entries(200)].map(([, entry]) => Buffer.from(entry))).toEqual(numbered(200, 800))
  const { root } = published.checkpoint
  expect(isConsistent(300, 1_000, root, reader.checkpoint.root, reader.consistency(300))).toBe(true)
  expect(() => published.entry(300)).toThrow(code('index_range'))
  expect(await verifyFolder(copy, [options.verifier])).toMatchObject({ ok: true, size: 1_000 })
})

test('what is opened again goes on, is published, and leaves no journal', async () => {
  const { options, copy } = await cutOff()
  const ledger = await Ledger.open(copy, options)
  expect(await ledger.append(numbered(1_000, 50))).toEqual({ first: 1_000, size: 1_050 })
  await ledger.close()
  expect(readdirSync(copy).sort()).toEqual(['checkpoint', 'tile'])
  expect(new LedgerReader(copy, { published: true }).checkpoint.size).toBe(1_050)
  expect(await verifyFolder(copy, [options.verifier])).toMatchObject({ ok: true, size: 1_050 })
})

/** Where the last record ends: behind it there may be room for more. */
const filled = (bytes: Buffer): number => bytes.findLastIndex(byte => byte !== 0) + 1

test('a kill at any byte of the last record leaves all that was acknowledged before', async () => {
  const { options, copy, journal } = await cutOff()
  const whole = readFileSync(journal)
  const length = filled(whole)
  for (const missing of [1, 100, 400, 3_000]) {
    // Where there was room behind it, zeros are left.
    writeFileSync(journal, Buffer.from(whole).fill(0, length - missing))
    const inRoom = await verifyFolder(copy, [options.verifier])
    truncateSync(journal, length - missing)
    const found = await verifyFolder(copy, [options.verifier])
    // The last note is shorter than 400 bytes, the last entries are longer than 3,000.
    expect(found).toMatchObject({ ok: true, size: missing < 300 ? 1_000 : 900 })
    expect(inRoom).toEqual(found)
  }
  const ledger = await Ledger.open(copy, options)
  expect(ledger.size).toBe(900)
  await ledger.close()
})

test('a bit that flips anywhere in a journal is found, and what was signed behind it is not given up', async () => {
  const { options, copy, journal } = await cutOff()
  const good = readFileSync(journal)
  for (let at = 0; at < filled(good) - 400; at += 997) {
    const bad = Buffer.from(good)
    bad[at] ^= 0x10
    writeFileSync(journal, bad)
    const found = await verifyFolder(copy, [options.verifier])
    expect(found).toMatchObject({ ok: false, code: 'journal_damaged', file: 'pending-300' })
    if (!found.ok) expect(found.entry).toBeLessThanOrEqual(900)
    await expect(Ledger.open(copy, options)).rejects.toEqual(code('journal_damaged'))
  }
})

test('a bit that flips in what is acknowledged and not signed yet is found', async () => {
  const options = { ...(await newOptions()), publishAfter: LATER, signAfter: LATER }
  const [path, copy] = [join(folder, 'log'), join(folder, 'copy')]
  const ledger = await Ledger.open(path, options)
  for (let size = 0; size < 200; size += 20) await ledger.append(numbered(size, 20))
  cpSync(path, copy, { recursive: true, filter: each => !each.endsWith('lock') })
  await ledger.close()
  expect(new LedgerReader(copy).checkpoint.size).toBe(20)
  expect(await verifyFolder(copy, [options.verifier])).toMatchObject({ ok: true, size: 200 })
  const journal = join(copy, 'pending-0')
  const good = readFileSync(journal)
  const end = filled(good)
  expect(end).toBeLessThan(good.length)
  // What stands behind is room, and not the ledger's.
  for (let at = 0; at < end; at += at + 31 < end ? 31 : 1) {
    const bad = Buffer.from(good)
    bad[at] ^= 1 << (at % 8)
    writeFileSync(journal, bad)
    const found = await verifyFolder(copy, [options.verifier])
    expect(found).toMatchObject({ ok: false, code: 'journal_damaged', file: 'pending-0' })
  }
  writeFileSync(journal, good)
  const again = await Ledger.open(copy, options)
  expect([again.size, new LedgerReader(copy).checkpoint.size]).toEqual([200, 200])
  await again.close()
})

test('what somebody asks to be signed is when its append resolves, with all before it', async () => {
  const ledger = await Ledger.open(join(folder, 'log'), { ...(await newOptions()), signAfter: LATER })
  const signed = () => new LedgerReader(join(folder, 'log')).checkpoint.size
  await ledger.append(numbered(0, 3))
  await ledger.append(numbered(3, 3))
  expect([ledger.size, signed()]).toEqual([6, 3])
  await ledger.append(numbered(6, 1), true)
  expect([ledger.size, signed()]).toEqual([7, 7])
  await ledger.close()
})

test('what is acknowledged is signed within the time that was asked for, while appends go on', async () => {
  const options = { ...(await newOptions()), publishAfter: LATER, signAfter: 20, blocking: true }
  const ledger = await Ledger.open(join(folder, 'log'), options)
  const signed = () => new LedgerReader(join(folder, 'log')).checkpoint.size
  for (let size = 0; size < 200 || signed() === 1; size++) await ledger.append(numbered(size, 1))
  while (signed() < ledger.size) await new Promise(resolve => setTimeout(resolve, 1))
  expect(new LedgerReader(join(folder, 'log')).note).toBe(ledger.checkpoint)
  await ledger.close()
})

test('a key that cannot be reached for a while is asked again now and then, and refuses the commits that it would sign', async () => {
  const options = await newOptions()
  let [isGone, asked] = [false, 0]
  const signer = {
    ...options.signer,
    sign(text: Uint8Array<ArrayBuffer>) {
      asked++
      return isGone ? Promise.reject(new Error('the token was taken out')) : options.signer.sign(text)
    },
  }
  const path = join(folder, 'log')
  const ledger = await Ledger.open(path, { ...options, signer, signAfter: 30, publishAfter: LATER })
  await ledger.append(numbered(0, 1))
  isGone = true
  // What comes soon behind a note is not signed yet, and durable.
  let refused = null
  while (refused === null)
    refused = await ledger.append(numbered(ledger.size, 1)).then(
      () => null,
      error => error,
    )
  expect(refused).toEqual(code('ledger_unwritable'))
  const [before, began] = [asked, performance.now()]
  while (asked < before + 5) await new Promise(resolve => setTimeout(resolve, 1))
  expect(performance.now() - began).toBeGreaterThan(50)
  isGone = false
  while (new LedgerReader(path).checkpoint.size < ledger.size) await new Promise(resolve => setTimeout(resolve, 1))
  await ledger.close()
  expect(await verifyFolder(path, [options.verifier])).toMatchObject({ ok: true, size: ledger.size })
})

test('a journal that was taken away between others is missed', async () => {
  const { options, copy, journal } = await cutOff()
  await expect(Ledger.open(copy, { ...options, origin: 'other' })).rejects.toEqual(code('ledger_origin'))
  cpSync(journal, join(copy, 'pending-400'))
  rmSync(journal)
  expect(await verifyFolder(copy, [options.verifier])).toMatchObject({ code: 'journal_missing', file: 'pending-300' })
  await expect(Ledger.open(copy, options)).rejects.toEqual(code('journal_missing'))
})

test('a power cut that takes all that was not synced takes no entry that was acknowledged', async () => {
  const options = { ...(await newOptions()), publishAfter: LATER }
  const [path, left] = [join(folder, 'log'), join(folder, 'left')]
  mkdirSync(left)
  // Beside the file, one that has only what was synced, and zeros in between.
  const cutting: Disk = {
    ...disk,
    async open(path) {
      const file = await disk.open(path)
      const synced = await disk.open(join(left, basename(path)))
      return {
        ...file,
        async writeDurably(bytes, position) {
          await file.writeDurably(bytes, position)
          await synced.write(bytes, position)
        },
        async close() {
          await synced.close()
          await file.close()
        },
      }
    },
  }
  const ledger = await Ledger.open(path, { ...options, disk: cutting })
  cpSync(join(path, 'checkpoint'), join(left, 'checkpoint'))
  for (let size = 0; size < 400; size += 40) {
    await ledger.append(numbered(size, 40))
    const cut = join(folder, `cut-${size}`)
    cpSync(left, cut, { recursive: true })
    const again = await Ledger.open(cut, options)
    expect(again.size).toBe(size + 40)
    await again.close()
    expect(await verifyFolder(cut, [options.verifier])).toMatchObject({ ok: true, size: size + 40 })
  }
  await ledger.close()
})

test('beside a writer that publishes all the time, a reader sees and proves what was acknowledged', async () => {
  const options = { ...(await newOptions()), publishAfter: 0 }
  const path = join(folder, 'log')
  const ledger = await Ledger.open(path, options)
  let size = 0
  const heads: LedgerReader[] = []
  for (let round = 0; round < 60; round++) {
    const count = 1 + ((round * 37) % 110)
    await ledger.append(numbered(size, count))
    size += count
    const reader = new LedgerReader(path)
    heads.push(reader)
    expect(reader.checkpoint.size).toBe(size)
    const bundle = makeBundle(size - 1, reader.entry(size - 1), reader.inclusion(size - 1), reader.note)
    expect(await verifyBundle(bundle, { log: [options.verifier] })).toMatchObject({ ok: true })
    if (round % 10 === 0) expect(await verifyFolder(path, [options.verifier])).toMatchObject({ ok: true })
  }
  await ledger.close()
  const reader = new LedgerReader(path)
  for (const { checkpoint: before } of heads)
    expect(isConsistent(before.size, size, before.root, reader.checkpoint.root, reader.consistency(before.size))).toBe(
      true,
    )
})
