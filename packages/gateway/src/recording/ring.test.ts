import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SharedRing } from './ring.ts'

const SIZE = 1_024

test('gives back what was put in, in order, like a queue, and refuses only what has no room', () => {
  const step = fc.oneof(
    fc.record({ put: fc.uint8Array({ minLength: 1, maxLength: SIZE / 2 }) }),
    fc.record({ take: fc.integer({ min: 1, max: 6 }) }),
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), steps => {
      const writer = new SharedRing(SIZE)
      const reader = new SharedRing(writer.buffer)
      const queue: Uint8Array[] = []
      const take = (): void => {
        const record = reader.next()
        expect(record === null ? undefined : [...record]).toEqual(queue[0] && [...queue[0]])
        if (record === null) return
        reader.free()
        queue.shift()
      }
      for (const each of steps) {
        if ('take' in each) {
          for (let i = 0; i < each.take; i++) take()
          continue
        }
        const at = writer.reserve(each.put.length)
        // What is there and what would be, each with its length and aligned, and the end that may have to be skipped.
        const needed = [...queue, each.put].reduce((sum, { length }) => sum + length + 12, 0)
        if (at === -1) expect(each.put.length > writer.largest || needed + each.put.length + 12 > SIZE).toBe(true)
        else {
          writer.bytes.set(each.put, at)
          writer.commit()
          queue.push(each.put)
        }
      }
      while (queue.length > 0) take()
      expect(reader.next()).toBe(null)
    }),
    { numRuns: 500 },
  )
})

test('shows nothing that was not handed over, and counts what was lost', () => {
  const writer = new SharedRing(SIZE)
  const reader = new SharedRing(writer.buffer)
  writer.bytes.fill(7, writer.reserve(20))
  expect(reader.next()).toBe(null)
  writer.lose()
  expect(reader.lost).toBe(1)
  writer.bytes.fill(8, writer.reserve(8))
  writer.commit()
  expect(reader.next()?.length).toBe(8)
})
