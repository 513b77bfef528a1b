import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Verdict } from '../contract/index.ts'
import { KeeperBench } from './keeper.testkit.ts'

let bench: KeeperBench

beforeEach(() => {
  bench = new KeeperBench()
})
afterEach(() => bench.close())

describe('a flood meant to fill the disk', () => {
  /** As long as a device can make what is told of it: all findings, all texts, in letters of three bytes. */
  const worst = (device: string, code: string): Verdict => {
    const why = '\u20ac'.repeat(5_000)
    const findings = Array.from({ length: 40 }, () => ({
      guard: 'schema',
      code,
      severity: 'high' as const,
      clause: '',
      why,
    }))
    return { ...bench.refused(new Uint8Array(1_024), code), device, findings, address: why }
  }
  const bytes = (): number => bench.written.reduce((sum, { length }) => sum + length, 0)

  test('of one device takes less than half a megabyte a minute, however long and many its refusals are', async () => {
    const { keeper, outbox } = bench.make()
    for (let i = 0; i < 20_000; i++) keeper.verdicts([worst('pump-1', `code_${i % 500}`)], [])
    await outbox.drained()
    expect(bench.written.length).toBe(60)
    expect(Math.max(...bench.written.map(({ length }) => length))).toBeLessThanOrEqual(8_192)
    expect(bytes()).toBeLessThanOrEqual(60 * 8_192)
  })

  test('of ten thousand devices with long names takes at most five megabytes a minute, with all counts in one entry', async () => {
    const { keeper, outbox } = bench.make()
    for (let i = 0; i < 10_000; i++) keeper.verdicts([worst(`${'\u20ac'.repeat(400)}${i}`, 'publish_denied')], [])
    await outbox.drained()
    bench.clock.advance(60_000)
    keeper.tick()
    await outbox.drained()
    expect(bench.written.length).toBe(601)
    expect(bytes()).toBeLessThanOrEqual(600 * 8_192 + 65_535)
    const { counts, others } = bench.seen()[600].unmapped
    const sum = counts.reduce((all: number, [, , , count]: [string, string, string, number]) => all + count, others)
    expect(sum).toBe(10_000 - 600)
    expect(counts.length).toBeGreaterThan(10)
  })
})

describe('an order', () => {
  test('that waited longer than whoever gave it is not written down', async () => {
    const { keeper, outbox } = bench.make()
    const { promise, resolve } = Promise.withResolvers<void>()
    bench.obstacle = () => promise
    keeper.event({ kind: 'promotion', time: 0, message: '' })
    const order = keeper.order({ kind: 'bypass_on', time: 0, message: '' }, bench.clock.now() + 4_000)
    bench.clock.advance(4_001)
    resolve()
    await expect(order).rejects.toThrow('waited too long')
    await outbox.drained()
    expect(bench.kinds()).toEqual(['promotion'])
  })

  test('that was on its way already and came too late is followed by an entry that says so', async () => {
    const { keeper, outbox } = bench.make()
    const { promise, resolve } = Promise.withResolvers<void>()
    bench.obstacle = () => promise
    const order = keeper.order({ kind: 'bypass_on', time: 0, message: '' }, bench.clock.now() + 4_000)
    bench.clock.advance(4_001)
    resolve()
    await order
    await outbox.drained()
    expect(bench.kinds()).toEqual(['bypass_on', 'order'])
    expect(bench.seen()[1].unmapped).toEqual({ order: 'late', late: 'bypass_on' })
  })

  test('is refused at once where too many wait already', async () => {
    const { keeper } = bench.make()
    bench.obstacle = () => new Promise(() => {})
    const order = (): Promise<string> =>
      keeper.order({ kind: 'block', time: 0, message: '' }).then(
        () => 'written',
        ({ message }: Error) => message,
      )
    const given = Array.from({ length: 6_000 }, order)
    expect(await given[5_999]).toMatch('too much waits')
  })
})

test('what came into the ledger although its bench.append was refused is there once', async () => {
  const { keeper, outbox } = bench.make()
  let isFirst = true
  bench.append = async entries => {
    bench.written.push(...entries)
    if (isFirst) {
      isFirst = false
      throw new Error('EIO: the last sync')
    }
  }
  keeper.event({ kind: 'promotion', time: 0, message: 'once' })
  await outbox.drained()
  await keeper.order({ kind: 'block', time: 0, message: '' })
  expect(bench.kinds()).toEqual(['promotion', 'block'])
})
