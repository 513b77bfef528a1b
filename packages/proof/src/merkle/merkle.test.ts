import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isConsistent, rootFromInclusion } from './check.ts'
import { Frontier } from './frontier.ts'
import { leafHash, splitOf } from './hash.ts'
import { consistencyPath, inclusionPath, rootOf, type SubtreeHash } from './prove.ts'

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

/** The entries of Certificate Transparency's reference tests (google/certificate-transparency, merkletree), and the roots of their trees. */
const ENTRIES = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
].map(text => Uint8Array.from(Buffer.from(text, 'hex')))
const ROOTS = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
]

/** The tree hash as RFC 6962, section 2.1, defines it, with another library's SHA-256. */
function naive(entries: readonly Uint8Array[]): Buffer {
  const hash = (...parts: Uint8Array[]) => createHash('sha256').update(Buffer.concat(parts)).digest()
  if (entries.length === 0) return hash()
  if (entries.length === 1) return hash(Uint8Array.of(0), entries[0])
  let middle = 1
  while (middle * 2 < entries.length) middle *= 2
  return hash(Uint8Array.of(1), naive(entries.slice(0, middle)), naive(entries.slice(middle)))
}

function subtrees(entries: readonly Uint8Array[]): SubtreeHash {
  return (level, index) => naive(entries.slice(index * 2 ** level, (index + 1) * 2 ** level))
}

test.each(ROOTS.map((root, index) => [index + 1, root] as const))('the reference tree of %d entries', (size, root) => {
  expect(hex(rootOf(size, subtrees(ENTRIES)))).toBe(root)
  expect(naive(ENTRIES.slice(0, size)).toString('hex')).toBe(root)
})

const tree = fc.integer({ min: 1, max: 70 }).chain(size =>
  fc.record({
    entries: fc.array(fc.uint8Array({ maxLength: 6 }), { minLength: size, maxLength: size }),
    index: fc.nat(size - 1),
    before: fc.nat(size),
    flip: fc.nat(255),
    which: fc.nat(20),
  }),
)

test('a tree that grows has the roots of the definition, and tells of every subtree', () => {
  fc.assert(
    fc.property(tree, ({ entries, before }) => {
      let frontier = new Frontier()
      const told = new Map<string, string>()
      for (const [index, entry] of entries.entries()) {
        if (index === before) frontier = Frontier.from(frontier.size, frontier.roots)
        frontier.add(leafHash(entry), (level, at, hash) => told.set(`${level}/${at}`, hex(hash)))
        expect(hex(frontier.root)).toBe(naive(entries.slice(0, index + 1)).toString('hex'))
      }
      for (const [place, hash] of told) {
        const [level, at] = place.split('/').map(Number)
        expect(hash).toBe(hex(subtrees(entries)(level, at)))
      }
      const wanted = Array.from({ length: 7 }, (_, level) => Math.floor(entries.length / 2 ** level))
      expect(told.size).toBe(wanted.reduce((sum, count) => sum + count, 0))
    }),
    { seed: 31, numRuns: 60 },
  )
})

describe('proofs', () => {
  test('of inclusion hold, and none of another index, entry, size or path', () => {
    fc.assert(
      fc.property(tree, ({ entries, index, flip, which }) => {
        const size = entries.length
        const path = inclusionPath(index, size, subtrees(entries))
        const root = naive(entries).toString('hex')
        const found = (at: number, of: number, leaf: Uint8Array, way: readonly Uint8Array[]) => {
          const reached = rootFromInclusion(at, of, leaf, way)
          return reached !== null && hex(reached) === root
        }
        const leaf = leafHash(entries[index])
        expect(path.length).toBeLessThanOrEqual(Math.ceil(Math.log2(size)))
        expect(found(index, size, leaf, path)).toBe(true)
        expect(found(index, size, leafHash(Uint8Array.of(...entries[index], 1)), path)).toBe(false)
        expect(found(index, size, leaf, [...path, leaf])).toBe(false)
        if (path.length === 0) return
        expect(found(index, size, leaf, path.slice(1))).toBe(false)
        const changed = path.map(each => each.slice())
        changed[which % path.length][flip >> 3] ^= 1 << (flip & 7)
        expect(found(index, size, leaf, changed)).toBe(false)
      }),
      { seed: 32, numRuns: 200 },
    )
  })

  test('of consistency hold, and none of another old tree or path', () => {
    fc.assert(
      fc.property(tree, ({ entries, before, flip, which }) => {
        const size = entries.length
        const path = consistencyPath(before, size, subtrees(entries))
        const [old, root] = [naive(entries.slice(0, before)), naive(entries)]
        expect(isConsistent(before, size, old, root, path)).toBe(true)
        const other = Uint8Array.from(old)
        other[flip >> 3] ^= 1 << (flip & 7)
        expect(isConsistent(before, size, other, root, path)).toBe(false)
        // Every tree begins with the one that has no entries.
        expect(isConsistent(before, size, old, other, path)).toBe(before === 0)
        expect(isConsistent(before, size, old, root, [...path, old])).toBe(false)
        if (path.length === 0) return
        expect(isConsistent(before, size, old, root, path.slice(1))).toBe(false)
        const changed = path.map(each => each.slice())
        changed[which % path.length][flip >> 3] ^= 1 << (flip & 7)
        expect(isConsistent(before, size, old, root, changed)).toBe(false)
      }),
      { seed: 33, numRuns: 300 },
    )
  })

  test('every pair of sizes up to 40', () => {
    const entries = Array.from({ length: 40 }, (_, i) => Uint8Array.of(i))
    const roots = entries.map((_, index) => naive(entries.slice(0, index + 1)))
    for (let size = 1; size <= 40; size++) {
      for (let before = 1; before <= size; before++) {
        const path = consistencyPath(before, size, subtrees(entries))
        expect(isConsistent(before, size, roots[before - 1], roots[size - 1], path)).toBe(true)
        if (before < size) expect(isConsistent(before, size, roots[size - 1], roots[before - 1], path)).toBe(false)
      }
      for (let index = 0; index < size; index++) {
        const path = inclusionPath(index, size, subtrees(entries))
        const reached = rootFromInclusion(index, size, leafHash(entries[index]), path)
        expect(Buffer.from(reached ?? [])).toEqual(roots[size - 1])
        expect(rootFromInclusion(index + size, size, leafHash(entries[index]), path)).toBe(null)
      }
    }
  })

  test('a tree is split at a power of two, however large it is', () => {
    expect([2, 3, 4, 5, 8, 9].map(splitOf)).toEqual([1, 2, 2, 4, 4, 8])
    for (const power of [2 ** 31, 2 ** 48, 2 ** 52]) {
      expect([power - 1, power, power + 1].map(splitOf)).toEqual([power / 2, power / 2, power])
    }
  })

  test('what is out of range is refused', () => {
    expect(() => inclusionPath(3, 3, subtrees(ENTRIES))).toThrow(RangeError)
    expect(() => consistencyPath(4, 3, subtrees(ENTRIES))).toThrow(RangeError)
    expect(rootFromInclusion(0.5, 3, leafHash(ENTRIES[0]), [])).toBe(null)
  })
})
