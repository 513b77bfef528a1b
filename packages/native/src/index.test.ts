import { createHmac } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hashTile as slowTile } from '../../proof/src/files/hash-tile.ts'
import { LANES, MacKernel } from '../../proof/src/hash/kernel.ts'
import { encodeEntries } from '../../proof/src/tiles/index.ts'
import { bindMac, hashTile, writeFiles } from './index.ts'

const bind = bindMac
const bytes = (maxLength: number) => fc.uint8Array({ maxLength })

test.skipIf(process.env['CI'] !== 'true' || process.platform !== 'linux')('set-up has built the addon', () => {
  expect(existsSync(new URL('../build/addon.node', import.meta.url))).toBe(true)
  expect(writeFiles).not.toBe(null)
  // And it loads, where the processor has what it needs.
  const hasInstructions = /\bsha_ni\b/.test(readFileSync('/proc/cpuinfo', 'utf8'))
  expect([bind !== null, hashTile !== null]).toEqual([hasInstructions, hasInstructions])
})

test.skipIf(bind === null)('what is verified is what node:crypto says, one message or several, right or not', () => {
  const kernel = new MacKernel(LANES, 65_536, bind)
  const message = fc.record({ key: bytes(100), message: bytes(700), flip: fc.integer({ min: -200, max: 255 }) })
  fc.assert(
    fc.property(fc.array(message, { minLength: LANES, maxLength: LANES }), four => {
      const rights = four.map(({ key, message: text, flip }, lane) => {
        const tag = createHmac('sha256', key).update(text).digest()
        if (flip >= 0) tag[flip >> 3] ^= 1 << (flip & 7)
        kernel.setKey(lane, key)
        kernel.memory.set(text, kernel.laneAt(lane))
        kernel.memory.set(tag, kernel.tagAt(lane))
        return flip < 0
      })
      const lengths = Int32Array.from(four, each => each.message.length)
      const wanted = rights.reduce((mask, isRight, lane) => mask | (isRight ? 1 << lane : 0), 0)
      expect(kernel.verify4(Int32Array.of(0, 1, 2, 3), lengths)).toBe(wanted)
      // The first one lies where one alone does.
      expect(kernel.verify(0, lengths[0])).toBe(rights[0])
    }),
    { seed: 20_261_128, numRuns: 2_000 },
  )
})

test.skipIf(bind === null)('what lies beyond the memory, or is asked of none, is refused', () => {
  const memory = new ArrayBuffer(65_536)
  const words = new Uint32Array(memory)
  const verify = bind?.(memory).verify
  const asked = (count: number, ...places: number[]): void => {
    words.set([count, 0, 0, 0, ...places])
    verify?.()
  }
  asked(1, 128, 0, 65_536, 65_504)
  expect(words[1]).toBe(0)
  for (const places of [
    [65_473, 0, 1, 256],
    [0xffff_ffff, 0, 1, 256],
    [128, 65_500, 100, 256],
    [128, 0xffff_ffff, 0xffff_ffff, 256],
    [128, 0, 1, 65_505],
    [128, 0, 1, 0xffff_fff0],
  ]) {
    expect(() => asked(1, ...places)).toThrow(RangeError)
  }
  expect(() => asked(5)).toThrow(RangeError)
  for (const wrong of [undefined, {}, new Uint8Array(64), new ArrayBuffer(8)])
    expect(() => bind?.(wrong as ArrayBuffer)).toThrow(RangeError)
})

test.skipIf(hashTile === null)(
  'a tile is hashed as by node:crypto, from any leaf on, whatever the entries hold',
  () => {
    const some = { minLength: 1, maxLength: 40 }
    const entries = fc.array(fc.oneof(bytes(130), bytes(3_000)), some)
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 255 }), entries, bytes(300), (index, all, roots) => {
        const bundle = encodeEntries(all.slice(0, 256 - index))
        const [wanted, found] = [slowTile, hashTile ?? slowTile].map(hash => {
          const edge = new Uint8Array(11 * 32)
          edge.set(roots)
          const hashes = new Uint8Array(256 * 32)
          hash(bundle, 0, bundle.length, index, edge, 17, hashes)
          // What lies behind the roots that are left is nobody's.
          let left = index + Math.min(all.length, 256 - index)
          let count = 0
          for (; left > 0; left >>= 1) count += left & 1
          return [edge.subarray(0, 17 + 32 * count), hashes]
        })
        expect(found).toEqual(wanted)
      }),
      { seed: 20_261_128, numRuns: 500 },
    )
    const long = encodeEntries([new Uint8Array(65_535).fill(7), new Uint8Array(0), new Uint8Array(65_535)])
    const [wanted, found] = [slowTile, hashTile ?? slowTile].map(hash => {
      const [edge, hashes] = [new Uint8Array(9 * 32), new Uint8Array(3 * 32)]
      hash(long, 0, long.length, 0, edge, 0, hashes)
      return [edge.subarray(0, 64), hashes]
    })
    expect(found).toEqual(wanted)
  },
)

test.skipIf(hashTile === null)('entries that are cut short, of two tiles, or without room are refused', () => {
  const bundle = encodeEntries([Uint8Array.of(1, 2, 3), Uint8Array.of(4)])
  const room = (count: number) => new Uint8Array(32 * count)
  const tries: Parameters<NonNullable<typeof hashTile>>[] = [
    [bundle, 0, bundle.length - 1, 0, room(9), 0, room(2)],
    [bundle, 0, 1, 0, room(9), 0, room(2)],
    [bundle, 0, bundle.length + 1, 0, room(9), 0, room(2)],
    [bundle, 5, 4, 0, room(9), 0, room(2)],
    [bundle, -1, bundle.length, 0, room(9), 0, room(2)],
    [bundle, 0, bundle.length, 255, room(9), 0, room(2)],
    [bundle, 0, bundle.length, 256, room(9), 0, room(2)],
    [bundle, 0, bundle.length, 0, room(9), 1, room(2)],
    [bundle, 0, bundle.length, 0, room(9), 2 ** 32 - 1, room(2)],
    [bundle, 0, bundle.length, 0, room(9), 0, room(1)],
    [bundle, 0, bundle.length, 0, room(9), 0, room(0)],
  ]
  for (const one of tries) expect(() => hashTile?.(...one)).toThrow(RangeError)
  const words: Uint8Array = new Uint32Array(8) as never
  expect(() => hashTile?.(words, 0, 4, 0, room(9), 0, room(2))).toThrow(RangeError)
})

test.skipIf(writeFiles === null)(
  'files are written whole, for their owner alone, many at once, in the place of what was there',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'files-'))
    try {
      const files = Array.from({ length: 200 }, (_, i) => ({
        path: join(folder, `größe ${i}`),
        bytes: new Uint8Array(i * 331).fill(i),
      }))
      writeFileSync(files[0].path, 'longer than what comes')
      await Promise.all([writeFiles?.(files), writeFiles?.([])])
      for (const { path, bytes } of files) expect(Buffer.compare(readFileSync(path), bytes)).toBe(0)
      expect(statSync(files[1].path).mode & 0o777).toBe(0o600)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  },
)

test.skipIf(writeFiles === null)('a file that cannot be written is told with the code of the system', async () => {
  const bytes = new Uint8Array(10)
  const folder = mkdtempSync(join(tmpdir(), 'files-'))
  try {
    const good = { path: join(folder, 'good'), bytes }
    for (const [path, code] of [
      [folder, 'EISDIR'],
      [join(folder, 'none', 'file'), 'ENOENT'],
      ['/dev/full', 'ENOSPC'],
    ] as const)
      await expect(writeFiles?.([good, { path, bytes }, good])).rejects.toMatchObject({ code })
    const call = writeFiles as (files: unknown) => Promise<void>
    await expect(call([{ path: join(folder, 'x'), bytes: 'text' }])).rejects.toThrow(RangeError)
    await expect(call([{ path: 7, bytes }])).rejects.toThrow(RangeError)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
