import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Disk, disk } from './disk.ts'
import { Ledger, verifyFolder } from './index.ts'
import { END_BYTES } from './journal.ts'
import { newOptions, numbered } from './ledger.testkit.ts'
import { journalsIn } from './walk.ts'

let folder: string
let path: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ringwall-faults-'))
  path = join(folder, 'log')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const failure = (code = 'EIO') => Object.assign(new Error(code), { code })
const until = async (is: () => boolean) => {
  while (!is()) await new Promise(resolve => setTimeout(resolve, 2))
}

/** What a kill leaves. */
function killed(): string {
  const copy = join(folder, 'cut')
  cpSync(path, copy, { recursive: true, filter: each => !each.endsWith('lock') })
  return copy
}

/** Head and end of a journal that has no record. */
const emptyJournal = (bytes: Buffer): Buffer => bytes.subarray(0, bytes.indexOf('=\n') + 2 + END_BYTES)

test('while a file of a failed step is still being written, its memory is not used for others', async () => {
  let [isFailing, isHeld] = [false, false]
  const { promise: held, resolve: release } = Promise.withResolvers<void>()
  const slow: Disk = {
    ...disk,
    async write(file, bytes, isSame) {
      if (isFailing && isHeld) {
        isFailing = false
        throw failure()
      }
      if (isFailing) {
        isHeld = true
        await held
      }
      await disk.write(file, bytes, isSame)
    },
  }
  const options = { ...(await newOptions()), publishAfter: 0, disk: slow }
  const ledger = await Ledger.open(path, options)
  isFailing = true
  await ledger.append(numbered(0, 600))
  await until(() => isHeld && !isFailing)
  let size = 600
  for (const count of [900, 4_000, 4_000, 10]) {
    await ledger.append(numbered(size, count))
    size += count
  }
  release()
  await ledger.close()
  expect(await verifyFolder(path, [options.verifier])).toMatchObject({ ok: true, size })
})

test('a step that is tried again when its checkpoint stands empties no tile that it names', async () => {
  let state: 'before' | 'named' | 'again' | 'cut' = 'before'
  let copy = ''
  const failing: Disk = {
    ...disk,
    async rename(from, to) {
      await disk.rename(from, to)
      if (state === 'before' && readFileSync(to, 'utf8').split('\n')[1] === '600') state = 'named'
    },
    async syncFolder(which) {
      if (state === 'named' && which === path) {
        state = 'again'
        throw failure('EMFILE')
      }
      await disk.syncFolder(which)
    },
    async write(file, bytes, isSame) {
      if (state === 'again' && file.endsWith(join('tile', '0', '001'))) {
        state = 'cut'
        // A kill between the opening of the file, which empties it unless it holds the same, and the writing.
        if (!isSame) writeFileSync(file, '')
        copy = killed()
      }
      await disk.write(file, bytes, isSame)
    },
  }
  const options = { ...(await newOptions()), publishAfter: 0, disk: failing }
  const ledger = await Ledger.open(path, options)
  await ledger.append(numbered(0, 600))
  await until(() => state === 'cut')
  await ledger.close()
  await (await Ledger.open(copy, { ...options, disk })).close()
  expect(await verifyFolder(copy, [options.verifier])).toMatchObject({ ok: true, size: 600 })
})

test('a journal that could not be begun, which a power cut brings back over an earlier one, is passed over', async () => {
  let isBad = false
  let [begun, former] = [Buffer.alloc(0), Buffer.alloc(0)]
  let name = ''
  const failing: Disk = {
    ...disk,
    async clear(file, most) {
      if (name === '') former = readFileSync(file)
      return await disk.clear(file, most)
    },
    async syncFolder(which) {
      if (isBad && which === path) {
        // It fails until the cut, or a later try would succeed, and its journal be what is written over below.
        if (name === '') {
          name = `pending-${journalsIn(path).at(-1)}`
          begun = readFileSync(join(path, name))
        }
        throw failure('EMFILE')
      }
      await disk.syncFolder(which)
    },
  }
  const options = { ...(await newOptions()), publishAfter: 0, disk: failing }
  const ledger = await Ledger.open(path, options)
  await ledger.append(numbered(0, 300))
  await until(() => existsSync(join(path, 'spare')) && readFileSync(join(path, 'spare')).every(byte => byte === 0))
  isBad = true
  await ledger.append(numbered(300, 10))
  await until(() => name !== '')
  await ledger.append(numbered(310, 10))
  const copy = killed()
  isBad = false
  await ledger.close()
  // Its name and its head were on the disk; its removal and the zeros of the former one were not.
  former.set(emptyJournal(begun))
  writeFileSync(join(copy, name), former)
  const again = await Ledger.open(copy, { ...options, disk })
  expect(again.size).toBe(320)
  await again.close()
  expect(await verifyFolder(copy, [options.verifier])).toMatchObject({ ok: true, size: 320 })
})

test('entries that were refused do not come back where a power cut takes back that they were cut off', async () => {
  let isBad = false
  let [before, length] = [Buffer.alloc(0), 0]
  const failing: Disk = {
    ...disk,
    writeAll: () => new Promise(() => {}),
    async open(file, isThere) {
      const opened = await disk.open(file, isThere)
      return {
        ...opened,
        async write(bytes, at) {
          if (isBad) throw failure()
          await opened.write(bytes, at)
        },
        async truncate(to) {
          isBad = false
          before = readFileSync(file)
          length = to
          await opened.truncate(to)
        },
      }
    },
  }
  const options = { ...(await newOptions()), publishAfter: 50, disk: failing }
  const ledger = await Ledger.open(path, options)
  await ledger.append(numbered(0, 5))
  isBad = true
  await expect(ledger.append(numbered(900, 4))).rejects.toMatchObject({ code: 'ledger_unwritable' })
  await until(() => journalsIn(path).length === 2)
  await ledger.append(numbered(5, 6))
  const copy = killed()
  // The shorter length was never on the disk; what was written since is.
  before.set(readFileSync(join(copy, 'pending-0')).subarray(length), length)
  writeFileSync(join(copy, 'pending-0'), before)
  const again = await Ledger.open(copy, { ...options, disk })
  expect(again.size).toBe(11)
  await again.close()
})

test('a spare that could not be kept is not taken', async () => {
  let [isStepBad, isRemovalBad] = [true, true]
  const missing: string[] = []
  const failing: Disk = {
    ...disk,
    async writeAll(files) {
      if (isStepBad) throw failure()
      await disk.writeAll(files)
    },
    async remove(file) {
      if (isRemovalBad && /pending-\d+$/.test(file)) {
        isRemovalBad = false
        throw failure()
      }
      await disk.remove(file)
    },
    async open(file, isThere) {
      if (isThere && !existsSync(file)) missing.push(file)
      return await disk.open(file, isThere)
    },
  }
  const options = { ...(await newOptions()), publishAfter: 0, disk: failing }
  const ledger = await Ledger.open(path, options)
  for (const size of [300, 600]) {
    await ledger.append(numbered(size - 300, 300))
    await until(() => journalsIn(path).includes(size))
  }
  // Two journals are needless after the next step, and the second of them cannot be removed.
  isStepBad = false
  await until(() => !isRemovalBad)
  await ledger.append(numbered(600, 300))
  await ledger.close()
  expect(missing).toEqual([])
  expect(await verifyFolder(path, [options.verifier])).toMatchObject({ ok: true, size: 900 })
})
