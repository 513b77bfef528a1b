import fc from 'fast-check'
import { type Packet, parser } from 'mqtt-packet'
import { expect, test } from 'vitest'
import { cut, frames, join, scanner } from '../../test/frames.ts'
import { connectSample, sample } from '../../test/packets.ts'
import { isFault } from './fault.ts'
import {
  numberProperty,
  PacketType,
  Property,
  readConnack,
  readConnect,
  readSuback,
  readSubscribe,
  readUnsubscribe,
  type Scanner,
  textProperty,
} from './index.ts'

const sides = [true, false] as const
const versions = [4, 5] as const

/** mqtt-packet's fields of a packet; anything may be absent. */
type Parsed = Packet & {
  readonly [field: string]: unknown
  readonly properties?: Record<string, unknown>
}

function parsed(bytes: Uint8Array, version: 4 | 5): Parsed {
  const seen: Parsed[] = []
  const reader = parser({ protocolVersion: version })
  reader.on('packet', packet => seen.push(packet as Parsed))
  reader.on('error', error => {
    throw error
  })
  reader.parse(Buffer.from(bytes))
  expect(seen).toHaveLength(1)
  return seen[0]
}

function text(scan: Scanner, start: number, end: number): string {
  return Buffer.from(scan.bytes.subarray(start, end)).toString()
}

const renamed: Record<string, string> = {
  maximumQoS: 'MAXIMUM_QOS',
  subscriptionIdentifiersAvailable: 'SUBSCRIPTION_IDENTIFIER_AVAILABLE',
}

/** Every property that mqtt-packet found is found here with the same value. */
function sameProperties(scan: Scanner, wanted: Record<string, unknown> = {}): void {
  const { bytes, propertiesStart: start, propertiesEnd: end } = scan
  for (const [name, value] of Object.entries(wanted)) {
    if (name === 'userProperties') continue
    const key = renamed[name] ?? name.replace(/[A-Z]/g, '_$&').toUpperCase()
    const id = Property[key as keyof typeof Property]
    const first = Array.isArray(value) ? value[0] : value
    if (typeof first === 'string') expect(textProperty(bytes, start, end, id)).toBe(first)
    else if (first instanceof Uint8Array) expect(textProperty(bytes, start, end, id)).toBe(utf8(first))
    else expect(numberProperty(bytes, start, end, id, -1)).toBe(Number(first))
  }
}

function utf8(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
}

function sameAsParser(scan: Scanner, packet: Parsed, version: 4 | 5): void {
  const { bytes, body, end, type } = scan
  expect(scan.fault).toBeNull()
  expect(type).toBe(PacketType[packet.cmd.toUpperCase() as keyof typeof PacketType])
  expect(scan.packetId).toBe(packet.messageId ?? 0)
  sameProperties(scan, packet.properties)
  switch (type) {
    case PacketType.PUBLISH:
      expect([scan.qos, scan.dup, scan.retain]).toEqual([packet['qos'], packet['dup'], packet['retain']])
      expect(text(scan, scan.topicStart, scan.topicEnd)).toBe(packet['topic'])
      expect(Buffer.from(bytes.subarray(scan.payloadStart, scan.payloadEnd))).toEqual(packet['payload'])
      expect(scan.alias).toBe(packet.properties?.['topicAlias'] ?? 0)
      break
    case PacketType.SUBSCRIBE: {
      const read = readSubscribe(bytes, body, end, version)
      if (isFault(read)) throw new Error(read.why)
      const mine = read.filters.map(one => ({
        topic: one.text,
        qos: one.qos,
        ...(version === 5 ? { nl: one.noLocal, rap: one.retainAsPublished, rh: one.retainHandling } : {}),
      }))
      expect(mine).toEqual(packet['subscriptions'])
      for (const one of read.filters) expect(text(scan, one.start, one.end)).toBe(one.text)
      break
    }
    case PacketType.UNSUBSCRIBE: {
      const read = readUnsubscribe(bytes, body, end, version)
      if (isFault(read)) throw new Error(read.why)
      expect(read.filters.map(one => one.text)).toEqual(packet['unsubscriptions'])
      break
    }
    case PacketType.SUBACK:
    case PacketType.UNSUBACK: {
      const read = readSuback(bytes, body, end, version, type)
      if (isFault(read)) throw new Error(read.why)
      expect([...read.reasons]).toEqual(packet['granted'] ?? [])
      break
    }
    case PacketType.CONNACK: {
      const read = readConnack(bytes, body, end, version)
      if (isFault(read)) throw new Error(read.why)
      expect(read.sessionPresent).toBe(packet['sessionPresent'])
      expect(scan.reason).toBe(version === 5 ? packet['reasonCode'] : packet['returnCode'])
      break
    }
    default:
      expect(scan.reason).toBe(packet['reasonCode'] ?? 0)
  }
}

for (const version of versions) {
  for (const fromClient of sides) {
    const from = fromClient ? 'client' : 'server'
    test(`packets of a ${from}, version ${version}, read as mqtt-packet reads them`, () => {
      fc.assert(
        fc.property(sample(version, fromClient), ({ bytes }) => {
          const scan = scanner(from, version)
          scan.feed(bytes)
          expect(scan.next()).toBe(true)
          sameAsParser(scan, parsed(bytes, version), version)
          expect(scan.next()).toBe(false)
          expect([scan.held, scan.pending]).toEqual([0, 0])
        }),
        { numRuns: 600 },
      )
    })

    test(`streams of a ${from}, version ${version}, give the same frames however they are split`, () => {
      const stream = fc.array(sample(version, fromClient), { minLength: 1, maxLength: 6 })
      const splits = fc.array(fc.nat(), { maxLength: 12 })
      fc.assert(
        fc.property(stream, splits, (samples, places) => {
          const whole = join(samples.map(one => one.bytes))
          const expected = frames(scanner(from, version), [whole])
          expect(expected).toHaveLength(samples.length)
          expect(frames(scanner(from, version), cut(whole, places))).toEqual(expected)
        }),
        { numRuns: 300 },
      )
    })
  }

  test(`CONNECT of version ${version} reads as mqtt-packet reads it`, () => {
    fc.assert(
      fc.property(connectSample(version), ({ bytes }) => {
        const scan = scanner('client', 0)
        scan.feed(bytes)
        expect(scan.next()).toBe(true)
        expect(scan.fault).toBeNull()
        expect(scan.version).toBe(version)
        const packet = parsed(bytes, version)
        sameProperties(scan, packet.properties)
        const read = readConnect(scan.bytes, scan.body, scan.end)
        if (isFault(read)) throw new Error(read.why)
        expect(read.clientId).toBe(packet['clientId'])
        expect(read.cleanStart).toBe(packet['clean'])
        expect(read.keepAlive).toBe(packet['keepalive'])
        expect(read.username).toBe(packet['username'])
        expect(read.password && Buffer.from(read.password)).toEqual(packet['password'])
        const wanted = packet['will'] as Record<string, unknown> | undefined
        expect(read.will?.topic).toBe(wanted?.['topic'])
        expect(read.will?.qos).toBe(wanted?.['qos'])
        expect(read.will?.retain).toBe(wanted?.['retain'])
        if (read.will !== undefined) {
          const payload = scan.bytes.subarray(read.will.payloadStart, read.will.payloadEnd)
          expect(Buffer.from(payload)).toEqual(wanted?.['payload'])
          expect(text(scan, read.will.topicStart, read.will.topicEnd)).toBe(read.will.topic)
        }
      }),
      { numRuns: 500 },
    )
  })
}

test('mutated streams never throw, end, hold no more than a packet, and read alike however they are split', () => {
  const mutation = fc.record({ at: fc.nat(), value: fc.integer({ min: 0, max: 255 }) })
  const side = fc.record({ version: fc.constantFrom(...versions), fromClient: fc.boolean() })
  const input = side.chain(({ version, fromClient }) =>
    fc.record({
      version: fc.constant(version),
      fromClient: fc.constant(fromClient),
      samples: fc.array(sample(version, fromClient), { minLength: 1, maxLength: 4 }),
      mutations: fc.array(mutation, { minLength: 1, maxLength: 6 }),
      places: fc.array(fc.nat(), { maxLength: 8 }),
    }),
  )
  const limit = 400
  fc.assert(
    fc.property(input, ({ version, fromClient, samples, mutations, places }) => {
      const from = fromClient ? 'client' : 'server'
      const stream = join(samples.map(one => one.bytes))
      for (const { at, value } of mutations) stream[at % stream.length] = value
      const expected = frames(scanner(from, version, limit), [stream])
      expect(expected.length).toBeLessThanOrEqual(stream.length)
      const scan = scanner(from, version, limit)
      const seen: Record<string, unknown>[] = []
      for (const piece of cut(stream, places)) {
        seen.push(...frames(scan, [piece]))
        expect(scan.held).toBeLessThan(limit)
      }
      expect(seen).toEqual(expected)
    }),
    { numRuns: 2000 },
  )
})
