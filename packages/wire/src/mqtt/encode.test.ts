import fc from 'fast-check'
import { type Packet, parser } from 'mqtt-packet'
import { expect, test } from 'vitest'
import { scanner } from '../../test/frames.ts'
import { connectSample, sample } from '../../test/packets.ts'
import { isFault } from './fault.ts'
import {
  changeProperties,
  encodeAcknowledgement,
  encodeAuth,
  encodeConnack,
  encodeConnect,
  encodeDisconnect,
  encodePingreq,
  encodePingresp,
  encodePublish,
  encodeSuback,
  encodeSubscribe,
  encodeUnsuback,
  lowered,
  PacketType,
  Property,
  readConnack,
  readConnect,
  readSubscribe,
  returnCode,
  type Scanner,
} from './index.ts'

function parsed(bytes: Uint8Array, version: 4 | 5): Packet {
  const seen: Packet[] = []
  const reader = parser({ protocolVersion: version })
  reader.on('packet', packet => seen.push(packet))
  reader.on('error', error => {
    throw error
  })
  reader.parse(Buffer.from(bytes))
  expect(seen).toHaveLength(1)
  return seen[0]
}

function scanned(bytes: Uint8Array, from: 'client' | 'server', version: 0 | 4 | 5): Scanner {
  const scan = scanner(from, version)
  scan.feed(bytes)
  expect(scan.next()).toBe(true)
  expect(scan.fault).toBeNull()
  return scan
}

function good<Read extends object>(read: Read): Exclude<Read, { fatal: boolean }> {
  if (isFault(read)) throw new Error(read.why)
  return read as Exclude<Read, { fatal: boolean }>
}

for (const version of [4, 5] as const) {
  test(`CONNECT of version ${version} is carried over byte for byte`, () => {
    fc.assert(
      fc.property(connectSample(version), ({ bytes }) => {
        const scan = scanned(bytes, 'client', 0)
        const connect = good(readConnect(scan.bytes, scan.body, scan.end))
        expect([...encodeConnect(connect)]).toEqual([...bytes])
      }),
    )
  })

  test(`CONNECT of version ${version} with changes says what was meant`, () => {
    fc.assert(
      fc.property(connectSample(version), ({ bytes }) => {
        const before = parsed(bytes, version)
        const connect = good(readConnect(bytes, scanned(bytes, 'client', 0).body, bytes.length))
        const changed = encodeConnect(connect, {
          clientId: 'gateway',
          username: 'ü',
          password: null,
          keepAlive: 77,
          properties: [
            [Property.RECEIVE_MAXIMUM, 20],
            [Property.TOPIC_ALIAS_MAXIMUM, null],
          ],
        })
        scanned(changed, 'client', 0)
        const after = parsed(changed, version)
        expect(after).toMatchObject({ clientId: 'gateway', username: 'ü', keepalive: 77 })
        expect(after).not.toHaveProperty('password')
        if (version === 4) return
        const kept: Record<string, unknown> = { ...('properties' in before ? before.properties : {}) }
        delete kept['topicAliasMaximum']
        expect(after).toHaveProperty('properties', { ...kept, receiveMaximum: 20 })
      }),
    )
  })

  test(`CONNACK and SUBSCRIBE and PUBLISH of version ${version} are carried over`, () => {
    const any = fc.oneof(sample(version, true), sample(version, false))
    const seen = new Set<number>()
    fc.assert(
      fc.property(any, ({ bytes, packet }) => {
        const side = packet.cmd === 'connack' ? 'server' : 'client'
        const scan = scanner(side, version)
        scan.feed(bytes)
        scan.next()
        if (scan.fault !== null) return
        const { body, end, type } = scan
        seen.add(type)
        if (type === PacketType.CONNACK) {
          const connack = good(readConnack(bytes, body, end, version))
          expect([...encodeConnack(connack)]).toEqual([...bytes])
        } else if (type === PacketType.SUBSCRIBE) {
          const subscribe = good(readSubscribe(bytes, body, end, version))
          expect([...encodeSubscribe(subscribe)]).toEqual([...bytes])
          const first = encodeSubscribe(subscribe, subscribe.filters.slice(0, 1))
          expect(
            good(readSubscribe(first, scanned(first, 'client', version).body, first.length, version)).filters,
          ).toHaveLength(1)
        } else if (type === PacketType.PUBLISH) {
          const { qos, dup, retain, packetId } = scan
          const topic = bytes.subarray(scan.topicStart, scan.topicEnd)
          const payload = bytes.subarray(scan.payloadStart, scan.payloadEnd)
          const properties = bytes.subarray(scan.propertiesStart, scan.propertiesEnd)
          const encoded = encodePublish({ version, topic, qos, dup, retain, packetId, payload, properties })
          expect([...encoded]).toEqual([...bytes])
        }
      }),
      { numRuns: 1000 },
    )
    expect([...seen]).toEqual(expect.arrayContaining([PacketType.CONNACK, PacketType.SUBSCRIBE, PacketType.PUBLISH]))
  })

  test(`acknowledgements of version ${version}`, () => {
    const types = [PacketType.PUBACK, PacketType.PUBREC, PacketType.PUBREL, PacketType.PUBCOMP] as const
    for (const type of types) {
      for (const reason of type < PacketType.PUBREL ? [0, 0x87] : [0, 0x92]) {
        for (const text of [undefined, 'too large']) {
          const changes = text === undefined ? [] : ([[Property.REASON_STRING, text]] as const)
          const bytes = encodeAcknowledgement(type, version, 513, reason, changes)
          const scan = scanned(bytes, 'server', version)
          expect([scan.type, scan.packetId, scan.reason]).toEqual([type, 513, version === 5 ? reason : 0])
          const packet = parsed(bytes, version)
          expect(packet.messageId).toBe(513)
          if (version === 5 && text !== undefined) expect(packet).toHaveProperty('properties.reasonString', text)
        }
      }
    }
  })
}

test('a topic alias is set, and taken away where the topic is written out', () => {
  const payload = Uint8Array.of(1, 2, 3)
  const aliased = encodePublish({ version: 5, topic: '', qos: 0, payload }, [[Property.TOPIC_ALIAS, 9]])
  const scan = scanned(aliased, 'client', 5)
  expect(scan.alias).toBe(9)
  const properties = scan.bytes.subarray(scan.propertiesStart, scan.propertiesEnd)
  const written = encodePublish({ version: 5, topic: 'a/b', qos: 1, packetId: 4, payload, properties }, [
    [Property.TOPIC_ALIAS, null],
  ])
  expect(parsed(written, 5)).toMatchObject({ topic: 'a/b', messageId: 4, payload: Buffer.from(payload) })
  expect(scanned(written, 'client', 5).alias).toBe(0)
  expect(() => encodePublish({ version: 5, topic: 'a', qos: 1, payload })).toThrow(RangeError)
})

test('limits of a CONNACK are lowered, never raised', () => {
  const connack = encodeConnack({ version: 5, sessionPresent: false, reason: 0 }, [
    [Property.RECEIVE_MAXIMUM, 100],
    [Property.MAXIMUM_PACKET_SIZE, 5000],
  ])
  const { bytes, propertiesStart: from, propertiesEnd: to, body, end } = scanned(connack, 'server', 5)
  expect(lowered(bytes, from, to, Property.RECEIVE_MAXIMUM, 20)).toEqual([[Property.RECEIVE_MAXIMUM, 20]])
  expect(lowered(bytes, from, to, Property.RECEIVE_MAXIMUM, 200)).toEqual([])
  expect(lowered(bytes, from, to, Property.TOPIC_ALIAS_MAXIMUM, 10)).toEqual([])
  const read = good(readConnack(bytes, body, end, 5))
  const changed = encodeConnack(read, [
    [Property.RECEIVE_MAXIMUM, 20],
    [Property.SERVER_KEEP_ALIVE, 30],
  ])
  expect(parsed(changed, 5)).toMatchObject({
    reasonCode: 0,
    properties: { receiveMaximum: 20, maximumPacketSize: 5000, serverKeepAlive: 30 },
  })
  expect(lowered(new Uint8Array(0), 0, 0, Property.MAXIMUM_PACKET_SIZE, 900)).toEqual([
    [Property.MAXIMUM_PACKET_SIZE, 900],
  ])
})

test('a refusal in 3.1.1 has the nearest return code', () => {
  expect([0x84, 0x85, 0x88, 0x86, 0x87, 0x8a, 0, 3].map(returnCode)).toEqual([1, 2, 3, 4, 5, 5, 0, 3])
  const refusal = encodeConnack({ version: 4, sessionPresent: false, reason: 0x85 })
  expect(parsed(refusal, 4)).toMatchObject({ cmd: 'connack', returnCode: 2 })
})

test('SUBACK, UNSUBACK, DISCONNECT, AUTH and pings', () => {
  const reasons = Uint8Array.of(1, 0x87)
  expect(parsed(encodeSuback(5, 9, reasons), 5)).toMatchObject({ cmd: 'suback', messageId: 9, granted: [1, 0x87] })
  expect(parsed(encodeSuback(4, 9, reasons), 4)).toMatchObject({ cmd: 'suback', granted: [1, 0x80] })
  expect(parsed(encodeUnsuback(5, 9, Uint8Array.of(0, 0x11)), 5)).toMatchObject({ granted: [0, 0x11] })
  expect(parsed(encodeUnsuback(4, 9, Uint8Array.of(0)), 4)).toMatchObject({ cmd: 'unsuback', messageId: 9 })
  const why = encodeDisconnect(5, 0x8b, 'maintenance')
  expect(parsed(why, 5)).toMatchObject({ reasonCode: 0x8b, properties: { reasonString: 'maintenance' } })
  expect(scanned(encodeDisconnect(5, 0x95), 'server', 5).reason).toBe(0x95)
  expect([...encodeDisconnect(4, 0x95)]).toEqual([0xe0, 0])
  const auth = encodeAuth(0x18, undefined, [
    [Property.AUTHENTICATION_METHOD, 'SCRAM'],
    [Property.AUTHENTICATION_DATA, Uint8Array.of(1)],
  ])
  expect(scanned(auth, 'client', 5).reason).toBe(0x18)
  expect(parsed(auth, 5)).toMatchObject({ properties: { authenticationMethod: 'SCRAM' } })
  expect(parsed(encodePingreq(), 4).cmd).toBe('pingreq')
  expect(parsed(encodePingresp(), 4).cmd).toBe('pingresp')
})

test('a property is not written with a value of the wrong type, nor a field that MQTT cannot frame', () => {
  expect(() => changeProperties(undefined, [[Property.RECEIVE_MAXIMUM, 'x']])).toThrow(TypeError)
  expect(() => changeProperties(undefined, [[Property.REASON_STRING, 'x'.repeat(65_536)]])).toThrow(RangeError)
  expect(() => changeProperties(Uint8Array.of(0x23, 0), [[Property.TOPIC_ALIAS, null]])).toThrow(TypeError)
})
