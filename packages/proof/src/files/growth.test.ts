import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Frontier, leafHash } from '../merkle/index.ts'
import { decodeEntries, encodeEntries } from '../tiles/index.ts'
import { GrowthMemory, grow, rootOf } from './growth.ts'
import { hashTile } from './hash-tile.ts'

test('a tree that grows by bundles has the roots and the hashes of one that grows entry by entry', () => {
  const counts = fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 5 })
  fc.assert(
    fc.property(counts, all => {
      const frontier = new Frontier()
      const memory = new GrowthMemory()
      const wanted: Uint8Array[][] = [[], []]
      const made: Uint8Array[][] = [[], []]
      let tree = { size: 0, roots: new Uint8Array(0) }
      for (const count of all) {
        const entries = Array.from({ length: count }, (_, i) =>
          Buffer.from(`${tree.size + i} ${'x'.repeat((i * 37) % 1_500)}`),
        )
        for (const entry of entries)
          frontier.add(leafHash(entry), (level, _, hash) => {
            if (level % 8 === 0) wanted[level / 8].push(hash)
          })
        const given = encodeEntries(entries)
        const growth = grow(tree.size, tree.roots, given, hashTile, memory)
        expect(Buffer.compare(Buffer.concat(growth.parts.map(part => part.bundle)), given)).toBe(0)
        for (const { count: leaves, bundle, hashes } of growth.parts) {
          expect([decodeEntries(bundle, 256).entries.length, hashes.length]).toEqual([leaves, 32 * leaves])
          made[0].push(Uint8Array.from(hashes))
        }
        made[1].push(...(growth.above[0] ?? []))
        tree = { size: growth.size, roots: Uint8Array.from(growth.roots) }
        expect(tree.size).toBe(frontier.size)
        expect(Buffer.compare(tree.roots, Buffer.concat(frontier.roots))).toBe(0)
        expect(Buffer.compare(rootOf(tree.roots), frontier.root)).toBe(0)
      }
      for (const level of [0, 1])
        expect(Buffer.compare(Buffer.concat(made[level]), Buffer.concat(wanted[level]))).toBe(0)
    }),
    { seed: 5, numRuns: 30 },
  )
})
