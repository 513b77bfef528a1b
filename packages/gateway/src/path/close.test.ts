import { describe, expect, test } from 'vitest'
import { end } from './close.ts'
import { lines, publish, read } from './packets.testkit.ts'
import { Bench } from './way.testkit.ts'

/** Every reason with which the gateway ends a connection of its own accord, or that a scanner's fault may carry. */
const REASONS = [
  0x80, 0x81, 0x82, 0x83, 0x85, 0x87, 0x88, 0x89, 0x8b, 0x8d, 0x8e, 0x8f, 0x90, 0x93, 0x94, 0x95, 0x97, 0x99,
]

describe('the last packet', () => {
  test('is one that MQTT 5 knows for every reason, before CONNACK and after it', async () => {
    for (const reason of REASONS) {
      const opening = new Bench()
      await opening.open()
      end(opening.c, reason, 'code', opening.way)
      expect(read(opening.toDevice(), 'server')).toMatchObject([{ name: 'CONNACK' }])
      const standing = await new Bench().establish()
      end(standing.c, reason, 'code', standing.way)
      expect(read(standing.toDevice(), 'server')).toMatchObject([{ name: 'DISCONNECT' }])
    }
  })

  test('of a gateway that stops is "server unavailable" to a device whose session does not stand yet', async () => {
    const bench = new Bench()
    await bench.open()
    end(bench.c, 0x8b, 'server_shutting_down', bench.way)
    expect(lines(bench.toDevice(), 'server')).toEqual(['CONNACK 0x88'])
    const four = new Bench()
    await four.open({ version: 4 })
    end(four.c, 0x8b, 'server_shutting_down', four.way)
    expect(lines(four.toDevice(), 'server', 4)).toEqual(['CONNACK 0x3'])
  })

  test('carries the code in words where the device has room for it', async () => {
    const bench = await new Bench().establish()
    end(bench.c, 0x97, 'memory_limit', bench.way)
    expect(bench.toDevice().toString()).toContain('memory_limit')
    const small = await new Bench().establish({ properties: [0x27, 0, 0, 0, 100] })
    end(small.c, 0x97, 'memory_limit', small.way)
    expect([...small.toDevice()]).toEqual([0xe0, 1, 0x97])
  })

  test('is none for a device that said nothing yet, that left, or that speaks 3.1.1', async () => {
    const silent = new Bench()
    end(silent.c, 0x80, 'code', silent.way)
    const old = await new Bench().establish({ version: 4 })
    end(old.c, 0x80, 'code', old.way)
    const left = await new Bench().establish()
    left.device(Uint8Array.of(0xe0, 0))
    end(left.c, 0x80, 'code', left.way)
    for (const bench of [silent, old, left]) expect(bench.toDevice().length).toBe(0)
  })
})

describe('the end', () => {
  test('of the device: what it sent before still reaches the broker, and nothing after its DISCONNECT', async () => {
    const bench = await new Bench().establish()
    bench.device(Buffer.concat([publish('a'), Uint8Array.of(0xe0, 0), publish('b')]))
    bench.device(publish('c'))
    expect(lines(bench.toBroker(), 'client')).toEqual(['PUBLISH', 'DISCONNECT'])
    expect([bench.socket.done, bench.broker.done]).toEqual([['end'], ['end']])
  })

  test('of the broker: a device that did not ask for it is told', async () => {
    const bench = await new Bench().establish()
    bench.broker.emit('close')
    expect(read(bench.toDevice(), 'server')).toMatchObject([{ name: 'DISCONNECT' }])
    expect(bench.gone).toEqual([])
    bench.socket.emit('close')
    expect(bench.gone).toEqual([bench.c])
  })

  test('of a link that broke is taken down with its error', async () => {
    const bench = await new Bench().establish()
    bench.broker.emit('error', new Error('read ECONNRESET'))
    bench.broker.emit('close')
    expect(bench.verdicts()).toEqual(['disconnect floor:upstream_lost'])
  })

  test('by DISCONNECT of the broker: it passes as it came, and the gateway adds none of its own', async () => {
    const bench = await new Bench().establish()
    const last = Buffer.from([0xe0, 2, 0x8e, 0])
    bench.server(last)
    bench.broker.emit('close')
    expect(bench.toDevice()).toEqual(last)
  })

  test('is told to whoever waits for the lane once both sides are closed, in either order, once', async () => {
    for (const order of ['socket', 'broker'] as const) {
      const bench = await new Bench().establish()
      const [first, second] = order === 'socket' ? [bench.socket, bench.broker] : [bench.broker, bench.socket]
      first.emit('close')
      expect(bench.gone).toEqual([])
      second.emit('close')
      expect(bench.gone).toEqual([bench.c])
    }
  })

  test('of the socket first sends no DISCONNECT up: the broker sends the will', async () => {
    const bench = await new Bench().establish()
    bench.socket.emit('close')
    expect(bench.toBroker().length).toBe(0)
    expect(bench.broker.done).toEqual(['end'])
  })
})
