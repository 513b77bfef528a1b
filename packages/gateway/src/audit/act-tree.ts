import { hash } from 'node:crypto'

const DIGEST = 32
const LEAF = 0
const NODE = 1

/**
 * The Merkle tree over a batch's leaves, as RFC 6962 (section 2.1) has it, level by level from the leaves to the root. A level with an odd end
 * hands its last hash up as it is.
 */
export type ActTree = readonly Buffer[]

/** @param leaves their data, at least one */
export function treeOf(count: number, leafAt: (index: number) => Uint8Array): ActTree {
  const leaves = Buffer.alloc(count * DIGEST)
  let room = Buffer.of(LEAF)
  for (let i = 0; i < count; i++) {
    const data = leafAt(i)
    // All leaves but the last are of one length: their room is taken once.
    if (room.length !== 1 + data.length) room = Buffer.alloc(1 + data.length, LEAF)
    room.set(data, 1)
    leaves.set(hash('sha256', room, 'buffer'), i * DIGEST)
  }
  const levels = [leaves]
  const node = Buffer.alloc(1 + 2 * DIGEST)
  node[0] = NODE
  for (let level = leaves; level.length > DIGEST; level = levels[levels.length - 1]) {
    const above = Buffer.alloc(Math.ceil(level.length / (2 * DIGEST)) * DIGEST)
    for (let at = 0; at < level.length; at += 2 * DIGEST) {
      if (at + DIGEST === level.length) level.copy(above, at / 2, at)
      else {
        level.copy(node, 1, at, at + 2 * DIGEST)
        above.set(hash('sha256', node, 'buffer'), at / 2)
      }
    }
    levels.push(above)
  }
  return levels
}

export function rootOf(tree: ActTree): Buffer {
  return tree[tree.length - 1]
}

/** The hashes that lead from a leaf to the root (RFC 9162, section 2.1.3.1). */
export function pathOf(tree: ActTree, index: number): Buffer[] {
  const path: Buffer[] = []
  let at = index
  for (const level of tree.slice(0, -1)) {
    const sibling = (at ^ 1) * DIGEST
    if (sibling < level.length) path.push(level.subarray(sibling, sibling + DIGEST))
    at >>= 1
  }
  return path
}
