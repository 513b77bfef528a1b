import { readConnack, readConnect } from '@ringwall/wire'
import { describe, expect, test } from 'vitest'
import { RingwallError } from '../base/error.ts'
import { connack, connect, lines, packet, publish, read } from './packets.testkit.ts'
import { Bench, guard, refusing, settled } from './way.testkit.ts'

const mirrored = (bytes: Uint8Array) => {
  const found = readConnect(bytes, 2, bytes.length)
  if ('fatal' in found) throw new Error(found.why)
  return found
}

describe('a CONNECT', () => {
  test('goes to the broker under the name of the device, and nothing is answered before the broker does', async () => {
    const bench = new Bench()
    await bench.open({ username: 'somebody', password: 'guess' })
    expect(mirrored(bench.toBroker())).toMatchObject({ clientId: 'pump-1', username: 'pump-1', password: undefined })
    expect(bench.toDevice().length).toBe(0)
    expect(bench.asked.map(({ device }) => device)).toEqual(['pump-1'])
    bench.server(connack())
    expect(lines(bench.toDevice(), 'server')).toEqual(['CONNACK'])
  })

  test('may come in pieces of any size, with packets behind it that are held until the broker has accepted it', async () => {
    const bytes = Buffer.concat([connect(), publish('a', 'early'), Uint8Array.of(0xc0, 0)])
    for (let cut = 1; cut < bytes.length; cut++) {
      const bench = new Bench()
      bench.device(bytes.subarray(0, cut), bytes.subarray(cut))
      expect(bench.socket.paused).toBe(true)
      await settled()
      expect(lines(bench.toBroker(), 'client')).toEqual(['CONNECT'])
      bench.server(connack())
      expect(lines(bench.toBroker(), 'client')).toEqual(['PUBLISH', 'PINGREQ'])
      expect(bench.socket.paused).toBe(false)
    }
  })

  test('of a version that nobody speaks is told so in the form of 3.1.1 (MQTT-3.1.2-2)', async () => {
    const bench = new Bench()
    await bench.open({ version: 3 as 4 })
    expect(bench.verdicts()).toEqual(['disconnect floor:protocol_version'])
    expect([...bench.toDevice()]).toEqual([0x20, 2, 0, 1])
    expect(bench.asked).toEqual([])
  })

  test('with an empty client id gets the id of the device, which is told in version 5', async () => {
    const five = new Bench()
    await five.open({ clientId: '' })
    expect(mirrored(five.toBroker()).clientId).toBe('pump-1')
    five.server(connack())
    const answer = five.toDevice()
    expect(readConnack(answer, 2, answer.length, 5)).toMatchObject({ assignedClientId: 'pump-1' })
    const four = new Bench()
    await four.open({ version: 4, clientId: '' })
    expect(mirrored(four.toBroker()).clientId).toBe('pump-1')
    four.server(connack(4))
    expect(lines(four.toDevice(), 'server', 4)).toEqual(['CONNACK'])
  })
})

describe('a CONNECT that is turned away', () => {
  const cases: [
    string,
    ConstructorParameters<typeof Bench>[0],
    Parameters<typeof connect>[0],
    string,
    number,
    number,
  ][] = [
    ['under the id of another device', {}, { clientId: 'pump-2' }, 'client_id_foreign', 0x85, 2],
    ['while another session lives', { lease: 'contested' }, {}, 'session_contested', 0x89, 3],
    ['when all lanes are taken', { lease: 'full' }, {}, 'device_limit', 0x89, 3],
    [
      'when the broker is not reached',
      { unreachable: new RingwallError('upstream_timeout', 'it did not answer', 'wait') },
      {},
      'upstream_timeout',
      0x88,
      3,
    ],
    [
      'when reaching the broker fails in another way',
      { unreachable: new Error('?') },
      {},
      'upstream_unreachable',
      0x88,
      3,
    ],
  ]

  test.each(cases)(
    '%s: version 5 is told the reason, 3.1.1 the return code',
    async (_, options, parts, code, five, four) => {
      for (const version of [5, 4] as const) {
        const bench = new Bench(options)
        await bench.open({ ...parts, version })
        expect(bench.verdicts()).toEqual([`disconnect floor:${code}`])
        expect(read(bench.toDevice(), 'server', version).map(({ reason }) => reason)).toEqual([
          version === 5 ? five : four,
        ])
        expect(bench.toBroker().length).toBe(0)
        expect(bench.socket.done).toEqual(['end'])
        bench.device(publish('a', 'x', { version }))
        expect([bench.toBroker().length, bench.way.counts.forwarded]).toEqual([0, 0])
      }
    },
  )

  test('by a guard never reaches the broker, in observe mode it does', async () => {
    const no = (mode: 'enforce' | 'observe') => ({
      plan: [
        guard((act, report) => (act.action === 'connect' ? report.add('no_role', 'none') : undefined), 'access', mode),
      ],
    })
    const enforced = new Bench(no('enforce'))
    await enforced.open()
    expect(enforced.verdicts()).toEqual(['disconnect access:no_role'])
    expect(lines(enforced.toDevice(), 'server')).toEqual(['CONNACK 0x87'])
    expect(enforced.asked).toEqual([])
    const observed = new Bench(no('observe'))
    await observed.open()
    expect(observed.verdicts()).toEqual(['flag access:no_role'])
    expect(observed.asked.length).toBe(1)
  })

  test('for being too fast is refused: there is nothing to slow down yet', async () => {
    const bench = new Bench({ plan: [guard((_, report) => report.slow('rate_slowed', 'fast', 50), 'rate')] })
    await bench.open()
    expect(bench.verdicts()).toEqual(['disconnect rate:rate_slowed'])
    expect(lines(bench.toDevice(), 'server')).toEqual(['CONNACK 0x97'])
  })
})

describe('a will', () => {
  test('is judged by its own topic, payload and QoS', async () => {
    const seen: unknown[] = []
    const note = guard(({ action, address, bytes, payloadStart, payloadEnd, qos }) => {
      seen.push([action, address.text, Buffer.from(bytes.subarray(payloadStart, payloadEnd)).toString(), qos])
    })
    for (const version of [4, 5] as const) {
      await new Bench({ plan: [note] }).open({ version, will: { topic: 'plant/gone', payload: 'dead', qos: 1 } })
    }
    const both = [
      ['connect', '', '', 0],
      ['will', 'plant/gone', 'dead', 1],
    ]
    expect(seen).toEqual([...both, ...both])
  })

  test('that may not be left turns the CONNECT away', async () => {
    const bench = new Bench({ plan: [refusing()] })
    await bench.open({ will: { topic: 'plant/bad', payload: '1' } })
    expect(bench.verdicts()).toEqual(['disconnect access:denied'])
    expect(lines(bench.toDevice(), 'server')).toEqual(['CONNACK 0x87'])
    expect(bench.asked).toEqual([])
  })
})

describe('a device that leaves meanwhile', () => {
  test('while it waits for its lane never reaches the broker', async () => {
    const lease = Promise.withResolvers<'full'>()
    const bench = new Bench({ lease: lease.promise })
    await bench.open()
    bench.socket.emit('close')
    expect(bench.gone).toEqual([bench.c])
    lease.resolve('full')
    await settled()
    expect([bench.asked.length, bench.verdicts()]).toEqual([0, []])
  })

  test('while the broker is being reached leaves no link behind', async () => {
    const bench = new Bench()
    const reach = Promise.withResolvers<void>()
    const { connect } = bench.way.upstream
    Object.assign(bench.way.upstream, {
      connect: (who: typeof bench.c.principal) => reach.promise.then(() => connect(who)),
    })
    await bench.open()
    bench.socket.emit('close')
    reach.resolve()
    await settled()
    expect(bench.broker.destroyed).toBe(true)
    expect(bench.toBroker().length).toBe(0)
  })
})

describe('the answer of the broker', () => {
  test('passes unchanged where it refuses, and the session never stands', async () => {
    const bench = new Bench()
    await bench.open()
    const refusal = connack(5, 0x86, [0x1f, 0, 2, 0x6e, 0x6f])
    bench.toDevice()
    bench.server(refusal)
    expect(bench.toDevice()).toEqual(Buffer.from(refusal))
    expect(bench.verdicts()).toEqual(['refuse floor:broker_refused'])
    expect(bench.c.session.established).toBe(false)
    bench.broker.emit('close')
    expect(bench.toDevice().length).toBe(0)
    expect(bench.socket.done).toEqual(['end'])
  })

  test('tells the lower limits of the gateway, and what the broker allows counts where that is lower', async () => {
    const bench = new Bench({ policies: { packet: 5_000, aliases: 3, inflight: 2, maxKeepAlive: 30_000 } })
    await bench.open({ keepAlive: 600 })
    bench.server(connack(5, 0, [0x22, 0, 9]))
    const told = bench.toDevice()
    expect(readConnack(told, 2, told.length, 5)).toMatchObject({
      maximumPacketSize: 5_000,
      topicAliasMaximum: 3,
      receiveMaximum: 2,
      serverKeepAlive: 30,
    })
    expect([bench.c.scanner.aliasMaximum, bench.c.session.up.receiveMaximum]).toEqual([3, 2])
    const other = await new Bench().establish({}, [0x22, 0, 1, 0x21, 0, 4])
    expect([other.c.scanner.aliasMaximum, other.c.session.up.receiveMaximum]).toEqual([1, 4])
  })

  test.each([
    ['something before CONNACK', publish('a'), 'broker_connack_first'],
    ['a CONNACK with a code that does not exist', packet(0x20, [0, 0x42, 0]), 'broker_reason_illegal'],
  ])('that is illegal ends the connection: %s', async (_, bytes, code) => {
    const bench = new Bench()
    await bench.open()
    bench.server(bytes)
    expect(bench.verdicts()).toEqual([`disconnect floor:${code}`])
    expect(lines(bench.toDevice(), 'server')).toEqual(['CONNACK 0x80'])
  })
})
