import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { isConsistent, leafHash, rootFromInclusion } from '../merkle/index.ts'
import { decodeEntries, parseTilePath } from '../tiles/index.ts'
import { type Disk, disk } from './disk.ts'
import { Ledger, LedgerReader, verifyFolder } from './index.ts'
import { newOptions, numbered } from './ledger.testkit.ts'

let folder: string
const code = (name: string) => expect.objectContaining({ code: name })

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ringwall-ledger-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function filesOf(root: string): string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter(each => each.isFile())
    .map(each => join(each.parentPath, each.name))
    .sort()
}

test('what is appended over many openings is there, proven and verified', async () => {
  const options = { ...(await newOptions()), most: 100_000 }
  let size = 0
  const heads: { size: number; root: Uint8Array }[] = []
  for (const count of [1, 2, 252, 1, 1, 700, 66_000, 3]) {
    const ledger = await Ledger.open(folder, options)
    expect(await ledger.append(numbered(size, count))).toEqual({ first: size, size: size + count })
    size += count
    await ledger.close()
    const { ok } = await verifyFolder(folder, [options.verifier])
    expect(ok).toBe(true)
    heads.push(new LedgerReader(folder).checkpoint)
  }
  const reader = new LedgerReader(folder)
  const { root } = reader.checkpoint
  for (const index of [0, 255, 256, 955, 65_536, size - 1]) {
    expect(Buffer.from(reader.entry(index))).toEqual(numbered(index, 1)[0])
    const found = rootFromInclusion(index, size, leafHash(reader.entry(index)), reader.inclusion(index))
    expect(Buffer.from(found ?? [])).toEqual(Buffer.from(root))
  }
  for (const head of heads)
    expect(isConsistent(head.size, size, head.root, root, reader.consistency(head.size))).toBe(true)
  expect([...reader.entries(250, 260)].map(([index]) => index)).toEqual([
    250, 251, 252, 253, 254, 255, 256, 257, 258, 259,
  ])
  expect(filesOf(folder).every(path => (statSync(path).mode & 0o777) === 0o600)).toBe(true)
})

test('appends at the same time share a commit and keep their order', async () => {
  const ledger = await Ledger.open(folder, await newOptions())
  const all = await Promise.all([0, 1, 2].map(n => ledger.append(numbered(n * 10, 10))))
  expect(all).toEqual([0, 10, 20].map(first => ({ first, size: 30 })))
  await ledger.close()
  await expect(ledger.append(numbered(0, 1))).rejects.toEqual(code('ledger_closed'))
})

test('one writer; the lock of a process that is gone is taken over', async () => {
  const options = await newOptions()
  const ledger = await Ledger.open(folder, options)
  await expect(Ledger.open(folder, options)).rejects.toEqual(code('ledger_locked'))
  await ledger.close()
  // As a thread leaves it that dies, for the next thread of this process.
  await Ledger.open(folder, options)
  await (await Ledger.open(folder, { ...options, takesOwnLock: true })).close()
  // A process that is gone, a number that is another's by now, and a lock that a power cut left empty.
  for (const text of ['999999999\n', `${process.pid} boot/1\n`, '']) {
    writeFileSync(join(folder, 'lock'), text)
    await (await Ledger.open(folder, options)).close()
  }
  expect(filesOf(folder)).toEqual([join(folder, 'checkpoint')])
})

test('the lock of another container or machine holds while it lets others know that it lives', async () => {
  const options = await newOptions()
  const path = join(folder, 'lock')
  await (await Ledger.open(folder, options)).close()
  // A process that is none here: where it lives, it may be one.
  writeFileSync(path, '999999999 boot/1 pid:[1]\n')
  await expect(Ledger.open(folder, options)).rejects.toEqual(code('ledger_locked'))
  const longAgo = new Date(Date.now() - 61_000)
  utimesSync(path, longAgo, longAgo)
  const ledger = await Ledger.open(folder, options)
  // Somebody else's lock by now: it is not removed with one's own.
  writeFileSync(path, '999999999 boot/1 pid:[1]\n')
  await ledger.close()
  expect(readFileSync(path, 'utf8')).toContain('pid:[1]')
})

test.skipIf(process.platform !== 'linux')(
  'the lock of a process that has ended, and that nobody has asked for, is taken over',
  async () => {
    // Its parent became a program that asks for no child.
    const parent = spawn('sh', ['-c', 'true & echo $!; exec sleep 60'])
    try {
      const [pid] = (await once(parent.stdout, 'data')) as [Buffer]
      const stat = `/proc/${Number(pid)}/stat`
      while (!readFileSync(stat, 'latin1').includes(') Z ')) await new Promise(resolve => setTimeout(resolve, 5))
      writeFileSync(join(folder, 'lock'), `${Number(pid)} \n`)
      await (await Ledger.open(folder, await newOptions())).close()
    } finally {
      parent.kill()
    }
  },
)

test("another's ledger is not gone on with", async () => {
  const options = await newOptions()
  await (await Ledger.open(folder, options)).close()
  await expect(Ledger.open(folder, { ...options, origin: 'other' })).rejects.toEqual(code('ledger_origin'))
  const { verifier } = await newOptions()
  await expect(Ledger.open(folder, { ...options, verifier })).rejects.toEqual(code('checkpoint_unknown_key'))
})

test('a full disk refuses at any write, loses nothing, and the next append goes on', async () => {
  const options = { ...(await newOptions()), publishAfter: 0 }
  let [left, isHalf] = [Number.POSITIVE_INFINITY, false]
  const step = () => {
    if (--left < 0) throw Object.assign(new Error('no space'), { code: 'ENOSPC' })
  }
  const failing: Disk = {
    ...disk,
    async open(path) {
      const file = await disk.open(path)
      return {
        ...file,
        async write(bytes, position) {
          step()
          await file.write(bytes, position)
        },
        async writeDurably(bytes, position) {
          if (left <= 0 && isHalf) await file.writeDurably(bytes.subarray(0, bytes.length >> 1), position)
          step()
          await file.writeDurably(bytes, position)
        },
      }
    },
    async write(path, bytes) {
      if (left <= 0 && isHalf) await disk.write(path, bytes.subarray(0, bytes.length >> 1))
      step()
      await disk.write(path, bytes)
    },
    async rename(from, to) {
      step()
      await disk.rename(from, to)
    },
  }
  const ledger = await Ledger.open(folder, { ...options, disk: failing })
  let size = 0
  for (let round = 0; round < 24; round++) {
    left = round % 6
    isHalf = round % 2 === 0
    // Rounds that fail leave other entries of the same width behind, which must not be taken for what follows.
    const failed = await ledger.append(numbered(9_000_000 + round, 150)).catch(error => error)
    if ('code' in failed) expect(failed).toEqual(code('ledger_full'))
    else size += 150
    expect(await verifyFolder(folder, [options.verifier])).toMatchObject({ ok: true, size })
    left = Number.POSITIVE_INFINITY
    expect(await ledger.append(numbered(size, 40))).toEqual({ first: size, size: size + 40 })
    size += 40
  }
  await ledger.close()
  expect(await verifyFolder(folder, [options.verifier])).toMatchObject({ ok: true, size })
})

test('50 bytes flipped, taken out or doubled, over all files: each is found, in its file', async () => {
  const options = await newOptions()
  const ledger = await Ledger.open(folder, options)
  await ledger.append(numbered(0, 1_500))
  await ledger.close()
  const files = filesOf(folder)
  let state = 11
  const dice = (below: number) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    return (state >>> 8) % below
  }
  for (let round = 0; round < 50; round++) {
    const path = files[dice(files.length)]
    const good = readFileSync(path)
    const at = dice(good.length)
    const flipped = Buffer.from(good)
    flipped[at] ^= 1 << dice(8)
    const doubled = [good.subarray(0, at + 1), good.subarray(at)]
    writeFileSync(
      path,
      [flipped, Buffer.concat(doubled), Buffer.concat([good.subarray(0, at), good.subarray(at + 1)])][round % 3],
    )
    const found = await verifyFolder(folder, [options.verifier])
    const file = relative(folder, path)
    expect(found).toMatchObject({ ok: false, file })
    if (!found.ok && found.entry !== null && file.startsWith('tile/entries')) {
      // A doubled last byte leaves its entry as it was, and shifts the next.
      const inside = decodeEntries(good.subarray(0, at), 256).entries.length
      const first = (parseTilePath(file)?.index ?? 0) * 256 + inside
      expect([first, first + 1]).toContain(found.entry)
    }
    writeFileSync(path, good)
  }
  expect(await verifyFolder(folder, [options.verifier])).toMatchObject({ ok: true, size: 1_500 })
})
