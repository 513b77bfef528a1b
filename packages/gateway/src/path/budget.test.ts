import { describe, expect, test } from 'vitest'
import { Budget } from './budget.ts'
import { charge } from './charge.ts'
import { publish } from './packets.testkit.ts'
import { Bench } from './way.testkit.ts'

describe('the budget', () => {
  test('refuses growth over its limit, and never shrinking', () => {
    const budget = new Budget(100)
    expect(budget.charge(0, 100)).toBe(true)
    expect(budget.charge(0, 1)).toBe(false)
    expect(budget.used).toBe(101)
    expect(budget.charge(100, 100)).toBe(true)
    expect(budget.charge(100, 50)).toBe(true)
    expect(budget.charge(50, 99)).toBe(true)
    budget.limit = 10
    expect(budget.charge(99, 98)).toBe(true)
    expect(budget.charge(98, 99)).toBe(false)
  })
})

describe('a connection', () => {
  test('is charged for an unfinished packet, and gives it back when the packet is whole', async () => {
    const bench = await new Bench().establish()
    const bytes = publish('a', 'x'.repeat(500))
    bench.device(bytes.subarray(0, 300))
    expect(bench.way.budget.used).toBe(300)
    bench.device(bytes.subarray(300))
    expect(bench.way.budget.used).toBe(0)
  })

  test('is charged for what either side does not take', async () => {
    const bench = await new Bench().establish()
    bench.socket.writableLength = 40
    bench.broker.writableLength = 2
    charge(bench.c, bench.way)
    expect(bench.way.budget.used).toBe(42)
  })

  test('that goes over the limit is ended and says why', async () => {
    const bench = await new Bench({ budget: 200 }).establish()
    bench.device(publish('a', 'x'.repeat(500)).subarray(0, 300))
    expect(bench.verdicts()).toEqual(['disconnect floor:memory_limit'])
    expect(bench.socket.done).toEqual(['end', 'destroy'])
    expect(bench.broker.done).toEqual(['end', 'destroy'])
  })

  test('gives everything back when it is gone, once', async () => {
    const bench = await new Bench().establish()
    bench.socket.writableLength = 40
    charge(bench.c, bench.way)
    bench.socket.emit('close')
    expect(bench.gone).toEqual([])
    bench.broker.emit('close')
    expect(bench.way.budget.used).toBe(0)
    expect(bench.gone).toEqual([bench.c])
  })
})
