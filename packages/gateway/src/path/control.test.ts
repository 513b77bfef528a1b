import { describe, expect, test } from 'vitest'
import { Halt } from './connection.ts'
import { ack, field, lines, packet, publish, u16 } from './packets.testkit.ts'
import { sweep } from './sweep.ts'
import { Bench, guard } from './way.testkit.ts'

const PING = packet(0xc0)
const unsubscribe = (...filters: string[]) => packet(0xa2, u16(9), [0], ...filters.map(field))

describe('a packet that carries neither message nor subscription', () => {
  test('is judged, as one act or one for each filter', async () => {
    const seen: [string, number][] = []
    const bench = await new Bench().establish()
    bench.c.plan = [guard(act => void seen.push([act.action, act.weight]), 'rate')]
    bench.device(PING, unsubscribe('a', 'b', 'c'))
    expect(seen).toEqual([
      ['control', 1],
      ['control', 3],
    ])
    expect(lines(bench.toBroker(), 'client').length).toBe(2)
  })

  test('waits like any other, and is judged again', async () => {
    let asked = 0
    const bench = await new Bench().establish()
    bench.c.plan = [guard((_, report) => (asked++ === 0 ? report.slow('rate_slowed', 'fast', 1e6) : undefined), 'rate')]
    bench.device(PING)
    expect(bench.toBroker().length).toBe(0)
    bench.way.resume(bench.c, Halt.throttled)
    expect([...bench.toBroker()]).toEqual([...PING])
  })

  test('is dropped where it is refused, and the connection goes on', async () => {
    const bench = await new Bench().establish()
    bench.c.plan = [
      guard((act, report) => (act.action === 'control' ? report.add('rate_exceeded', 'fast') : undefined), 'rate'),
    ]
    bench.device(PING, publish('a'))
    expect([...bench.toBroker()]).toEqual([...publish('a')])
    expect(bench.verdicts()).toEqual(['refuse rate:rate_exceeded'])
  })

  test('an acknowledgement of nothing goes no further', async () => {
    const bench = await new Bench().establish()
    bench.device(ack(0x40, 5), ack(0x50, 5))
    expect(bench.toBroker().length).toBe(0)
  })
})

describe('a device over the receive maximum', () => {
  const RECEIVE_MAXIMUM_2 = [0x21, 0, 2]
  const numbered = (id: number) => publish('a', 'x', { qos: 1, id })

  test('is not read until the broker has caught up, and nothing is lost', async () => {
    const bench = await new Bench().establish({}, RECEIVE_MAXIMUM_2)
    bench.device(numbered(1), numbered(2), Buffer.concat([numbered(3), numbered(4)]))
    expect(lines(bench.toBroker(), 'client').length).toBe(2)
    expect([bench.socket.paused, bench.c.halted]).toEqual([true, Halt.crowded])
    bench.server(ack(0x40, 1))
    expect([...bench.toBroker()]).toEqual([...numbered(3)])
    bench.server(ack(0x40, 2))
    expect([...bench.toBroker()]).toEqual([...numbered(4)])
    bench.server(ack(0x40, 3))
    expect([bench.socket.paused, bench.verdicts()]).toEqual([false, []])
  })

  test('is ended where it stays so', async () => {
    const bench = await new Bench().establish({}, RECEIVE_MAXIMUM_2)
    bench.device(numbered(1), numbered(2), numbered(3))
    bench.clock.advance(5_001)
    sweep([bench.c], bench.way)
    expect(bench.verdicts()).toEqual(['disconnect floor:receive_maximum'])
    expect(lines(bench.toDevice(), 'server')).toEqual(['DISCONNECT 0x93'])
  })
})

test('a device that does not read what the gateway answers is cut off in the end', async () => {
  const bench = await new Bench({ budget: 1e9 }).establish()
  bench.socket.writableLength = 1024 * 1024 + bench.way.policies.packet + 1
  sweep([bench.c], bench.way)
  expect(bench.verdicts()).toEqual(['disconnect floor:device_deaf'])
  expect(bench.socket.destroyed).toBe(true)
})
