import fc from 'fast-check'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { ack, lines, packet, publish, read, u16 } from './packets.testkit.ts'
import { Bench, guard, refusing } from './way.testkit.ts'

afterEach(() => {
  vi.useRealTimers()
})

/** Splits bytes at the given places. */
function split(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const places = [0, ...[...new Set(cuts.map(cut => cut % bytes.length))].sort((a, b) => a - b), bytes.length]
  return places.slice(1).map((end, i) => bytes.subarray(places[i], end))
}

const message = fc.record({
  topic: fc.constantFrom('a', 'plant/pump-1/level', 'bad', 'x/bad/y'),
  payload: fc.string({ maxLength: 300 }),
  qos: fc.constantFrom(0, 1, 2),
})

test('what passes arrives unchanged however the bytes are split, and what is refused is not in it', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(message, { minLength: 1, maxLength: 8 }),
      fc.array(fc.nat(), { maxLength: 12 }),
      fc.constantFrom<4 | 5>(4, 5),
      async (messages, cuts, version) => {
        const bench = await new Bench({ plan: [refusing()] }).establish({ version })
        const packets = messages.map((each, i) => ({
          bytes: publish(each.topic, each.payload, { version, qos: each.qos, id: i + 1 }),
          ...each,
        }))
        bench.device(...split(Buffer.concat(packets.map(({ bytes }) => bytes)), cuts))
        const fit = packets.filter(({ topic }) => !topic.includes('bad'))
        expect(bench.toBroker()).toEqual(Buffer.concat(fit.map(({ bytes }) => bytes)))
        expect(bench.way.counts).toMatchObject({ forwarded: fit.length, refused: packets.length - fit.length })
      },
    ),
    { numRuns: 60 },
  )
})

describe('a refused publish', () => {
  const answers = async (version: 4 | 5, qos: number) => {
    const bench = await new Bench({ plan: [refusing()] }).establish({ version })
    bench.device(publish('bad', 'x', { version, qos, id: 7 }))
    const first = lines(bench.toDevice(), 'server', version)
    bench.device(ack(0x62, 7))
    return {
      first,
      released: lines(bench.toDevice(), 'server', version),
      up: lines(bench.toBroker(), 'client', version),
    }
  }

  test.each([
    [5, 0, [], [], ['PUBREL 7']],
    [5, 1, ['PUBACK 7 0x87'], [], ['PUBREL 7']],
    [5, 2, ['PUBREC 7 0x87'], [], ['PUBREL 7']],
    [4, 0, [], [], ['PUBREL 7']],
    [4, 1, ['PUBACK 7'], [], ['PUBREL 7']],
    [4, 2, ['PUBREC 7'], ['PUBCOMP 7'], []],
  ] as const)('of version %i and QoS %i is answered %j, its PUBREL %j', async (version, qos, first, released, up) => {
    expect(await answers(version, qos)).toEqual({ first, released, up })
  })

  test('is answered after those before it (MQTT-4.6.0-2)', async () => {
    const bench = await new Bench({ plan: [refusing()] }).establish()
    bench.device(
      publish('a', 'x', { qos: 1, id: 1 }),
      publish('bad', 'x', { qos: 1, id: 2 }),
      publish('a', 'x', { qos: 1, id: 3 }),
    )
    expect(bench.toDevice().length).toBe(0)
    bench.server(Buffer.concat([ack(0x40, 1), ack(0x40, 3)]))
    expect(lines(bench.toDevice(), 'server')).toEqual(['PUBACK 1', 'PUBACK 2 0x87', 'PUBACK 3'])
  })

  test.each([
    ['access', 0x87],
    ['size', 0x97],
    ['rate', 0x97],
    ['schema', 0x83],
  ])('by the guard %s has the reason 0x%x', async (name, reason) => {
    const bench = await new Bench({ plan: [refusing('bad', name)] }).establish()
    bench.device(publish('bad', 'x', { qos: 1, id: 2 }))
    expect(read(bench.toDevice(), 'server')[0].reason).toBe(reason)
  })

  test('ends a 3.1.1 connection where the operator wants that, above QoS 0; all before it is forwarded', async () => {
    const bench = await new Bench({ plan: [refusing()], policies: { refused: 'disconnect' } }).establish({ version: 4 })
    bench.device(publish('bad', 'x', { version: 4 }))
    expect(bench.socket.done).toEqual([])
    bench.device(
      Buffer.concat([
        publish('a', 'x', { version: 4 }),
        publish('bad', 'x', { version: 4, qos: 1, id: 2 }),
        publish('b', 'x', { version: 4 }),
      ]),
    )
    expect(lines(bench.toBroker(), 'client', 4)).toEqual(['PUBLISH'])
    expect(bench.socket.done).toEqual(['end'])
    expect(bench.verdicts()).toEqual(['refuse access:denied', 'disconnect access:denied'])
  })

  test('by a guard that ends the connection says so in DISCONNECT', async () => {
    const ending = guard(
      (act, report) => (act.address.text === 'bad' ? report.end('poison', 'no') : undefined),
      'schema',
    )
    const bench = await new Bench({ plan: [ending] }).establish()
    bench.device(Buffer.concat([publish('a'), publish('bad'), publish('b')]))
    expect(lines(bench.toDevice(), 'server')).toEqual(['DISCONNECT 0x83'])
    expect(read(bench.toBroker(), 'client').map(({ topic }) => topic)).toEqual(['a'])
  })

  test('of a guard that only observes passes and is taken down', async () => {
    const bench = await new Bench({ plan: [refusing('bad', 'access', 'observe')] }).establish()
    bench.device(publish('bad', 'x', { qos: 1, id: 1 }))
    expect(lines(bench.toBroker(), 'client')).toEqual(['PUBLISH 1'])
    expect(bench.verdicts()).toEqual(['flag access:denied'])
  })
})

describe('an alias', () => {
  test('that a refused packet defined is spelled out once for the broker, which never heard of it', async () => {
    const picky = guard(
      (act, report) => (act.payloadEnd - act.payloadStart > 5 ? report.add('large', 'no') : undefined),
      'size',
    )
    const bench = await new Bench({ plan: [picky] }).establish({}, [0x22, 0, 5])
    bench.device(
      publish('plant/x', 'too large', { alias: 2 }),
      publish('', '1', { alias: 2 }),
      publish('', '2', { alias: 2 }),
    )
    expect(read(bench.toBroker(), 'client').map(({ text }) => text.split(',')[0])).toEqual([
      'PUBLISH qos 0 topic plant/x alias 2',
      'PUBLISH qos 0 alias 2',
    ])
  })

  test('that is given a new meaning by a refused packet means the new one, never the former', async () => {
    const bench = await new Bench({ plan: [refusing()] }).establish({}, [0x22, 0, 5])
    bench.device(publish('good', '1', { alias: 1 }), publish('bad', '2', { alias: 1 }), publish('', '3', { alias: 1 }))
    expect(read(bench.toBroker(), 'client').map(({ payload }) => payload)).toEqual(['1'])
    expect(bench.verdicts()).toEqual(['refuse access:denied', 'refuse access:denied'])
  })

  test('that stands for nothing, or is above the maximum, is illegal', async () => {
    for (const [alias, code] of [
      [1, 'alias_unknown'],
      [6, 'alias_invalid'],
    ] as const) {
      const bench = await new Bench().establish({}, [0x22, 0, 5])
      bench.device(publish('', 'x', { alias }))
      expect(bench.verdicts()[0]).toMatch(alias === 1 ? `disconnect floor:${code}` : /^disconnect floor:/)
      expect(bench.toBroker().length).toBe(0)
    }
  })

  test('is judged anew after the configuration changed, though its topic is not sent again', async () => {
    let allowed = true
    const remembering = guard((act, report) => {
      act.address.memo[0] ??= allowed
      if (act.address.memo[0] === false) report.add('denied', 'no')
    })
    const bench = await new Bench({ plan: [remembering] }).establish({}, [0x22, 0, 5])
    bench.device(publish('plant/x', '1', { alias: 1 }), publish('', '2', { alias: 1 }))
    allowed = false
    bench.c.addresses.forget(3)
    bench.c.session.up.forget()
    bench.device(publish('', '3', { alias: 1 }))
    expect(read(bench.toBroker(), 'client').map(({ payload }) => payload)).toEqual(['1', '2'])
  })
})

describe('a device that is too fast', () => {
  test('is not read for so long, then the same packet is judged again and all goes on in order', async () => {
    let tokens = 1
    const seen: string[] = []
    const slow = guard((act, report) => {
      seen.push(act.address.text)
      if (tokens-- <= 0) report.slow('rate_slowed', 'fast', 70)
    }, 'rate')
    const bench = await new Bench({ plan: [] }).establish()
    bench.c.plan = [slow]
    vi.useFakeTimers({ toFake: ['setTimeout'] })
    bench.device(Buffer.concat([publish('a'), publish('b'), publish('c')]))
    expect(read(bench.toBroker(), 'client').map(({ topic }) => topic)).toEqual(['a'])
    expect([bench.socket.paused, bench.verdicts()]).toEqual([true, ['throttle rate:rate_slowed']])
    tokens = 1
    vi.advanceTimersByTime(69)
    expect(seen).toEqual(['a', 'b'])
    vi.advanceTimersByTime(1)
    expect(read(bench.toBroker(), 'client').map(({ topic }) => topic)).toEqual(['b'])
    tokens = 9
    bench.device(publish('d'))
    expect(bench.toBroker().length).toBe(0)
    vi.advanceTimersByTime(70)
    expect(read(bench.toBroker(), 'client').map(({ topic }) => topic)).toEqual(['c', 'd'])
    expect(bench.socket.paused).toBe(false)
    expect(seen).toEqual(['a', 'b', 'b', 'c', 'c', 'd'])
  })

  test('that is gone when its wait is over is not judged again', async () => {
    const bench = await new Bench().establish()
    bench.c.plan = [guard((_, report) => report.slow('rate_slowed', 'fast', 70), 'rate')]
    vi.useFakeTimers({ toFake: ['setTimeout'] })
    bench.device(publish('a'))
    bench.socket.emit('close')
    bench.verdicts()
    vi.advanceTimersByTime(70)
    expect([bench.verdicts(), bench.toBroker().length]).toEqual([[], 0])
  })
})

test('a broker that takes nothing stops the reading of the device until it drains', async () => {
  const bench = await new Bench().establish()
  bench.broker.takes = false
  bench.device(publish('a'))
  bench.slab.cut()
  expect(bench.socket.paused).toBe(true)
  bench.device(publish('b'))
  expect(read(bench.toBroker(), 'client').map(({ topic }) => topic)).toEqual(['a'])
  bench.broker.takes = true
  bench.broker.emit('drain')
  expect(read(bench.toBroker(), 'client').map(({ topic }) => topic)).toEqual(['b'])
  expect(bench.socket.paused).toBe(false)
})

test.each([
  ['a packet of a server', packet(0xd0), 'wrong_direction', 0x82],
  ['a wildcard in a topic', packet(0x30, [0, 1, 0x23, 0]), 'topic_wildcard', 0x90],
  ['a second CONNECT', packet(0x10, [0, 4, 77, 81, 84, 84, 5, 2, ...u16(0), 0, 0, 0]), 'second_connect', 0x82],
  ['a packet above the limit', Uint8Array.of(0x30, 0xff, 0xff, 0x7f), 'packet_too_large', 0x95],
  ['a length of five bytes', Uint8Array.of(0x30, 0xff, 0xff, 0xff, 0xff, 1), 'malformed_length', 0x81],
])(
  '%s ends the connection with its clause; all before it was forwarded, nothing after it is',
  async (_, bytes, code, reason) => {
    const bench = await new Bench().establish()
    bench.device(Buffer.concat([publish('before'), bytes, publish('after')]))
    expect(read(bench.toBroker(), 'client').map(({ topic }) => topic)).toEqual(['before'])
    const { verdicts } = bench.way.book.take()
    expect(verdicts).toMatchObject([
      { decision: 'disconnect', device: 'pump-1', direction: 'up', findings: [{ guard: 'floor', code }] },
    ])
    expect(verdicts[0].findings[0].clause).toMatch(/^MQTT-/)
    expect(read(bench.toDevice(), 'server')).toMatchObject([{ name: 'DISCONNECT', reason }])
  },
)
