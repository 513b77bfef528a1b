import { describe, expect, test } from 'vitest'
import { parseConfig } from '../config/index.ts'
import { SAMPLE } from '../config/sample.ts'
import { SharedApprovals } from '../lanes/approvals.ts'
import { SharedLimits } from '../lanes/limits.ts'
import { publish } from '../path/packets.testkit.ts'
import { Bench } from '../path/way.testkit.ts'
import { book, sensor } from '../profile/profile.testkit.ts'
import { compileRules } from '../signature/index.ts'
import { compilePlans } from './plan.ts'

const TOPIC = 'mill-3/pump-1/telemetry'
const GOOD = { n: 1, ts: 1_700_000_000_000, device: 'pump-1', value: 1.5, unit: 'm' }

test('signatures are judged where there are rules, and not where they are off', () => {
  const set = compileRules([{ file: 'a.rules', text: 'drop mqtt any any -> any any (mqtt.type:AUTH; sid:1;)' }])
  const planFor = (more: string, signatures: typeof set | null) =>
    compilePlans(
      parseConfig(`${SAMPLE}${more}`, '/x/ringwall.yaml'),
      book([]),
      { topics: new SharedLimits(1024, 1), approvals: new SharedApprovals(1024, [1, 2, 3, 4]) },
      signatures,
    )('pump-1')
  const names = (plan: ReturnType<typeof planFor>) => plan.map(({ guard }) => guard.name)
  expect(names(planFor('', set))).toEqual(['access', 'size', 'rate', 'rhythm', 'signature', 'quarantine'])
  expect(planFor('', set).packets).toBe(1 << 15)
  expect(names(planFor('guards: { signature: off }\n', set))).toEqual([
    'access',
    'size',
    'rate',
    'rhythm',
    'quarantine',
  ])
  expect(planFor('guards: { signature: off }\n', set).packets).toBe(undefined)
  expect(names(planFor('', null))).toEqual(['access', 'size', 'rate', 'rhythm', 'quarantine'])
})

/** A session of pump-1 (MQTT 5.0) under a profile, all rings enforced. */
async function bench(parts: Record<string, unknown> = {}, values: Record<string, unknown> = {}): Promise<Bench> {
  const text = `${SAMPLE.replaceAll('plant/', 'mill-3/')}rings: { network: enforce, identity: enforce, integrity: enforce, physical: enforce }\n`
  const profiles = book([{ ...sensor(parts, values), 'rw:devices': ['pump-*'] }])
  const plans = compilePlans(parseConfig(text, '/x/ringwall.yaml'), profiles, {
    topics: new SharedLimits(1024, 1),
    approvals: new SharedApprovals(1024, [1, 2, 3, 4]),
  })
  return new Bench({ plan: plans('pump-1') }).establish({ version: 5 })
}

const said = (bench: Bench, message: unknown, topic = TOPIC, parts: object = {}): string => {
  bench.device(
    publish(topic, typeof message === 'string' ? message : JSON.stringify(message), { qos: 1, id: 1, ...parts }),
  )
  return bench.toDevice().toString('hex')
}

describe('a session under a profile', () => {
  test('a good message reaches the broker, byte for byte', async () => {
    const b = await bench()
    const packet = publish(TOPIC, JSON.stringify(GOOD), { qos: 1, id: 1 })
    b.device(packet)
    expect(b.toBroker()).toEqual(Buffer.from(packet))
    expect(b.verdicts()).toEqual([])
  })

  test.each([
    ['schema:value_range', { ...GOOD, value: 3 }, '99'],
    ['schema:payload_syntax', '{', '99'],
    ['schema:payload_duplicate_key', '{"n":1,"n":1}', '99'],
    ['schema:value_enum', { ...GOOD, device: 'pump-2' }, '99'],
  ])('%s: refused with payload format invalid', async (code, message, reason) => {
    const b = await bench()
    expect(said(b, message)).toMatch(new RegExp(`^40..0001${reason}`))
    expect(b.toBroker().length).toBe(0)
    expect(b.verdicts()).toEqual([`refuse ${code}`])
  })

  test('a redundancy that does not agree is refused in the same way', async () => {
    const b = await bench({ 'rw:redundant': [{ kind: 'copy', of: '/value', field: '/cm', tolerance: 0.001 }] })
    expect(said(b, { ...GOOD, cm: 151 })).toMatch(/^40..000199/)
    expect(b.verdicts()).toEqual(['refuse schema:redundancy_mismatch'])
  })

  test('a topic that the profile does not declare has the reason for topics', async () => {
    const b = await bench()
    expect(said(b, GOOD, 'mill-3/pump-1/other')).toMatch(/^40..000190/)
    expect(b.verdicts()).toEqual(['refuse schema:topic_undeclared'])
  })

  test('what it may say how often is slowed down', async () => {
    const b = await bench({ 'rw:maximumRate': { messages: '1/s', burst: 2 } })
    for (let i = 0; i < 3; i++) said(b, { ...GOOD, n: i }, TOPIC, { id: i + 1 })
    expect(b.verdicts()).toEqual(['throttle rate:rate_slowed'])
  })

  test('a reading that jumps is refused, and the one before stays the one to compare with', async () => {
    const change = { 'rw:change': { perSecond: 0.1, slack: 0.01 } }
    const b = await bench({}, { value: { type: 'number', unit: 'm', 'rw:name': 'level', ...change } })
    said(b, GOOD)
    b.clock.advance(1_000)
    said(b, { ...GOOD, n: 2, value: 1.9 }, TOPIC, { id: 2 })
    b.clock.advance(1_000)
    said(b, { ...GOOD, n: 3, value: 1.6 }, TOPIC, { id: 3 })
    expect(b.verdicts()).toEqual(['refuse invariant:change_too_fast'])
  })
})

test('in a bypass the same guards judge, and all of them only observe', () => {
  const text = `${SAMPLE}rings: { network: enforce, identity: enforce, integrity: off, physical: observe }\n`
  const plans = compilePlans(parseConfig(text, '/x/ringwall.yaml'), book([sensor()]), {
    topics: new SharedLimits(1024, 1),
    approvals: new SharedApprovals(1024, [1, 2, 3, 4]),
  })
  const [usual, bypassed] = [plans('pump-1'), plans('pump-1', true)]
  expect(new Set(usual.map(({ mode }) => mode))).toEqual(new Set(['enforce', 'observe']))
  expect(bypassed.map(({ guard }) => guard)).toEqual(usual.map(({ guard }) => guard))
  expect(bypassed.every(({ mode }) => mode === 'observe')).toBe(true)
  expect([plans('pump-1'), plans('pump-1', true)]).toEqual([usual, bypassed])
})
