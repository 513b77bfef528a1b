import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Disk, disk } from './disk.ts'
import { Ledger, type LedgerOptions, LedgerReader, verifyFolder } from './index.ts'
import { newOptions, numbered } from './ledger.testkit.ts'

const LATER = 3_600_000
let folder: string
const code = (name: string) => expect.objectContaining({ code: name })
/** Nothing is ever published: as long as a disk takes, or is full. */
const stuck: Disk = { ...disk, writeAll: () => new Promise(() => {}) }

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ringwall-again-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** The folder as a kill leaves it. */
function killed(path: string, name: string): string {
  const copy = join(folder, name)
  cpSync(path, copy, { recursive: true, filter: each => !each.endsWith('lock') })
  return copy
}

async function holds(path: string, size: number, options: LedgerOptions): Promise<void> {
  expect(await verifyFolder(path, [options.verifier])).toMatchObject({ ok: true, size })
  expect([...new LedgerReader(path).entries()].map(([, entry]) => Buffer.from(entry))).toEqual(numbered(0, size))
  const again = await Ledger.open(path, options)
  expect(again.size).toBe(size)
  expect(await again.append(numbered(size, 300))).toEqual({ first: size, size: size + 300 })
  await again.close()
  expect(await verifyFolder(path, [options.verifier])).toMatchObject({ ok: true, size: size + 300 })
  expect([...new LedgerReader(path).entries()].map(([, entry]) => Buffer.from(entry))).toEqual(numbered(0, size + 300))
}

test('a kill that cuts a record short, and another before the first opening has published', async () => {
  const options = { ...(await newOptions()), publishAfter: LATER, disk: stuck }
  const first = await Ledger.open(join(folder, 'log'), options)
  for (const size of [0, 5, 10, 15]) await first.append(numbered(size, 5))
  const once = killed(join(folder, 'log'), 'once')
  // Into the last entries, behind which their note stands.
  const whole = readFileSync(join(once, 'pending-0'))
  const note = whole.indexOf(`${options.origin}\n20\n`)
  truncateSync(join(once, 'pending-0'), note - 60)
  const second = await Ledger.open(once, options)
  const { size } = second
  expect(size).toBe(15)
  await second.append(numbered(size, 7))
  const twice = killed(once, 'twice')
  expect(existsSync(join(twice, 'pending-0'))).toBe(true)
  // One that was changed in the middle is not taken for one that a kill cut short.
  const bent = killed(twice, 'bent')
  const bytes = readFileSync(join(bent, 'pending-0'))
  bytes[bytes.length >> 1] ^= 1
  writeFileSync(join(bent, 'pending-0'), bytes)
  expect(await verifyFolder(bent, [options.verifier])).toMatchObject({ ok: false, code: 'journal_damaged' })
  await expect(Ledger.open(bent, options)).rejects.toEqual(code('journal_damaged'))
  // Nor is what hides entries that were signed: only who has the key could have gone on from before them.
  const hiding = killed(twice, 'hiding')
  const changed = Buffer.from(whole)
  changed[note - 60] ^= 1
  writeFileSync(join(hiding, 'pending-0'), changed)
  expect(await verifyFolder(hiding, [options.verifier])).toMatchObject({ ok: false, code: 'journal_damaged' })
  await expect(Ledger.open(hiding, options)).rejects.toEqual(code('journal_damaged'))
  await holds(twice, size + 7, { ...options, disk })
})

test('a journal that could not be begun does not stand in the way of what is written in the one before', async () => {
  const options = { ...(await newOptions()), publishAfter: LATER, disk: stuck }
  const ledger = await Ledger.open(join(folder, 'log'), options)
  await ledger.append(numbered(0, 5))
  const between = killed(join(folder, 'log'), 'between')
  writeFileSync(join(between, 'pending-3'), '')
  await expect(verifyFolder(between, [options.verifier])).resolves.toMatchObject({ ok: true, size: 5 })
  // One that goes on behind what is there is missed, begun or not.
  writeFileSync(join(between, 'pending-9'), '')
  await expect(verifyFolder(between, [options.verifier])).resolves.toMatchObject({ code: 'journal_missing' })
  rmSync(join(between, 'pending-9'))
  await holds(between, 5, { ...options, disk })
})

test('entries that were refused, and could not be cut off, are not gone on from', async () => {
  let isBad = false
  const bad = () => Object.assign(new Error('input/output error'), { code: 'EIO' })
  const failing: Disk = {
    ...stuck,
    async open(path) {
      const file = await disk.open(path)
      return {
        ...file,
        async write(bytes, position) {
          if (isBad) throw bad()
          await file.write(bytes, position)
        },
        async truncate(length) {
          if (isBad) throw bad()
          await file.truncate(length)
        },
      }
    },
  }
  const options = { ...(await newOptions()), publishAfter: 0, disk: failing }
  const ledger = await Ledger.open(join(folder, 'log'), options)
  await ledger.append(numbered(0, 5))
  // The entries are written, their note is not, and neither is cut off.
  isBad = true
  await expect(ledger.append(numbered(900, 4))).rejects.toEqual(code('ledger_unwritable'))
  await new Promise(resolve => setTimeout(resolve, 30))
  isBad = false
  await ledger.append(numbered(5, 6))
  await holds(killed(join(folder, 'log'), 'copy'), 11, { ...options, disk })
})

test('a last bundle that was cut short or changed is not written behind', async () => {
  const options = await newOptions()
  const path = join(folder, 'log')
  const ledger = await Ledger.open(path, options)
  await ledger.append(numbered(0, 10))
  await ledger.close()
  const bundle = join('tile', 'entries', '000.p', '10')
  const good = readFileSync(join(path, bundle))
  const bent = Buffer.from(good)
  bent[bent.length - 3] ^= 1
  for (const bytes of [good.subarray(0, -6), bent]) {
    const copy = killed(path, `copy-${bytes.length}-${bytes.at(-3)}`)
    writeFileSync(join(copy, bundle), bytes)
    await expect(Ledger.open(copy, options)).rejects.toEqual(code('entry_mismatch'))
  }
  const longer = killed(path, 'longer')
  writeFileSync(join(longer, bundle), Buffer.concat([good, Buffer.from('more')]))
  const again = await Ledger.open(longer, options)
  await again.append(numbered(10, 300))
  await again.close()
  expect([...new LedgerReader(longer).entries()].map(([, entry]) => Buffer.from(entry))).toEqual(numbered(0, 310))
})
