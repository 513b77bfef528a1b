import { isFault, readConnect, Scanner } from '@ringwall/wire/mqtt'
import { beforeEach, describe, expect, test } from 'vitest'
import { Step } from '../contract/index.ts'
import { ack, connack, connect, field, packet, publish, subscribe } from '../path/packets.testkit.ts'
import { Session } from './session.ts'

const NAMES = Object.fromEntries(Object.entries(Step).map(([name, value]) => [value, name]))
const PINGREQ = Uint8Array.of(0xc0, 0)
const PINGRESP = Uint8Array.of(0xd0, 0)
const DISCONNECT = Uint8Array.of(0xe0, 0)
const METHOD = [0x15, ...field('SCRAM-1')]
const AUTH = packet(0xf0, [0x18, 10], [0x15], field('SCRAM-1'))

let session: Session
let device: Scanner
let broker: Scanner

function begin(version: 4 | 5, inflight = 3): void {
  session = new Session(inflight)
  device = new Scanner({ from: 'client', maxPacket: 1_000, aliasMaximum: 5 })
  broker = new Scanner({ from: 'server', maxPacket: 1_000, aliasMaximum: 5 })
  session.version = version
  broker.version = version
}

/** The step of each packet, an illegal one with its code and clause. */
function steps(scanner: Scanner, packets: Uint8Array[]): string[] {
  return packets.map(bytes => {
    scanner.feed(bytes)
    expect(scanner.next()).toBe(true)
    const step = scanner === device ? session.fromClient(scanner) : session.fromServer(scanner)
    return step === Step.illegal ? `${session.fault?.code} ${session.fault?.clause}` : NAMES[step]
  })
}
const up = (...packets: Uint8Array[]) => steps(device, packets)
const down = (...packets: Uint8Array[]) => steps(broker, packets)

/** The device's CONNECT, with these properties. */
function hello(version: 4 | 5, properties: readonly number[] = [], clean = true): void {
  expect(up(connect({ version, properties, clean }))).toEqual(['connect'])
  const read = readConnect(device.bytes, device.body, device.end)
  if (isFault(read)) throw new Error(read.why)
  expect(session.begin(read, ['SCRAM-1'])).toBeNull()
}

/** A session that both sides have agreed on. */
function established(
  version: 4 | 5,
  inflight = 3,
  properties: readonly number[] = [],
  granted: readonly number[] = [],
): void {
  begin(version, inflight)
  hello(version, properties)
  expect(down(connack(version, 0, granted))).toEqual(['connack'])
  session.established = true
}

describe('the beginning', () => {
  beforeEach(() => begin(5))

  test('the first packet of a device is CONNECT (MQTT-3.1.0-1)', () => {
    expect(up(PINGREQ)).toEqual(['connect_expected MQTT-3.1.0-1'])
    begin(4)
    device.version = 4
    expect(up(PINGREQ)).toEqual(['connect_first MQTT-3.1.0-1'])
    expect(session.fault).toMatchObject({ reason: 0x82, fatal: false })
  })

  test('a second CONNECT is illegal (MQTT-3.1.0-2)', () => {
    expect(up(connect())).toEqual(['connect'])
    session.connected = true
    expect(up(connect())).toEqual(['second_connect MQTT-3.1.0-2'])
  })

  test('a device may go on before the broker has answered', () => {
    expect(up(connect())).toEqual(['connect'])
    session.connected = true
    expect(up(publish('a'), subscribe(['a']), DISCONNECT)).toEqual(['publish', 'subscribe', 'last'])
  })

  test.each([
    ['PUBLISH', publish('a')],
    ['PINGRESP', PINGRESP],
    ['DISCONNECT', DISCONNECT],
    ['AUTH that nobody asked for', AUTH],
  ])('the broker may not begin with %s (MQTT-3.2.0-1)', (_, bytes) => {
    expect(down(bytes)).toEqual(['connack_first MQTT-3.2.0-1'])
  })

  test('a second CONNACK is illegal (MQTT-3.2.0-2)', () => {
    established(5)
    expect(down(connack())).toEqual(['second_connack MQTT-3.2.0-2'])
  })
})

describe('authentication', () => {
  test('AUTH goes both ways where CONNECT named a method, before CONNACK too', () => {
    begin(5)
    hello(5, METHOD)
    expect(down(AUTH)).toEqual(['forward'])
    expect(up(AUTH)).toEqual(['control'])
  })

  test('AUTH that was not asked for is illegal (MQTT-4.12.0-7)', () => {
    established(5)
    expect(up(AUTH)).toEqual(['auth_unasked MQTT-4.12.0-7'])
  })

  test('3.1.1 has no AUTH', () => {
    established(4)
    expect(up(AUTH)).toEqual(['wrong_direction MQTT-2.2.1'])
  })
})

describe('packets of the other side', () => {
  test.each([
    ['CONNACK', connack()],
    ['SUBACK', packet(0x90, [0, 1, 0, 0])],
    ['PINGRESP', PINGRESP],
  ])('a device may not send %s', (_, bytes) => {
    established(5)
    expect(up(bytes)).toEqual(['wrong_direction MQTT-2.1.2'])
  })

  test.each([
    ['CONNECT', connect()],
    ['SUBSCRIBE', subscribe(['a'])],
    ['PINGREQ', PINGREQ],
  ])('a broker may not send %s', (_, bytes) => {
    established(5)
    expect(down(bytes)).toEqual(['wrong_direction MQTT-2.1.2'])
  })

  test('a broker of 3.1.1 may not send DISCONNECT, one of 5 may, and it is its last', () => {
    established(4)
    expect(down(DISCONNECT)).toEqual(['wrong_direction MQTT-2.2.1'])
    established(5)
    expect(down(DISCONNECT)).toEqual(['last'])
  })

  test('the DISCONNECT of a device is its last and is remembered', () => {
    established(5)
    expect(session.parted).toBe(false)
    expect(up(DISCONNECT)).toEqual(['last'])
    expect(session.parted).toBe(true)
  })
})

describe('SUBACK', () => {
  test('is joined where filters were taken out, once', () => {
    established(5)
    const reasons = Uint8Array.of(0, 0x87)
    expect(session.expectSuback(1, reasons)).toBe(true)
    const suback = packet(0x90, [0, 1, 0, 1])
    expect(up(subscribe(['a', 'b'], 1))).toEqual(['subscribe'])
    expect(down(suback)).toEqual(['suback'])
    expect(session.takePartial(1)).toBe(reasons)
    expect(session.takePartial(1)).toBeUndefined()
    expect(up(subscribe(['a'], 1))).toEqual(['subscribe'])
    expect(down(suback)).toEqual(['forward'])
  })

  test('only so many may be waited for', () => {
    established(5)
    const waiting = Array.from({ length: 100 }, (_, id) => session.expectSuback(id + 1, Uint8Array.of(0, 0x87)))
    expect(waiting.filter(each => each).length).toBe(64)
    session.takePartial(1)
    expect(session.expectSuback(200, Uint8Array.of(0, 0x87))).toBe(true)
  })
})

test('acknowledgements for messages that nobody sent: none of the device that could be for a withheld one goes on', () => {
  established(5)
  const strays = [ack(0x40, 9), ack(0x50, 9), ack(0x62, 9), ack(0x70, 9)]
  expect(up(...strays)).toEqual(['drop', 'drop', 'control', 'control'])
  expect(down(...strays)).toEqual(['forward', 'forward', 'forward', 'forward'])
})

describe('what CONNECT and CONNACK settled', () => {
  test('a method of authentication that nobody listed is refused, strictly (MQTT-4.12.0-1)', () => {
    begin(5)
    expect(up(connect({ properties: METHOD }))).toEqual(['connect'])
    const read = readConnect(device.bytes, device.body, device.end)
    if (isFault(read)) throw new Error(read.why)
    expect(session.begin(read, ['SCRAM-256'])).toMatchObject({
      code: 'authentication_method',
      reason: 0x8c,
      strict: true,
    })
  })

  test('a present session is illegal where a clean one was asked for', () => {
    for (const [version, clause] of [
      [4, 'MQTT-3.2.2-1'],
      [5, 'MQTT-3.2.2-2'],
    ] as const) {
      begin(version)
      hello(version)
      expect(down(packet(0x20, [1, 0], version === 5 ? [0] : []))).toEqual([`session_present ${clause}`])
      begin(version)
      hello(version, [], false)
      expect(down(packet(0x20, [1, 0], version === 5 ? [0] : []))).toEqual(['connack'])
    }
  })

  test('QoS and retain beyond what the broker takes (MQTT-3.2.2-11, MQTT-3.2.2-14)', () => {
    established(5, 3, [], [0x24, 1, 0x25, 0])
    expect(up(publish('a', 'x', { qos: 1, id: 1 }))).toEqual(['publish'])
    expect(up(publish('a', 'x', { qos: 2, id: 2 }))).toEqual(['qos_not_supported MQTT-3.2.2-11'])
    const retained = publish('a')
    expect(up(Uint8Array.of(retained[0] | 1, ...retained.slice(1)))).toEqual(['retain_not_supported MQTT-3.2.2-14'])
  })

  test('nothing follows a DISCONNECT, of either side', () => {
    for (const [version, clause] of [
      [4, 'MQTT-3.14.4-2'],
      [5, 'MQTT-3.14.4-1'],
    ] as const) {
      established(version)
      expect(up(DISCONNECT, PINGREQ)).toEqual(['last', `after_disconnect ${clause}`])
    }
    expect(down(PINGRESP)).toEqual(['forward'])
    established(5)
    expect(down(DISCONNECT, PINGRESP)).toEqual(['last', 'after_disconnect MQTT-3.14.4-1'])
    expect(up(PINGREQ)).toEqual(['control'])
  })

  test('messages down stay within the receive maximum and reuse no identifier', () => {
    established(5, 3, [0x21, 0, 2])
    const message = (id: number) => down(publish('a', 'x', { qos: 1, id }))
    const pass = (id: number) => {
      expect(message(id)).toEqual(['publish'])
      session.down.forwarded(id, 1)
    }
    pass(1)
    expect(message(1)).toEqual(['packet_id_in_use MQTT-2.2.1-4'])
    pass(2)
    expect(message(3)).toEqual(['receive_maximum MQTT-3.3.4-9'])
    expect(up(ack(0x40, 1))).toEqual(['forward'])
    pass(1)
  })

  test('a SUBSCRIBE may not take the identifier of a message, where strict', () => {
    established(5)
    expect(up(publish('a', 'x', { qos: 1, id: 4 }))).toEqual(['publish'])
    session.up.forwarded(4, 1)
    expect(up(subscribe(['a'], 4))).toEqual(['subscribe'])
    device.strict = true
    expect(up(subscribe(['a'], 4))).toEqual(['packet_id_in_use MQTT-2.2.1-3'])
    expect(session.fault?.strict).toBe(true)
  })
})

test('questions without an answer take bounded memory; beyond it answers are no longer judged', () => {
  established(5)
  for (let id = 1; id <= 1_100; id++) expect(up(subscribe(['a'], id))).toEqual(['subscribe'])
  expect(down(packet(0x90, [0xff, 0, 0, 1]))).toEqual(['forward'])
})
