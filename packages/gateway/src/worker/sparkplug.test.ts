import { describe, expect, test, vi } from 'vitest'
import { SparkplugDesk } from '../profile/sparkplug.ts'
import { aliased, EdgeBench, edge, message, named, write } from './sparkplug.testkit.ts'

describe('profiles are loaded anew while an edge node is connected', () => {
  test('its births stay: ranges by alias, unborn aliases and the sequence go on being judged', async () => {
    const b = await new EdgeBench(edge()).born()
    expect(b.up('NDATA/pump-1', message(2, aliased(1, 1.5)))).toBe('ok')
    b.reload(edge())
    expect(b.up('NDATA/pump-1', message(3, aliased(1, 2.5)))).toBe('value_range')
    expect(b.up('NDATA/pump-1', message(4, aliased(7, 1)))).toBe('sparkplug_alias')
    expect(b.up('NDATA/pump-1', message(6, aliased(1, 1)))).toBe('sparkplug_sequence')
    expect(b.up('NDATA/pump-1', message(5, aliased(1, 1)))).toBe('ok')
  })

  test('what was born is held against the new ranges', async () => {
    const b = await new EdgeBench(edge()).born()
    b.reload(edge({ level: { type: 'number', maximum: 1 } }))
    expect(b.up('NDATA/pump-1', message(2, aliased(1, 1.5)))).toBe('value_range')
    expect(b.up('NDATA/pump-1', message(3, aliased(1, 0.5)))).toBe('ok')
  })

  test('one whose birth nobody saw has to be born first', async () => {
    const other = { ...edge(), 'rw:devices': ['other-*'] }
    const b = new EdgeBench(other)
    await b.bench.establish({ version: 5 })
    b.reload(edge())
    expect(b.up('NDATA/pump-1', message(7, aliased(1, 2.5)))).toBe('sparkplug_unborn')
    expect(b.up('NDATA/pump-1', message(8, named('level', 1)))).toBe('sparkplug_unborn')
    const rebirth = named('Node Control/Rebirth', true, 'Boolean')
    expect(b.down('NCMD/pump-1', message(undefined, rebirth))).toBe('ok')
  })
})

describe('commands to an edge node', () => {
  test('by shape, type and birth, on their way down', async () => {
    const b = await new EdgeBench(edge()).born()
    const cases: [string, Uint8Array, string][] = [
      ['NCMD/pump-1', message(undefined, named('limit', 5)), 'ok'],
      ['NCMD/pump-1', message(undefined, named('limit', 50)), 'value_range'],
      ['NCMD/pump-1', message(undefined, named('limit', 5, 'Float')), 'sparkplug_datatype'],
      ['NCMD/pump-1', message(undefined, named('level', 1)), 'value_unknown'],
      ['NCMD/pump-1', message(undefined, named('speed', 1)), 'sparkplug_metric'],
      ['NCMD/pump-1', message(undefined, named('Node Control/Rebirth', true, 'Boolean')), 'ok'],
      ['NCMD/pump-1', message(undefined, named('Node Control/Rebirth', false, 'Boolean')), 'sparkplug_rebirth'],
      ['NCMD/pump-1', message(3, named('limit', 5)), 'sparkplug_sequence'],
      ['DCMD/pump-1/press', message(undefined, aliased(2, 5)), 'ok'],
      ['DCMD/pump-1/press', message(undefined, aliased(2, 50)), 'value_range'],
      ['DCMD/pump-1/press', message(undefined, aliased(1, 5)), 'sparkplug_alias'],
      ['DCMD/pump-1/lift', message(undefined, named('limit', 5)), 'sparkplug_unborn'],
    ]
    for (const [topic, payload, code] of cases) expect(`${topic} ${b.down(topic, payload)}`).toBe(`${topic} ${code}`)
    // What it is told is not counted among what it says.
    expect(b.up('NDATA/pump-1', message(2, aliased(1, 1.5)))).toBe('ok')
  })

  test('on their way up by what they say themselves; an alias is judged where the births are', async () => {
    const b = new EdgeBench(edge())
    await b.bench.establish({ version: 5 })
    expect(b.up('NCMD/pump-2', message(undefined, named('limit', 5)))).toBe('ok')
    expect(b.up('NCMD/pump-2', message(undefined, named('limit', 50)))).toBe('value_range')
    expect(b.up('NCMD/pump-2', message(undefined, named('other', 5)))).toBe('value_unknown')
    expect(b.up('DCMD/pump-2/press', message(undefined, aliased(2, 5)))).toBe('ok')
    expect(b.desk.size).toBe(1)
  })

  test('who may send them, and what nobody has sent does not arrive', async () => {
    const actions = { write: write('spBv1.0/${site}/NCMD/${device}', { 'rw:senders': ['host'] }) }
    const b = await new EdgeBench(edge({ actions })).born()
    expect(b.up('NCMD/pump-2', message(undefined, named('limit', 5)))).toBe('refuse command:command_sender')
    expect(b.down('NCMD/pump-1', message(undefined, named('limit', 5)))).toBe('refuse command:command_unproven')
  })

  test('what a permitted sender has said arrives, and nothing else', async () => {
    const actions = { write: write('spBv1.0/${site}/NCMD/${device}', { 'rw:senders': ['sensor'] }) }
    const b = await new EdgeBench(edge({ actions })).born()
    const command = message(undefined, named('limit', 5))
    expect(b.up('NCMD/pump-1', command)).toBe('ok')
    expect(b.down('NCMD/pump-1', command)).toBe('ok')
    expect(b.down('NCMD/pump-1', command, { retain: true })).toBe('sparkplug_delivery')
    expect(b.down('NCMD/pump-1', message(undefined, named('limit', 6)))).toBe('refuse command:command_unproven')
  })

  test('too many of them', async () => {
    const rate = { messages: '1/s', burst: 2 }
    const actions = { limit: write('spBv1.0/${site}/DCMD/${device}/+', { 'rw:maximumRate': rate }) }
    const b = new EdgeBench(edge({ actions }))
    await b.bench.establish({ version: 5 })
    const said = ['a', 'b', 'c'].map(device => b.up(`DCMD/pump-2/${device}`, message(undefined, named('limit', 5))))
    // Other names behind the same edge node are no way around the limit.
    expect(said).toEqual(['ok', 'ok', 'refuse command:command_rate'])
  })

  test('those that no action declares are refused, also where a filter over all types is there', async () => {
    const b = await new EdgeBench(edge({ actions: {} })).born()
    expect(b.down('NCMD/pump-1', message(undefined, named('limit', 5)))).toBe('command_undeclared')
    expect(b.down('DCMD/pump-1/press', message(undefined, aliased(2, 5)))).toBe('command_undeclared')
    expect(b.up('NCMD/pump-1', message(undefined, named('limit', 5)))).toBe('topic_undeclared')
  })
})

test('a finding says which device behind the edge node it is about', async () => {
  const b = await new EdgeBench(edge()).born()
  expect(b.why('DDATA/pump-1/press', message(2, aliased(1, 1)))).toMatch(/^press behind pump-1: /)
  expect(b.why('NDATA/pump-1', message(3, aliased(1, 3)))).not.toContain('behind')
})

describe('what is kept of edge nodes', () => {
  test('is counted by what is used, and forgotten with the connection', async () => {
    const b = await new EdgeBench(edge()).born()
    const { used } = b.desk
    expect(used).toBeGreaterThan(500)
    expect(used).toBeLessThan(4_000)
    b.desk.forget('pump-1')
    expect([b.desk.used, b.desk.size]).toEqual([0, 0])
  })

  test('is bounded: births beyond it are refused', async () => {
    const b = await new EdgeBench(edge(), new SparkplugDesk({ mostBytes: 500 })).born()
    expect(b.up('NDATA/pump-1', message(1, aliased(1, 1)))).toBe('sparkplug_unborn')
    expect(b.desk.isFull(b.desk.taken())).toBe(true)
    b.desk.forget('pump-1')
    expect(b.desk.isFull(b.desk.taken())).toBe(false)
  })
})

test('a message that waits for its rate is counted once', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout'] })
  const b = await new EdgeBench(edge({ rate: { messages: '1/s', burst: 1 } })).born()
  expect(b.up('NDATA/pump-1', message(2, aliased(1, 1)))).toBe('ok')
  expect(b.up('NDATA/pump-1', message(3, aliased(1, 1)))).toMatch(/^throttle rate/)
  b.bench.clock.advance(1_500)
  vi.advanceTimersByTime(1_500)
  vi.useRealTimers()
  expect(b.bench.toBroker().length).toBeGreaterThan(0)
  expect(b.bench.verdicts()).toEqual([])
})
