import { readConnack, readConnect, readSuback, readSubscribe, Scanner } from '@ringwall/wire'
import { describe, expect, test } from 'vitest'
import { type ConnectParts, connack, connect, packet, publish, subscribe } from '../path/packets.testkit.ts'
import { joinSuback, type MirrorIdentity, mirrorConnack, mirrorConnect, reduceSubscribe, spellOut } from './edit.ts'

const LIMITS = { packet: 5_000, aliases: 3, inflight: 10, maxKeepAlive: 60_000 }

/** What a reader made of bytes; a fault fails the test. */
function good<T extends object>(read: T): Exclude<T, { fatal: boolean }> {
  if ('fatal' in read) throw new Error(JSON.stringify(read))
  return read as Exclude<T, { fatal: boolean }>
}
const readC = (bytes: Uint8Array) => good(readConnect(bytes, 2, bytes.length))

function mirrored(parts: ConnectParts, identity: Partial<MirrorIdentity> = {}) {
  return readC(
    mirrorConnect(readC(connect(parts)), 'pump-1', { kind: 'client-id', password: null, ...identity }, LIMITS),
  )
}

describe('CONNECT', () => {
  const own = { clientId: 'mine', username: 'somebody', password: 'guess' }

  test.each([4, 5] as const)(
    'client-id: the device is the user name, its own password never goes on (version %i)',
    version => {
      const read = mirrored({ ...own, version })
      expect(read).toMatchObject({
        clientId: 'mine',
        username: 'pump-1',
        password: undefined,
        protocolVersion: version,
      })
      const password = new TextEncoder().encode('secret')
      expect(mirrored({ version }, { password })).toMatchObject({ username: 'pump-1', password })
    },
  )

  test.each([4, 5] as const)('client-id with one user name for all: the client id stays (version %i)', version => {
    const password = new TextEncoder().encode('secret')
    const read = mirrored({ ...own, version }, { username: 'ringwall', password })
    expect(read).toMatchObject({ clientId: 'mine', username: 'ringwall', password })
    expect(mirrored({ ...own, version }, { username: null })).toMatchObject({ username: 'pump-1' })
    expect(mirrored({ clientId: '' }, { username: 'ringwall' }).clientId).toBe('pump-1')
  })

  test('certificate: the same, without a password', () => {
    expect(mirrored(own, { kind: 'certificate' })).toMatchObject({ username: 'pump-1', password: undefined })
  })

  test('pass-through: as the device sent them', () => {
    const read = mirrored(own, { kind: 'pass-through' })
    expect(read).toMatchObject({ clientId: 'mine', username: 'somebody', password: new TextEncoder().encode('guess') })
    expect(mirrored({}, { kind: 'pass-through' })).toMatchObject({ username: undefined, password: undefined })
  })

  test('an empty client id becomes the id of the device, whatever the identity', () => {
    for (const kind of ['client-id', 'pass-through', 'certificate'] as const) {
      expect(mirrored({ clientId: '' }, { kind }).clientId).toBe('pump-1')
    }
  })

  test.each([4, 5] as const)("will, clean flag and keep-alive are the device's own (version %i)", version => {
    const will = { topic: 'plant/gone', payload: 'dead', qos: 2 }
    const read = mirrored({ version, will, clean: false, keepAlive: 77 })
    expect(read).toMatchObject({ cleanStart: false, keepAlive: 77, will: { topic: 'plant/gone', qos: 2 } })
    const { bytes } = read
    expect(Buffer.from(bytes.subarray(read.will?.payloadStart, read.will?.payloadEnd)).toString()).toBe('dead')
  })

  test('properties are carried over; packet size and aliases are lowered to what the gateway takes', () => {
    const properties = [0x11, 0, 0, 0, 60, 0x27, 0, 1, 0, 0, 0x22, 0, 50, 0x26, 0, 1, 0x6b, 0, 1, 0x76]
    const read = mirrored({ properties })
    expect(read).toMatchObject({ sessionExpiry: 60, maximumPacketSize: 5_000, topicAliasMaximum: 3 })
    expect(
      Buffer.from(read.bytes.subarray(read.propertiesStart, read.propertiesEnd)).includes(
        Buffer.from([0x26, 0, 1, 0x6b, 0, 1, 0x76]),
      ),
    ).toBe(true)
    expect(mirrored({ properties: [0x27, 0, 0, 0, 100, 0x22, 0, 1] })).toMatchObject({
      maximumPacketSize: 100,
      topicAliasMaximum: 1,
    })
    expect(mirrored({})).toMatchObject({ maximumPacketSize: 5_000, topicAliasMaximum: 0 })
  })
})

describe('CONNACK', () => {
  const told = (properties: number[], keepAlive = 30, assignedId: string | null = null, version: 4 | 5 = 5) => {
    const bytes = connack(version, 0, properties)
    const edited = mirrorConnack(good(readConnack(bytes, 2, bytes.length, version)), LIMITS, { keepAlive, assignedId })
    return good(readConnack(edited, 2, edited.length, version))
  }

  test('tells the limits of the gateway where those of the broker are higher or absent', () => {
    expect(told([0x22, 0, 9])).toMatchObject({ maximumPacketSize: 5_000, receiveMaximum: 10, topicAliasMaximum: 3 })
    expect(told([0x27, 0, 0, 0, 99, 0x21, 0, 4, 0x22, 0, 1])).toMatchObject({
      maximumPacketSize: 99,
      receiveMaximum: 4,
      topicAliasMaximum: 1,
    })
    expect(told([]).topicAliasMaximum).toBe(0)
  })

  test.each([
    ['the device asked for less', [], 30, undefined],
    ['the device asked for more', [], 600, 60],
    ['the device asked for none', [], 0, 60],
    ['the broker says less', [0x13, 0, 20], 600, 20],
    ['the broker says more', [0x13, 1, 0], 30, 60],
    ['the broker says none', [0x13, 0, 0], 30, 60],
  ])('keep-alive, where %s', (_, properties, asked, expected) => {
    expect(told(properties, asked).serverKeepAlive).toBe(expected)
  })

  test('tells the client id that the gateway gave', () => {
    expect(told([], 30, 'pump-1').assignedClientId).toBe('pump-1')
    expect(told([0x12, 0, 1, 0x78], 30, 'pump-1').assignedClientId).toBe('pump-1')
  })

  test('of 3.1.1 stays as it is', () => {
    const bytes = connack(4)
    const read = good(readConnack(bytes, 2, bytes.length, 4))
    const edited = mirrorConnack(read, LIMITS, { keepAlive: 0, assignedId: 'pump-1' })
    expect([...edited]).toEqual([...bytes])
  })
})

describe('SUBSCRIBE and SUBACK', () => {
  test('lose and get back the refused filters in their places', () => {
    const bytes = subscribe(['a', 'b', 'c'], 9)
    const reduced = reduceSubscribe(good(readSubscribe(bytes, 2, bytes.length, 5)), Uint8Array.of(0x87, 0, 0x97))
    const read = good(readSubscribe(reduced, 2, reduced.length, 5))
    expect([read.packetId, read.filters.map(({ text }) => text)]).toEqual([9, ['b']])
    const suback = packet(0x90, [0, 9, 4, 0x1f, 0, 1, 0x77, 2])
    const joined = joinSuback(good(readSuback(suback, 2, suback.length, 5)), Uint8Array.of(0x87, 0, 0x97))
    const answer = good(readSuback(joined, 2, joined.length, 5))
    expect([answer.packetId, [...answer.reasons]]).toEqual([9, [0x87, 2, 0x97]])
    expect(Buffer.from(joined).includes(Buffer.from([0x1f, 0, 1, 0x77]))).toBe(true)
  })
})

test('a PUBLISH is spelled out with its alias, identifier, flags and payload', () => {
  const scanner = new Scanner({ from: 'server', maxPacket: 1_000, aliasMaximum: 9 })
  scanner.version = 5
  scanner.feed(publish('', 'payload', { alias: 4, qos: 2, id: 300, dup: true }))
  scanner.next()
  expect(spellOut(scanner, Buffer.from('plant/x'))).toEqual(
    publish('plant/x', 'payload', { alias: 4, qos: 2, id: 300, dup: true }),
  )
})
