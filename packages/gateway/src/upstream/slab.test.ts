import type { Socket } from 'node:net'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { FakeSocket } from '../path/way.testkit.ts'
import { Slab, type SlabTarget } from './slab.ts'

class Target implements SlabTarget {
  readonly fake = new FakeSocket()
  readonly socket = this.fake as unknown as Socket
  fulls = 0

  full(): void {
    this.fulls++
  }
}

const bytes = (size: number, value: number) => new Uint8Array(size).fill(value)

test('what is appended in one turn is one write, at the end of the turn', async () => {
  const [slab, target] = [new Slab(), new Target()]
  for (let i = 0; i < 10; i++) slab.append(target, bytes(100, i), 20, 80)
  expect(target.fake.written).toEqual([])
  await new Promise(resolve => setImmediate(() => setImmediate(resolve)))
  expect(target.fake.written.map(each => each.length)).toEqual([600])
})

test('another target makes the first one written before it', () => {
  const [slab, one, other] = [new Slab(), new Target(), new Target()]
  slab.append(one, bytes(3, 1), 0, 3)
  slab.append(other, bytes(3, 2), 0, 3)
  expect([one.fake.written.length, other.fake.written.length]).toEqual([1, 0])
  slab.append(one, bytes(3, 3), 0, 3)
  slab.cut()
  slab.cut()
  expect([...one.fake.take()]).toEqual([1, 1, 1, 3, 3, 3])
  expect([...other.fake.take()]).toEqual([2, 2, 2])
})

test('a large piece is written by itself, after what was appended before it', () => {
  const [slab, target] = [new Slab(), new Target()]
  const large = bytes(20_000, 9)
  slab.append(target, bytes(3, 1), 0, 3)
  slab.append(target, large, 1, 20_000)
  slab.append(target, bytes(3, 2), 0, 3)
  slab.cut()
  expect(target.fake.written.map(each => each.length)).toEqual([3, 19_999, 3])
})

test('what was written at once makes room in the same place', () => {
  const slab = new Slab()
  const offsets: number[] = []
  const write = (piece: Uint8Array) => offsets.push(piece.byteOffset) > 0
  const target: SlabTarget = {
    socket: { destroyed: false, writableLength: 0, write } as unknown as Socket,
    full: () => {},
  }
  for (let i = 0; i < 3; i++) {
    slab.append(target, bytes(9, i), 0, 9)
    slab.cut()
  }
  expect(offsets).toEqual([0, 0, 0])
})

test('bytes that a socket still holds are never written again, though the block is used up many times over', () => {
  const slab = new Slab()
  const held: { piece: Uint8Array; value: number }[] = []
  let value = 0
  const target: SlabTarget = {
    socket: {
      destroyed: false,
      writableLength: 1,
      write: (piece: Uint8Array) => held.push({ piece, value }) > 0,
    } as unknown as Socket,
    full: () => {},
  }
  for (let i = 0; i < 400; i++) {
    value = i & 255
    slab.append(target, bytes(9_000, value), 0, 9_000)
    slab.cut()
  }
  expect(held.length).toBe(400)
  expect(held.every(({ piece, value }) => piece.length === 9_000 && piece.every(byte => byte === value))).toBe(true)
})

test('a socket that takes nothing more is told, one that is gone is not written to', () => {
  const [slab, target] = [new Slab(), new Target()]
  target.fake.takes = false
  slab.append(target, bytes(3, 1), 0, 3)
  slab.cut()
  slab.append(target, bytes(20_000, 1), 0, 20_000)
  expect(target.fulls).toBe(2)
  target.fake.destroyed = true
  slab.append(target, bytes(20_000, 1), 0, 20_000)
  slab.append(target, bytes(3, 1), 0, 3)
  slab.cut()
  expect([target.fulls, target.fake.written.length]).toEqual([2, 2])
})

test('every target gets its own bytes in order, whatever their sizes', () => {
  const size = fc.oneof(fc.integer({ min: 1, max: 80 }), fc.integer({ min: 1_000, max: 18_000 }))
  const step = fc.record({ target: fc.integer({ min: 0, max: 2 }), size, cut: fc.boolean() })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), steps => {
      const slab = new Slab()
      const targets = [new Target(), new Target(), new Target()]
      const expected: number[][] = [[], [], []]
      let value = 0
      for (const { target, size, cut } of steps) {
        value = (value + 1) & 255
        slab.append(targets[target], bytes(size + 2, value), 1, size + 1)
        expected[target].push(size, value)
        if (cut) slab.cut()
      }
      slab.cut()
      for (const [i, { fake }] of targets.entries()) {
        const all = fake.take()
        let at = 0
        for (let k = 0; k < expected[i].length; k += 2) {
          const end = at + expected[i][k]
          expect([all[at], all[end - 1]]).toEqual([expected[i][k + 1], expected[i][k + 1]])
          at = end
        }
        expect(all.length).toBe(at)
      }
    }),
    { numRuns: 40 },
  )
})
