import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Disk, disk } from './disk.ts'
import { Ledger, verifyFolder } from './index.ts'
import { newOptions, numbered } from './ledger.testkit.ts'
import { journalsIn } from './walk.ts'

const IN_ROUND = 300
let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ringwall-spare-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** What a kill leaves of a ledger. */
function killed(path: string, name: string): string {
  const copy = join(folder, name)
  cpSync(path, copy, { recursive: true, filter: each => !each.endsWith('lock') })
  return copy
}

const until = async (is: () => boolean) => {
  while (!is()) await new Promise(resolve => setTimeout(resolve, 2))
}

/** The journal that is written, when what was before it is published and cleared. */
async function settled(path: string): Promise<string> {
  const spare = join(path, 'spare')
  await until(() => journalsIn(path).length === 1 && existsSync(spare) && readFileSync(spare).every(byte => byte === 0))
  return join(path, `pending-${journalsIn(path)[0]}`)
}

test('journals are written over one another, and a kill at any time leaves a ledger that opens and holds', async () => {
  const options = { ...(await newOptions()), publishAfter: 0 }
  const path = join(folder, 'log')
  const ledger = await Ledger.open(path, options)
  const files = new Set<number>()
  for (let size = 0; size < 6 * IN_ROUND; size += IN_ROUND) {
    await ledger.append(numbered(size, IN_ROUND))
    files.add(statSync(await settled(path)).ino)
    const copy = killed(path, `copy-${size}`)
    expect(await verifyFolder(copy, [options.verifier])).toMatchObject({ ok: true, size: size + IN_ROUND })
    const again = await Ledger.open(copy, options)
    expect([again.size, existsSync(join(copy, 'spare'))]).toEqual([size + IN_ROUND, false])
    await again.append(numbered(size + IN_ROUND, 5))
    await again.close()
    expect(await verifyFolder(copy, [options.verifier])).toMatchObject({ ok: true, size: size + IN_ROUND + 5 })
  }
  expect(files.size).toBe(2)
  await ledger.close()
  expect(readdirSync(path).sort()).toEqual(['checkpoint', 'tile'])
})

test('what a power cut leaves of an earlier journal behind a new one is not taken for its own', async () => {
  const options = { ...(await newOptions()), publishAfter: 0 }
  const path = join(folder, 'log')
  const ledger = await Ledger.open(path, { ...options, publishAfter: 3_600_000 })
  await ledger.append(numbered(0, IN_ROUND))
  const before = readFileSync(join(path, 'pending-0'))
  await ledger.close()
  const second = await Ledger.open(path, { ...options, publishAfter: 3_600_000 })
  const cut = killed(path, 'cut')
  await second.close()
  const journal = join(cut, `pending-${IN_ROUND}`)
  const head = readFileSync(journal)
  // The head was synced, the zeros were not.
  writeFileSync(journal, Buffer.concat([head, before.subarray(head.length)]))
  const again = await Ledger.open(cut, options)
  expect(again.size).toBe(IN_ROUND)
  await again.append(numbered(IN_ROUND, 5))
  await again.close()
  expect(await verifyFolder(cut, [options.verifier])).toMatchObject({ ok: true, size: IN_ROUND + 5 })
})

test('a journal that cannot be cleared is removed, and the next is a new file', async () => {
  const failing: Disk = {
    ...disk,
    async clear() {
      throw Object.assign(new Error('input/output error'), { code: 'EIO' })
    },
  }
  const options = { ...(await newOptions()), publishAfter: 0, disk: failing }
  const path = join(folder, 'log')
  const ledger = await Ledger.open(path, options)
  for (let size = 0; size < 3 * IN_ROUND; size += IN_ROUND) {
    await ledger.append(numbered(size, IN_ROUND))
    await until(() => `${journalsIn(path)}` === `${size + IN_ROUND}` && !existsSync(join(path, 'spare')))
  }
  await ledger.close()
  expect(await verifyFolder(path, [options.verifier])).toMatchObject({ ok: true, size: 3 * IN_ROUND })
})

test('a spare that cannot take the name of a journal refuses nothing for good', async () => {
  let isBad = false
  const failing: Disk = {
    ...disk,
    async rename(from, to) {
      if (isBad && from.endsWith('spare')) throw Object.assign(new Error('input/output error'), { code: 'EIO' })
      await disk.rename(from, to)
    },
  }
  const options = { ...(await newOptions()), publishAfter: 0, disk: failing }
  const path = join(folder, 'log')
  const ledger = await Ledger.open(path, options)
  await ledger.append(numbered(0, IN_ROUND))
  await settled(path)
  isBad = true
  await ledger.append(numbered(IN_ROUND, IN_ROUND))
  await until(() => !existsSync(join(path, 'spare')))
  isBad = false
  expect(await ledger.append(numbered(2 * IN_ROUND, 5))).toMatchObject({ first: 2 * IN_ROUND })
  await ledger.close()
  expect(await verifyFolder(path, [options.verifier])).toMatchObject({ ok: true, size: 2 * IN_ROUND + 5 })
})
