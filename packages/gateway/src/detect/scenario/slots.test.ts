import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Deadlines } from './deadlines.ts'
import { Leaky } from './leaky.ts'
import { Slots } from './slots.ts'

test('a million subjects take no more room than the fixed number', () => {
  const slots = new Slots(1_000, 2, index => slots.words[index * 2])
  for (let i = 0; i < 1_000_000; i++) slots.words[slots.take(`device-${i}`) * 2] = 1
  expect(slots.size).toBe(1_000)
  expect(slots.evicted).toBe(999_000)
  expect(slots.words.length).toBe(2_000)
})

test('a crowd of newcomers does not push out the one that is almost full', () => {
  const tally = new Leaky({ capacity: 100, leak: 1e12, distinct: false, most: 64 })
  for (let i = 0; i < 100; i++) expect(tally.pour('attacker', 0, 1 + i)).toBeNull()
  for (let i = 0; i < 100_000; i++) tally.pour(`crowd-${i}`, 0, 200 + i)
  expect(tally.pour('attacker', 0, 200_000)).toMatchObject({ count: 101 })
})

test('a slot that is dropped is empty when it is taken again', () => {
  const dropped: (string | number | null)[] = []
  const slots = new Slots(
    2,
    1,
    () => 0,
    index => dropped.push(slots.keyOf(index)),
  )
  const first = slots.take('a')
  slots.words[first] = 7
  slots.drop(first)
  expect(slots.find('a')).toBe(-1)
  expect(slots.words[slots.take('b')]).toBe(0)
  expect(dropped).toEqual(['a'])
})

test('deadlines come in order, also when they were put off, and never twice', () => {
  const step = fc.record({ slot: fc.nat(20), off: fc.nat(50) })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), steps => {
      const heap = new Deadlines(64)
      const wanted = new Map<number, number>()
      for (const { slot, off } of steps) {
        // As rooms use it: a deadline is only ever put off.
        const time = (wanted.get(slot) ?? 0) + off
        wanted.set(slot, time)
        heap.set(slot, time)
      }
      const seen: [number, number][] = []
      const deadlineOf = (slot: number) => wanted.get(slot) ?? Number.POSITIVE_INFINITY
      for (let now = 0; now < 5_000; now += 97) {
        heap.due(now, deadlineOf, (slot, time) => {
          seen.push([time, slot])
          wanted.delete(slot)
        })
      }
      expect(wanted.size).toBe(0)
      expect(seen.map(([time]) => time)).toEqual(seen.map(([time]) => time).toSorted((a, b) => a - b))
      expect(new Set(seen.map(([, slot]) => slot)).size).toBe(seen.length)
    }),
    { numRuns: 300, seed: 3 },
  )
})
