import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ack, field, lines, packet, publish, read } from './packets.testkit.ts'
import { Bench, guard, refusing } from './way.testkit.ts'

const message = fc.record({
  topic: fc.constantFrom('a', 'plant/pump-1/set', 'bad', 'x/bad/y'),
  payload: fc.string({ maxLength: 300 }),
  qos: fc.constantFrom(0, 1, 2),
})

test('what the device may see reaches it unchanged however the bytes are split', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(message, { minLength: 1, maxLength: 8 }),
      fc.integer({ min: 1, max: 90 }),
      fc.constantFrom<4 | 5>(4, 5),
      async (messages, size, version) => {
        const bench = await new Bench({ plan: [refusing()] }).establish({ version })
        const packets = messages.map(({ topic, payload, qos }, i) => ({
          topic,
          bytes: publish(topic, payload, { version, qos, id: i + 1 }),
        }))
        const all = Buffer.concat(packets.map(({ bytes }) => bytes))
        for (let at = 0; at < all.length; at += size) bench.server(all.subarray(at, at + size))
        const fit = packets.filter(({ topic }) => !topic.includes('bad'))
        expect(bench.toDevice()).toEqual(Buffer.concat(fit.map(({ bytes }) => bytes)))
        expect(bench.way.counts.delivered).toBe(fit.length)
      },
    ),
    { numRuns: 60 },
  )
})

describe('a message that is withheld', () => {
  test.each([
    [5, 1, ['PUBACK 7 0x87'], [], ['PUBREL 7']],
    [5, 2, ['PUBREC 7 0x87'], [], ['PUBREL 7']],
    [4, 1, ['PUBACK 7'], [], ['PUBREL 7']],
    [4, 2, ['PUBREC 7'], ['PUBCOMP 7'], []],
    [5, 0, [], [], ['PUBREL 7']],
  ] as const)(
    'from a broker of version %i at QoS %i is answered %j, its PUBREL %j',
    async (version, qos, first, then, down) => {
      const bench = await new Bench({ plan: [refusing()] }).establish({ version })
      bench.server(publish('bad', 'x', { version, qos, id: 7 }))
      expect(lines(bench.toBroker(), 'client', version)).toEqual(first)
      expect(bench.toDevice().length).toBe(0)
      bench.server(ack(0x62, 7))
      expect(lines(bench.toBroker(), 'client', version)).toEqual(then)
      expect(lines(bench.toDevice(), 'server', version)).toEqual(down)
      expect(bench.verdicts()).toEqual(['refuse access:denied'])
    },
  )

  test('is acknowledged after those before it, which the device answers', async () => {
    const bench = await new Bench({ plan: [refusing()] }).establish()
    bench.server(
      publish('a', 'x', { qos: 1, id: 1 }),
      publish('bad', 'x', { qos: 1, id: 2 }),
      publish('a', 'x', { qos: 1, id: 3 }),
    )
    expect(bench.toBroker().length).toBe(0)
    bench.device(Buffer.concat([ack(0x40, 1), ack(0x40, 3)]))
    expect(lines(bench.toBroker(), 'client')).toEqual(['PUBACK 1', 'PUBACK 2 0x87', 'PUBACK 3'])
  })

  test('is withheld also where a guard would end the connection: the device has done nothing', async () => {
    const bench = await new Bench().establish()
    bench.c.plan = [guard((_, report) => report.end('poison', 'no'), 'schema')]
    bench.server(publish('a', 'x', { qos: 1, id: 1 }))
    expect(lines(bench.toBroker(), 'client')).toEqual(['PUBACK 1 0x83'])
    expect(bench.socket.done).toEqual([])
  })

  test('in observe mode is not, and is taken down', async () => {
    const bench = await new Bench({ plan: [refusing('bad', 'access', 'observe')] }).establish()
    bench.server(publish('bad', 'x'))
    expect(lines(bench.toDevice(), 'server')).toEqual(['PUBLISH'])
    expect(bench.verdicts()).toEqual(['flag access:denied'])
  })
})

describe('what a device would be refused as strict', () => {
  const property = (...bytes: number[]): Uint8Array => packet(0x30, field('a'), [bytes.length, ...bytes], field(''))
  test.each([
    ['a response topic with a wildcard', property(8, 0, 3, 0x61, 0x2f, 0x23)],
    ['an empty response topic', property(8, 0, 0)],
    ['a payload format of 2', property(1, 2)],
    ['DUP with QoS 0', packet(0x38, field('a'), [0])],
    ['a control character', packet(0x30, field('\u0001'), [0])],
    ['the same, retained', packet(0x31, field('a'), [2, 1, 2])],
  ])('passes when the broker sends it, and ends no session: %s', async (_, bytes) => {
    const bench = await new Bench().establish()
    bench.c.scanner.strict = true
    bench.server(bytes, publish('after'))
    expect(bench.toDevice()).toEqual(Buffer.concat([bytes, publish('after')]))
    expect([bench.verdicts(), bench.socket.done]).toEqual([[], []])
  })

  test('is judged by the guards, and acknowledged where they withhold it', async () => {
    const bench = await new Bench({ plan: [refusing()] }).establish()
    bench.server(packet(0x32, field('bad'), [0, 9, 6, 8, 0, 3, 0x61, 0x2f, 0x23]))
    expect(lines(bench.toBroker(), 'client')).toEqual(['PUBACK 9 0x87'])
    expect([bench.toDevice().length, bench.verdicts()]).toEqual([0, ['refuse access:denied']])
  })
})

describe('an alias of the broker', () => {
  const aliases = { properties: [0x22, 0, 5] }

  test('that a withheld message defined is spelled out once for the device', async () => {
    const picky = guard(
      (act, report) => (act.payloadEnd - act.payloadStart > 5 ? report.add('large', 'no') : undefined),
      'size',
    )
    const bench = await new Bench({ plan: [picky] }).establish(aliases)
    bench.server(
      publish('plant/x', 'too large', { alias: 2 }),
      publish('', '1', { alias: 2, qos: 1, id: 9 }),
      publish('', '2', { alias: 2 }),
    )
    expect(read(bench.toDevice(), 'server').map(({ text }) => text.split(',')[0])).toEqual([
      'PUBLISH qos 1 id 9 topic plant/x alias 2',
      'PUBLISH qos 0 alias 2',
    ])
  })

  test('hides no topic from the guards', async () => {
    const bench = await new Bench({ plan: [refusing()] }).establish(aliases)
    bench.server(publish('bad', '1', { alias: 1 }), publish('', '2', { alias: 1 }))
    expect(bench.toDevice().length).toBe(0)
  })

  test('that stands for nothing ends the connection', async () => {
    const bench = await new Bench().establish(aliases)
    bench.server(publish('', '2', { alias: 3 }))
    expect(bench.verdicts()).toEqual(['disconnect floor:broker_alias_unknown'])
  })
})

describe('a broker', () => {
  test.each([
    ['a packet of a client', packet(0xc0), 'broker_wrong_direction'],
    ['a second CONNACK', packet(0x20, [0, 0, 0]), 'broker_second_connack'],
    ['a reserved type', Uint8Array.of(0, 0), 'broker_reserved_type'],
    ['a packet above the limit', Uint8Array.of(0x30, 0xff, 0xff, 0x7f), 'broker_packet_too_large'],
  ])('that sends %s is not read any further; what it sent before is delivered', async (_, bytes, code) => {
    const bench = await new Bench().establish()
    bench.server(Buffer.concat([publish('before'), bytes, publish('after')]))
    expect(bench.verdicts()).toEqual([`disconnect floor:${code}`])
    const [first, ...rest] = read(bench.toDevice(), 'server')
    expect(first.topic).toBe('before')
    expect(rest).toMatchObject([{ name: 'DISCONNECT', reason: 0x80 }])
    expect(bench.broker.done).toEqual(['end'])
  })

  test('is not read while the device takes nothing', async () => {
    const bench = await new Bench().establish()
    bench.socket.takes = false
    bench.server(publish('a'))
    expect(bench.broker.paused).toBe(true)
  })

  test('that still sends to a device that is gone is not listened to', async () => {
    const bench = await new Bench().establish()
    bench.socket.emit('close')
    bench.server(publish('a'))
    expect([bench.toDevice().length, bench.way.counts.delivered]).toEqual([0, 0])
  })
})
