import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeEntries, encodeEntries, levelsOf, parseTilePath, tilePath, tilesAt } from './index.ts'

test('paths are those of C2SP tlog-tiles', () => {
  expect(tilePath({ level: 0, index: 1_234_067, width: 256 })).toBe('tile/0/x001/x234/067')
  expect(tilePath({ level: 'entries', index: 0, width: 112 })).toBe('tile/entries/000.p/112')
  expect(tilePath({ level: 1, index: 1, width: 17 })).toBe('tile/1/001.p/17')
})

test('a tree of 70,000 has the tiles that the specification tells', () => {
  expect(tilesAt(0, 70_000)).toEqual({ full: 273, partial: 112 })
  expect(tilesAt(1, 70_000)).toEqual({ full: 1, partial: 17 })
  expect(tilesAt(2, 70_000)).toEqual({ full: 0, partial: 1 })
  expect(levelsOf(70_000)).toBe(3)
  expect([levelsOf(0), levelsOf(1), levelsOf(255), levelsOf(256)]).toEqual([0, 1, 1, 2])
})

test('a path is read back, and no other spelling is', () => {
  const names = fc.record({
    level: fc.oneof(fc.constant('entries' as const), fc.nat(63)),
    index: fc.nat({ max: 2 ** 40 }),
    width: fc.integer({ min: 1, max: 256 }),
  })
  fc.assert(
    fc.property(names, name => {
      expect(parseTilePath(tilePath(name))).toEqual(name)
    }),
  )
  for (const path of [
    'tile/0/x000/001',
    'tile/00/001',
    'tile/0/001.p/0',
    'tile/0/001.p/256',
    'tile/0/1',
    'tile/0/001.p/01',
    'tile/../checkpoint',
  ])
    expect(parseTilePath(path)).toBe(null)
})

test('bundles are read back, and a cut one says where', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 20 }), entries => {
      const bytes = encodeEntries(entries)
      expect(decodeEntries(bytes, 256)).toEqual({ entries, rest: bytes.length })
    }),
  )
  expect(decodeEntries(Uint8Array.of(0, 1, 7, 0, 9, 1), 256)).toEqual({ entries: [Uint8Array.of(7)], rest: 3 })
  expect(() => encodeEntries([new Uint8Array(65_536)])).toThrow('65536 bytes')
})
