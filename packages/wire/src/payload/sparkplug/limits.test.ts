import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SPARKPLUG_OPTIONS } from './node.ts'
import { aliased, metric, Session, type UserMetric } from './sparkplug.testkit.ts'
import { Full, MetricTable, SPARKPLUG_LIMITS } from './table.ts'

const SMALL = { metrics: 10, devices: 3, nameBytes: 120 }

function many(count: number, prefix: string, from = 0): UserMetric[] {
  return Array.from({ length: count }, (_, i) => metric(`${prefix}${i}`, 'Int32', i, { alias: from + i }))
}

function small(): Session {
  const session = new Session({ ...SPARKPLUG_OPTIONS, limits: SMALL })
  session.connect()
  return session
}

test('metrics of the node and its devices together', () => {
  const session = small()
  expect(session.birth(many(9, 'a'))).toBe('payload_length')
  expect(session.birth(many(8, 'a'))).toBe('ok')
  expect(session.say('DBIRTH/edge/one', many(1, 'b', 50))).toBe('sparkplug_limit')
  expect(session.birth(many(3, 'a'))).toBe('ok')
  expect(session.say('DBIRTH/edge/one', many(5, 'b', 50))).toBe('ok')
  // The device's own metrics make way for its new ones.
  expect(session.say('DBIRTH/edge/one', many(5, 'c', 40))).toBe('ok')
  expect(session.node.metrics.count).toBe(10)
  expect(session.say('DDATA/edge/one', [aliased(44, 'Int32', 1)])).toBe('ok')
  expect(session.say('DDATA/edge/one', [aliased(50, 'Int32', 1)])).toBe('sparkplug_alias')
})

test('bytes of names', () => {
  const session = small()
  expect(session.birth([metric('x'.repeat(100), 'Int32', 1)])).toBe('sparkplug_limit')
  expect(session.judge.fault?.why).toContain('120 bytes')
  expect(session.birth([metric('x'.repeat(80), 'Int32', 1)])).toBe('ok')
})

test('devices and their names', () => {
  const session = small()
  session.birth()
  for (const device of ['a', 'b', 'c']) expect(session.say(`DBIRTH/edge/${device}`, [])).toBe('ok')
  expect(session.say('DBIRTH/edge/d', [])).toBe('sparkplug_limit')
  session.birth()
  expect(session.node.devices.size).toBe(0)
  expect(session.say(`DBIRTH/edge/${'x'.repeat(121)}`, [])).toBe('sparkplug_limit')
})

test('whatever is born again and again, nothing grows', () => {
  const session = new Session()
  session.connect()
  const most = { metrics: 0, devices: 0, bytes: 0 }
  for (let round = 0; round < 300; round++) {
    session.birth(many(round % 900, `n${round}-`))
    for (let device = 0; device < 5; device++)
      session.say(`DBIRTH/edge/d${round}-${device}`, many(30, 'm', 10_000 + 30 * device))
    most.metrics = Math.max(most.metrics, session.node.metrics.count)
    most.devices = Math.max(most.devices, session.node.devices.size)
    most.bytes = Math.max(most.bytes, session.node.bytes)
  }
  expect(most.metrics).toBeLessThanOrEqual(SPARKPLUG_LIMITS.metrics)
  expect(most.devices).toBe(5)
  expect(most.bytes).toBeLessThanOrEqual(107 * 1024)
})

test('a full table takes what its limits say', () => {
  const table = new MetricTable(SPARKPLUG_LIMITS)
  const name = new TextEncoder().encode('x'.repeat(64))
  for (let i = 0; i < SPARKPLUG_LIMITS.metrics; i++) expect(table.add(i, name, 0, 64, i, 3)).toBe(Full.no)
  expect(table.add(5000, name, 0, 1, -1, 3)).toBe(Full.metrics)
  expect(table.bytes).toBe(107 * 1024)
})

test('the table finds what a map of the same finds', () => {
  const entry = fc.record({
    device: fc.nat(2),
    name: fc.string({ maxLength: 3 }),
    alias: fc.oneof(fc.nat(20), fc.maxSafeNat()),
  })
  fc.assert(
    fc.property(
      fc.array(entry, { maxLength: 80 }),
      fc.array(entry, { maxLength: 20 }),
      fc.nat(2),
      (first, second, device) => {
        const table = new MetricTable(SPARKPLUG_LIMITS)
        const staged = new MetricTable(SPARKPLUG_LIMITS)
        const kept = fill(table, first)
        const own = fill(
          staged,
          second.map(one => ({ ...one, device })),
        )
        table.replace(device, staged)
        const expected = [...kept.filter(one => one.device !== device), ...own]
        expect(table.count).toBe(expected.length)
        for (const one of expected) {
          const bytes = new TextEncoder().encode(one.name)
          const found = table.find(one.device, bytes, 0, bytes.length)
          expect([table.device(found), table.alias(found)]).toEqual([one.device, one.alias])
          expect(table.alias(table.findAlias(one.alias))).toBe(one.alias)
        }
        for (const one of kept)
          if (!expected.some(other => other.alias === one.alias)) expect(table.findAlias(one.alias)).toBe(-1)
      },
    ),
    { numRuns: 300, seed: 5 },
  )
})

interface Entry {
  readonly device: number
  readonly name: string
  readonly alias: number
}

/** Adds what is not there yet. */
function fill(table: MetricTable, entries: readonly Entry[]): Entry[] {
  return entries.filter(one => {
    const bytes = new TextEncoder().encode(one.name)
    if (table.find(one.device, bytes, 0, bytes.length) >= 0 || table.findAlias(one.alias) >= 0) return false
    return table.add(one.device, bytes, 0, bytes.length, one.alias, 3) === Full.no
  })
}
