import { Scanner } from '@ringwall/wire/mqtt'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Step } from '../contract/index.ts'
import { ack, connect, publish } from '../path/packets.testkit.ts'
import { Session } from './session.ts'

/** A session past its CONNACK that notes what passed as `path` does. */
function talk(version: 4 | 5, inflight = 3) {
  const session = new Session(inflight)
  session.version = version
  session.connected = true
  session.established = true
  const device = new Scanner({ from: 'client', maxPacket: 1_000 })
  const broker = new Scanner({ from: 'server', maxPacket: 1_000 })
  broker.version = version
  device.feed(connect({ version }))
  device.next()
  const send = (bytes: Uint8Array): string => {
    device.feed(bytes)
    device.next()
    const step = session.fromClient(device)
    if (step === Step.publish) session.up.forwarded(device.packetId, device.qos)
    if (step === Step.illegal) return `${session.fault?.code} ${session.fault?.clause}`
    return Object.entries(Step).find(([, value]) => value === step)?.[0] ?? ''
  }
  const answer = (bytes: Uint8Array): void => {
    broker.feed(bytes)
    broker.next()
    expect(session.fromServer(broker)).toBe(Step.forward)
  }
  return { session, send, answer }
}

describe('an identifier in use', () => {
  test.each([
    [5, 'packet_id_in_use MQTT-2.2.1-3'],
    [4, 'packet_id_in_use MQTT-2.3.1-2'],
  ] as const)('may not be used for a new message in version %i', (version, fault) => {
    const { send, answer } = talk(version)
    expect(send(publish('a', 'x', { version, qos: 1, id: 7 }))).toBe('publish')
    expect(send(publish('a', 'x', { version, qos: 2, id: 7 }))).toBe(fault)
    answer(ack(0x40, 7))
    expect(send(publish('a', 'x', { version, qos: 2, id: 7 }))).toBe('publish')
  })

  test('may be sent again on a living connection in 3.1.1 only', () => {
    const four = talk(4)
    expect(four.send(publish('a', 'x', { version: 4, qos: 1, id: 7 }))).toBe('publish')
    expect(four.send(publish('a', 'x', { version: 4, qos: 1, id: 7, dup: true }))).toBe('publish')
    expect(four.session.up.size).toBe(1)
    const five = talk(5)
    expect(five.send(publish('a', 'x', { qos: 1, id: 7 }))).toBe('publish')
    expect(five.send(publish('a', 'x', { qos: 1, id: 7, dup: true }))).toBe('packet_id_in_use MQTT-2.2.1-3')
  })

  test('is free again after PUBACK, PUBCOMP, or a PUBREC that refuses', () => {
    const { send, answer, session } = talk(5)
    for (const [qos, answers] of [
      [1, [ack(0x40, 7)]],
      [2, [ack(0x50, 7), ack(0x70, 7)]],
      [2, [ack(0x50, 7, 0x87)]],
    ] as const) {
      expect(send(publish('a', 'x', { qos, id: 7 }))).toBe('publish')
      for (const each of answers) answer(each)
      expect(session.up.size).toBe(0)
    }
  })
})

describe('the receive maximum', () => {
  test('is kept over QoS 1 and 2 together; QoS 0 is free (MQTT-3.3.4-9)', () => {
    const { send, answer } = talk(5, 2)
    expect(send(publish('a', 'x', { qos: 1, id: 1 }))).toBe('publish')
    expect(send(publish('a', 'x', { qos: 2, id: 2 }))).toBe('publish')
    expect(send(publish('a'))).toBe('publish')
    answer(ack(0x50, 2))
    expect(send(publish('a', 'x', { qos: 1, id: 3 }))).toBe('crowded')
    answer(ack(0x70, 2))
    expect(send(publish('a', 'x', { qos: 1, id: 3 }))).toBe('publish')
  })
})

test('a PUBREL for what the gateway refused is completed by the gateway, others go on within the budget', () => {
  const { send, session } = talk(4)
  session.up.refused(5, 2, 0x87, true)
  session.up.exact.due(() => {})
  expect(send(ack(0x62, 6))).toBe('control')
  expect(send(ack(0x62, 5))).toBe('complete')
  expect(send(ack(0x62, 5))).toBe('control')
})

/** What a device does next with an identifier, and what becomes of it. */
const act = fc.record({
  id: fc.integer({ min: 1, max: 5 }),
  qos: fc.constantFrom(1, 2),
  verdict: fc.constantFrom('forward', 'refuse'),
  answered: fc.boolean(),
})

test('whatever is forwarded, refused and answered, the own answers come in order and exactly once', () => {
  fc.assert(
    fc.property(fc.array(act, { maxLength: 50 }), fc.constantFrom<4 | 5>(4, 5), (acts, version) => {
      const { up } = new Session(100)
      const refused: string[] = []
      const answered: string[] = []
      const hand = () => {
        up.once.due(id => answered.push(`1 ${id}`))
        up.exact.due(id => answered.push(`2 ${id}`))
      }
      for (const { id, qos, verdict, answered: ends } of acts) {
        if (ends) {
          if (qos === 1) up.acknowledged(id)
          else up.recorded(id, 0x80)
        } else if (!up.inUse(id)) {
          if (verdict === 'forward') up.forwarded(id, qos)
          else {
            up.refused(id, qos, 0x87, version === 4)
            refused.push(`${qos} ${id}`)
          }
        }
        hand()
        if (version === 4) for (let each = 1; each <= 5; each++) if (!up.exact.has(each)) up.released(each)
      }
      for (let id = 1; id <= 5; id++) {
        up.acknowledged(id)
        up.recorded(id, 0x80)
      }
      hand()
      for (const qos of ['1', '2']) {
        const of = (list: string[]) => list.filter(each => each.startsWith(qos))
        expect(of(answered)).toEqual(of(refused))
      }
      expect(up.size).toBe(0)
    }),
  )
})
