import { describe, expect, test } from 'vitest'
import { Halt } from './connection.ts'
import { connack, connect, lines, publish } from './packets.testkit.ts'
import { sweep } from './sweep.ts'
import { Bench, refusing, settled } from './way.testkit.ts'

function after(bench: Bench, milliseconds: number): string[] {
  bench.clock.advance(milliseconds)
  sweep([bench.c], bench.way)
  return bench.verdicts()
}

describe('a session that does not come about', () => {
  test('one that sends no whole CONNECT in time is ended without a word', () => {
    const bench = new Bench()
    bench.device(connect().subarray(0, 9))
    expect(after(bench, 5_000)).toEqual([])
    expect(after(bench, 1)).toEqual(['disconnect floor:connect_timeout'])
    expect(bench.toDevice().length).toBe(0)
    expect(bench.socket.done).toEqual(['end'])
  })

  test('bytes that drip in do not put the deadline off', () => {
    const bench = new Bench()
    const bytes = connect()
    for (let i = 0; i < 5; i++) {
      bench.device(bytes.subarray(i, i + 1))
      expect(after(bench, 1_000)).toEqual([])
    }
    expect(after(bench, 1)).toEqual(['disconnect floor:connect_timeout'])
  })

  test('one whose broker does not answer is told that the server is unavailable', async () => {
    const bench = new Bench()
    await bench.open()
    expect(after(bench, 5_001)).toEqual(['disconnect floor:connect_timeout'])
    expect(lines(bench.toDevice(), 'server')).toEqual(['CONNACK 0x88'])
  })

  test('one that waits for its lane for too long is ended', async () => {
    const bench = new Bench({ lease: new Promise(() => {}) })
    await bench.open()
    expect(after(bench, 5_001)).toEqual(['disconnect floor:connect_timeout'])
  })
})

describe('the keep-alive', () => {
  test.each([4, 5] as const)('ends a silent device after one and a half times (version %i)', async version => {
    const bench = await new Bench().establish({ version, keepAlive: 10 })
    expect(after(bench, 15_000)).toEqual([])
    expect(after(bench, 1)).toEqual(['disconnect floor:keep_alive'])
    expect(lines(bench.toDevice(), 'server', version)).toEqual(version === 5 ? ['DISCONNECT 0x8d'] : [])
    // No DISCONNECT goes up: the broker takes the device for lost and sends its will.
    expect(bench.toBroker().length).toBe(0)
  })

  test('of a device that speaks goes on', async () => {
    const bench = await new Bench().establish({ keepAlive: 10 })
    for (let i = 0; i < 5; i++) {
      bench.device(Uint8Array.of(0xc0, 0))
      expect(after(bench, 14_000)).toEqual([])
    }
  })

  test("is the gateway's own where the device asked for none or for more", async () => {
    for (const keepAlive of [0, 60_000]) {
      const bench = await new Bench({ policies: { maxKeepAlive: 20_000 } }).establish({ keepAlive })
      expect(after(bench, 30_000)).toEqual([])
      expect(after(bench, 1)).toEqual(['disconnect floor:keep_alive'])
    }
  })

  test("is the broker's where it says one", async () => {
    const bench = await new Bench().establish({ keepAlive: 60 }, [0x13, 0, 4])
    expect(after(bench, 6_001)).toEqual(['disconnect floor:keep_alive'])
  })

  test('of a device that is not read does not run out', async () => {
    const bench = await new Bench().establish({ keepAlive: 10 })
    bench.c.halt(Halt.full)
    expect(after(bench, 60_000)).toEqual([])
  })
})

describe('what was ended', () => {
  test('is cut when it does not close by itself', async () => {
    const bench = await new Bench().establish({ keepAlive: 10 })
    after(bench, 15_001)
    after(bench, 1_000)
    expect(bench.socket.destroyed).toBe(false)
    after(bench, 1)
    expect([bench.socket.destroyed, bench.broker.destroyed]).toEqual([true, true])
  })

  test('is not ended again', async () => {
    const bench = await new Bench().establish({ keepAlive: 10 })
    expect(after(bench, 15_001)).toEqual(['disconnect floor:keep_alive'])
    expect(after(bench, 500)).toEqual([])
    bench.device(publish('a'))
    bench.server(connack(), publish('a'))
    await settled()
    expect([bench.toBroker().length, bench.verdicts()]).toEqual([0, []])
  })

  test('a held packet of a peer that sends nothing more is charged by the sweep', async () => {
    const bench = await new Bench().establish()
    bench.socket.writableLength = 70
    after(bench, 1)
    expect(bench.way.budget.used).toBe(70)
  })
})

describe('a session that stands', () => {
  test('ends with its certificate', async () => {
    const bench = await new Bench({ validUntil: new Bench().clock.wall() + 1_000 }).establish()
    expect(after(bench, 999)).toEqual([])
    expect(after(bench, 2)).toEqual(['disconnect floor:certificate_expired'])
    expect(lines(bench.toDevice(), 'server')).toEqual(['DISCONNECT 0x87'])
  })

  test('ends where the broker takes nothing for a minute', async () => {
    const bench = await new Bench().establish()
    bench.device(publish('a'))
    bench.c.halt(Halt.full)
    expect(after(bench, 60_000)).toEqual([])
    expect(after(bench, 1)).toEqual(['disconnect floor:stalled'])
    expect(bench.socket.destroyed).toBe(true)
  })

  test('of a device that does not read what it is told is not read either', async () => {
    const bench = await new Bench({ plan: [refusing()] }).establish({ version: 4 })
    bench.socket.takes = false
    bench.device(publish('bad', 'x', { qos: 1, id: 1 }))
    expect([bench.socket.paused, bench.c.halted]).toEqual([true, Halt.deaf])
    bench.socket.takes = true
    bench.way.resume(bench.c, Halt.deaf)
    expect(bench.socket.paused).toBe(false)
  })
})
