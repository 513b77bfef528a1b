import { readSuback, readSubscribe } from '@ringwall/wire'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { lines, packet, publish, subscribe, u16 } from './packets.testkit.ts'
import { Bench, guard, refusing } from './way.testkit.ts'

afterEach(() => {
  vi.useRealTimers()
})

const suback = (id: number, reasons: number[], version: 4 | 5 = 5) =>
  packet(0x90, u16(id), version === 5 ? [0] : [], reasons)

function filters(bytes: Uint8Array, version: 4 | 5 = 5): string[] {
  const found = readSubscribe(bytes, 2, bytes.length, version)
  if ('fatal' in found) throw new Error(found.why)
  return found.filters.map(({ text, qos }) => `${text} ${qos}`)
}

function reasons(bytes: Uint8Array, version: 4 | 5 = 5): number[] {
  const found = readSuback(bytes, 2, bytes.length, version)
  if ('fatal' in found) throw new Error(found.why)
  return [...found.reasons]
}

describe('a SUBSCRIBE', () => {
  test('with nothing refused goes on as it is, and so does its SUBACK', async () => {
    const bench = await new Bench({ plan: [refusing()] }).establish()
    const bytes = subscribe(['a', 'b/#'], 3)
    bench.device(bytes)
    expect(bench.toBroker()).toEqual(Buffer.from(bytes))
    bench.server(suback(3, [1, 0]))
    expect(bench.toDevice()).toEqual(Buffer.from(suback(3, [1, 0])))
  })

  test.each([5, 4] as const)('with all refused is answered by the gateway (version %i)', async version => {
    const bench = await new Bench({ plan: [refusing()] }).establish({ version })
    bench.device(subscribe(['bad', 'bad/#'], 3, version))
    expect(bench.toBroker().length).toBe(0)
    expect(reasons(bench.toDevice(), version)).toEqual(version === 5 ? [0x87, 0x87] : [0x80, 0x80])
    expect(bench.verdicts()).toEqual(['refuse access:denied', 'refuse access:denied'])
  })

  test.each([5, 4] as const)(
    'with some refused goes on without them; the codes are joined in their places (version %i)',
    async version => {
      const bench = await new Bench({ plan: [refusing()] }).establish({ version })
      bench.device(subscribe(['bad', 'a', 'b/bad', 'c/#'], 3, version))
      expect(filters(bench.toBroker(), version)).toEqual(['a 1', 'c/# 1'])
      bench.server(suback(3, [1, 0x80], version))
      const refused = version === 5 ? 0x87 : 0x80
      expect(reasons(bench.toDevice(), version)).toEqual([refused, 1, refused, 0x80])
    },
  )

  test('keeps its place among the packets around it', async () => {
    const bench = await new Bench({ plan: [refusing()] }).establish()
    bench.device(Buffer.concat([publish('a'), subscribe(['bad', 'a'], 1), publish('b')]))
    expect(lines(bench.toBroker(), 'client')).toEqual(['PUBLISH', 'SUBSCRIBE 1', 'PUBLISH'])
  })

  test('one SUBACK of the broker is joined once, a second one is illegal', async () => {
    const bench = await new Bench({ plan: [refusing()] }).establish()
    bench.device(subscribe(['bad', 'a'], 3))
    bench.server(suback(3, [1]), suback(3, [0]))
    expect(lines(bench.toDevice(), 'server').filter(line => line.startsWith('SUBACK'))).toEqual(['SUBACK 3'])
    expect(bench.verdicts()).toContain('disconnect floor:broker_answer_unasked')
  })

  test('a broker that answers too few filters is filled up with failures', async () => {
    const bench = await new Bench({ plan: [refusing()] }).establish()
    bench.device(subscribe(['bad', 'a', 'b'], 3))
    bench.server(suback(3, [1]))
    expect(reasons(bench.toDevice())).toEqual([0x87, 1, 0x80])
  })

  test('is refused whole where too many half-refused ones wait for their SUBACK already', async () => {
    const bench = await new Bench({ plan: [refusing()] }).establish()
    for (let id = 1; id <= 64; id++) bench.device(subscribe(['bad', 'a'], id))
    bench.toBroker()
    expect(bench.toDevice().length).toBe(0)
    bench.device(subscribe(['bad', 'a'], 65))
    expect(reasons(bench.toDevice())).toEqual([0x97, 0x97])
    expect(bench.toBroker().length).toBe(0)
  })

  test('that is malformed ends the connection', async () => {
    const bench = await new Bench().establish()
    bench.device(Buffer.concat([publish('before'), packet(0x82, [0, 1, 0])]))
    expect(bench.verdicts()[0]).toMatch(/^disconnect floor:/)
    expect(lines(bench.toBroker(), 'client')).toEqual(['PUBLISH'])
  })
})

describe('its guards', () => {
  test('see each filter with its QoS and no payload', async () => {
    const seen: unknown[] = []
    const note = guard(({ action, address, qos, payloadStart, payloadEnd }) =>
      seen.push([action, address.text, qos, payloadEnd - payloadStart]),
    )
    const bench = await new Bench().establish()
    bench.c.plan = [note]
    bench.device(subscribe(['a', '$share/g/b/#']))
    expect(seen).toEqual([
      ['subscribe', 'a', 1, 0],
      ['subscribe', '$share/g/b/#', 1, 0],
    ])
  })

  test('that only observe let it pass', async () => {
    const bench = await new Bench({ plan: [refusing('bad', 'access', 'observe')] }).establish()
    bench.device(subscribe(['bad', 'a']))
    expect(filters(bench.toBroker())).toEqual(['bad 1', 'a 1'])
    expect(bench.verdicts()).toEqual(['flag access:denied'])
  })

  test('that end the connection end it at the first filter that is so bad', async () => {
    const bench = await new Bench({
      plan: [guard((act, report) => (act.address.text === 'bad' ? report.end('poison', 'no') : undefined))],
    }).establish()
    bench.device(Buffer.concat([publish('before'), subscribe(['a', 'bad', 'b'])]))
    expect(lines(bench.toBroker(), 'client')).toEqual(['PUBLISH'])
    expect(lines(bench.toDevice(), 'server')).toEqual(['DISCONNECT 0x87'])
  })

  test('that slow it down hold the packet as a whole, and it is judged again', async () => {
    let tokens = 0
    const slow = guard((_, report) => (tokens-- > 0 ? undefined : report.slow('rate_slowed', 'fast', 50)), 'rate')
    const bench = await new Bench().establish()
    bench.c.plan = [slow]
    vi.useFakeTimers({ toFake: ['setTimeout'] })
    bench.device(Buffer.concat([subscribe(['a', 'b'], 7), publish('c')]))
    expect(bench.toBroker().length).toBe(0)
    tokens = 9
    vi.advanceTimersByTime(50)
    expect(lines(bench.toBroker(), 'client')).toEqual(['SUBSCRIBE 7', 'PUBLISH'])
  })

  test('that count filters are told of all at the first, so that the packet waits or passes as a whole', async () => {
    const weights: number[] = []
    const bench = await new Bench().establish()
    bench.c.plan = [guard(act => void weights.push(act.weight), 'rate')]
    bench.device(subscribe(['a', 'b', 'c'], 7))
    expect(weights).toEqual([3, 0, 0])
  })
})
