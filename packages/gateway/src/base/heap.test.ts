import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Heap } from './heap.ts'

test('gives the least first, as a sorted list does', () => {
  fc.assert(
    fc.property(fc.array(fc.option(fc.nat(20)), { maxLength: 80 }), steps => {
      const heap = new Heap<number>((a, b) => a < b)
      let list: number[] = []
      for (const step of steps) {
        if (step === null) {
          heap.pop()
          list = list.slice(1)
        } else {
          heap.push(step)
          list = [...list, step].sort((a, b) => a - b)
        }
        expect([heap.first, heap.size]).toEqual([list[0], list.length])
      }
      heap.clear()
      expect([heap.first, heap.size]).toEqual([undefined, 0])
    }),
    { seed: 4, numRuns: 300 },
  )
})
