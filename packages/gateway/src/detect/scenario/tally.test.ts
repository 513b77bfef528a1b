import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hashText } from './fields.ts'
import { Leaky } from './leaky.ts'
import type { Full, Tally } from './tally.ts'
import { Window } from './window.ts'

interface Drop {
  readonly key: number
  readonly value: number
  readonly wait: number
}

const drops = fc.array(fc.record({ key: fc.nat(3), value: fc.nat(12), wait: fc.oneof(fc.constant(0), fc.nat(40)) }), {
  maxLength: 200,
})

/** Whether each drop in turn was too much. */
function played(tally: Tally, all: readonly Drop[]): (Full | null)[] {
  let time = 1_000
  return all.map(({ key, value, wait }) => {
    time += wait
    return tally.pour(key, value, time)
  })
}

/** A bucket as one would write it without a thought for memory: every drop with the time at which it came. */
function naiveLeaky(all: readonly Drop[], capacity: number, leak: number): boolean[] {
  const buckets = new Map<number, number[]>()
  let time = 1_000
  return all.map(({ key, wait }) => {
    time += wait
    const times = [...(buckets.get(key) ?? []), time]
    let level = 0
    for (const [index, each] of times.entries()) {
      level = Math.max(0, level - (each - (times[index - 1] ?? each)) / leak) + 1
    }
    const full = level > capacity
    buckets.set(key, full ? [] : times)
    return full
  })
}

function naiveWindow(all: readonly Drop[], capacity: number, within: number, distinct: boolean): boolean[] {
  const kept = new Map<number, { time: number; value: number }[]>()
  let time = 1_000
  return all.map(({ key, value, wait }) => {
    time += wait
    const entries = [...(kept.get(key) ?? []), { time, value }]
    const inside = entries.filter(each => time - each.time <= within)
    const count = distinct ? new Set(inside.map(each => each.value)).size : inside.length
    const full = count > capacity
    kept.set(key, full ? [] : entries)
    return full
  })
}

const fired = (all: (Full | null)[]) => all.map(each => each !== null)

test('a leaky bucket is full exactly when a bucket that keeps every drop is', () => {
  fc.assert(
    fc.property(drops, fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 64 }), (all, capacity, leak) => {
      const tally = new Leaky({ capacity, leak, distinct: false, most: 16 })
      expect(fired(played(tally, all))).toEqual(naiveLeaky(all, capacity, leak))
    }),
    { numRuns: 500, seed: 1 },
  )
})

test.each([false, true])('a window is full exactly when one that keeps everything is (distinct: %s)', distinct => {
  fc.assert(
    fc.property(drops, fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 200 }), (all, capacity, within) => {
      const tally = new Window({ capacity, within, distinct, most: 16 })
      expect(fired(played(tally, all))).toEqual(naiveWindow(all, capacity, within, distinct))
    }),
    { numRuns: 500, seed: 2 },
  )
})

describe('different values in a leaky bucket', () => {
  const hash = (n: number) => hashText(`topic/${n}`)

  test('the same ones do not fill it, however often they come', () => {
    const tally = new Leaky({ capacity: 12, leak: 1e9, distinct: true, most: 4 })
    for (let i = 0; i < 10_000; i++) expect(tally.pour('a', hash(i % 10), i + 1)).toBeNull()
  })

  test.each([20, 100, 1_000])('%d are counted to within a twentieth', capacity => {
    const tally = new Leaky({ capacity, leak: 1e12, distinct: true, most: 4 })
    let poured = 1
    while (tally.pour('a', hash(poured), poured) === null) poured++
    expect(poured).toBeGreaterThan(capacity * 0.95)
    expect(poured).toBeLessThan(capacity * 1.05 + 2)
  })

  test('are forgotten once it has run empty', () => {
    const tally = new Leaky({ capacity: 3, leak: 10, distinct: true, most: 4 })
    for (let round = 0; round < 50; round++) {
      for (let value = 0; value < 3; value++) expect(tally.pour('a', hash(value), 1 + round * 100 + value)).toBeNull()
    }
  })
})

test('what is told is how many, and when they began', () => {
  const tally = new Leaky({ capacity: 2, leak: 1_000, distinct: false, most: 4 })
  tally.pour('a', 0, 500)
  tally.pour('a', 0, 600)
  expect(tally.pour('a', 0, 700)).toEqual({ count: 3, began: 500 })
  expect(tally.pour('a', 0, 701)).toBeNull()
})
