import { leafHash, rootFromInclusion } from '@ringwall/proof'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ActBatch, leavesOf, RECORD_BYTES, recordAt, treeOfActs } from './act-batch.ts'
import { LEAF_BYTES } from './act-record.ts'
import { pathOf, rootOf, treeOf } from './act-tree.ts'
import { Committer } from './commitment.ts'

const committer = new Committer(new Uint8Array(32).fill(7))

/** RFC 6962, section 2.1, as it is written there. */
async function naive(leaves: readonly Uint8Array[]): Promise<Buffer> {
  const { createHash } = await import('node:crypto')
  const hash = (...parts: Uint8Array[]): Buffer =>
    parts.reduce((h, part) => h.update(part), createHash('sha256')).digest()
  const of = (list: readonly Uint8Array[]): Buffer => {
    if (list.length === 1) return hash(Uint8Array.of(0), list[0])
    const half = 2 ** (Math.ceil(Math.log2(list.length)) - 1)
    return hash(Uint8Array.of(1), of(list.slice(0, half)), of(list.slice(half)))
  }
  return of(leaves)
}

test('the tree is that of RFC 6962, and every path leads to its root', async () => {
  const bytes = fc.array(fc.uint8Array({ maxLength: 80 }), { minLength: 1, maxLength: 70 })
  await fc.assert(
    fc.asyncProperty(bytes, async leaves => {
      const tree = treeOf(leaves.length, index => leaves[index])
      expect(rootOf(tree)).toEqual(await naive(leaves))
      for (const [index, leaf] of leaves.entries()) {
        const root = rootFromInclusion(index, leaves.length, leafHash(leaf), pathOf(tree, index))
        expect(root && Buffer.from(root)).toEqual(rootOf(tree))
      }
    }),
    { numRuns: 40 },
  )
})

test.each([
  [100, 10_000, 1],
  [20_000, 1_000, 16],
  [60_000, 500, 64],
  [200, 1, 1],
])('%d acts in %d ms have %d in a leaf, and are read again as they were', (count, milliseconds, group) => {
  const batch = new ActBatch()
  const party = { device: 'pump-1', address: '10.0.0.1', connection: 7, direction: 'up', topic: 'plant/x' } as const
  const [a, b] = [batch.party(party), batch.party({ ...party, topic: 'plant/y' })]
  for (let i = 0; i < count; i++) batch.add(i % 2 === 0 ? a : b, (i * milliseconds) / count, i, i & 0xffff, 5)
  const finished = batch.finish(committer)
  expect([finished.count, finished.group, batch.count]).toEqual([count, group, 0])
  const records = finished.bytes.subarray(finished.bytes.length - count * RECORD_BYTES)
  expect(recordAt(records, 17)).toMatchObject({ bytes: 17, packet: 17, qos: 1, retain: true })
  const parts = { records, parties: [party, { ...party, topic: 'plant/y' }], nonce: finished.nonce, group }
  expect(rootOf(treeOfActs(parts, committer))).toEqual(finished.root)
  const leaves = leavesOf(parts, committer)
  // Two parties, and the salt keeps them apart from the same ones of another batch.
  expect(leaves.subarray(0, 32)).not.toEqual(leaves.subarray(LEAF_BYTES, LEAF_BYTES + 32))
  expect(leavesOf({ ...parts, nonce: Buffer.alloc(16) }, committer).subarray(0, 32)).not.toEqual(leaves.subarray(0, 32))
})
