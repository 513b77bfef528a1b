import 'reflect-metadata'
import { once } from 'node:events'
import * as x509 from '@peculiar/x509'
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { Authority } from '../identity/authority.ts'
import { parseNetwork } from '../lanes/address-words.ts'
import { odd } from './certificates.testkit.ts'
import { Hall, makeSite, type Site } from './listener.testkit.ts'
import { fromV4 } from './proxy.testkit.ts'

let site: Site
let hall: Hall

beforeAll(async () => {
  site = await makeSite()
})
afterEach(() => hall.close())

const until = (so: () => void) => vi.waitFor(so, { timeout: 20_000, interval: 5 })

describe('certificates', () => {
  test('a device of the site is a peer, with its certificate and where it calls from', async () => {
    hall = await Hall.open(site)
    const socket = hall.dial()
    await once(socket, 'secureConnect')
    await until(() => expect(hall.peers.length).toBe(1))
    const [peer] = hall.peers
    expect(peer.certificate.fingerprint256.replaceAll(':', '').toLowerCase()).toBe(site.device.fingerprint)
    expect([peer.address, peer.port]).toEqual(['127.0.0.1', socket.localPort])
    expect([hall.connections, hall.handshakes]).toEqual([1, 0])
    socket.destroy()
    await until(() => expect(hall.connections).toBe(0))
    expect(hall.turnedAway).toEqual([])
  })

  const refused: [string, () => Promise<{ cert?: string; key?: string }>, string, RegExp][] = [
    ['no certificate', async () => ({}), 'certificate_missing', /showed no certificate/],
    [
      'one of a foreign authority of the same name',
      async () => {
        const { certificate: cert, key } = await (await Authority.create('mill-3')).issueDevice('pump-1', ['sensor'])
        return { cert, key }
      },
      'certificate_refused',
      /issued by no anchor/,
    ],
    ['one that has expired', () => odd(site.authority, { from: -3, until: -1 }), 'certificate_refused', /has expired/],
    [
      'one that is not valid yet',
      () => odd(site.authority, { from: 1, until: 3 }),
      'certificate_refused',
      /not valid yet/,
    ],
    [
      'one that is for servers',
      () => odd(site.authority, { usage: x509.ExtendedKeyUsage.serverAuth }),
      'certificate_refused',
      /not for clients/,
    ],
    [
      'the one of the gateway itself',
      async () => ({ cert: site.own.certificate, key: site.own.key }),
      'certificate_refused',
      /not for clients/,
    ],
  ]

  test.each(refused)('%s is turned away, and it is told who called', async (_, make, code, why) => {
    hall = await Hall.open(site)
    const { cert, key } = await make()
    for (const maxVersion of ['TLSv1.3', 'TLSv1.2'] as const) {
      hall.turnedAway.length = 0
      const socket = hall.dial({ cert, key, maxVersion })
      await once(socket, 'connect')
      const port = socket.localPort
      await until(() => expect(hall.turnedAway.length).toBe(1))
      expect(hall.turnedAway).toEqual([{ address: '127.0.0.1', port, code, why: expect.stringMatching(why) }])
    }
    expect(hall.peers).toEqual([])
    await until(() => expect([hall.connections, hall.handshakes]).toEqual([0, 0]))
  })

  test('new ones count from the next handshake on', async () => {
    hall = await Hall.open(site)
    const other = await makeSite()
    hall.listener.renew({
      certificate: other.own.certificate,
      key: other.own.key,
      anchors: [other.authority.root.certificate],
    })
    hall.dial({ rejectUnauthorized: false })
    await until(() => expect(hall.codes).toEqual(['certificate_refused']))
    const { certificate: cert, key } = other.device
    hall.dial({ ca: other.authority.root.certificate, cert, key })
    await until(() => expect(hall.peers.length).toBe(1))
  })
})

describe('a handshake that does not come to its end', () => {
  test('of a silent peer ends at the deadline, its place is free again', async () => {
    hall = await Hall.open(site, { handshakeTimeout: 100 })
    const socket = await hall.raw()
    await once(socket, 'close')
    await until(() => expect(hall.turnedAway).toMatchObject([{ address: '127.0.0.1', code: 'handshake_timeout' }]))
    await until(() => expect([hall.connections, hall.handshakes]).toEqual([0, 0]))
  })

  test('of a peer that drips a ClientHello ends at the deadline too', async () => {
    hall = await Hall.open(site, { handshakeTimeout: 150 })
    const socket = await hall.raw()
    const closed = once(socket, 'close')
    for (const byte of [0x16, 3, 1, 2, 0, 1, 0]) socket.write(Uint8Array.of(byte))
    await closed
    await until(() => expect(hall.codes).toEqual(['handshake_timeout']))
  })

  test('of a peer that leaves gives its place back', async () => {
    hall = await Hall.open(site)
    const socket = await hall.raw()
    await until(() => expect(hall.handshakes).toBe(1))
    socket.destroy()
    await until(() => expect([hall.connections, hall.handshakes]).toEqual([0, 0]))
    expect(hall.peers).toEqual([])
  })

  test.each([
    ['plain MQTT', /spoke no TLS/, Uint8Array.of(0x10, 12, 0, 4, 77, 81, 84, 84, 5, 2, 0, 0, 0, 0)],
    ['HTTP', /spoke no TLS/, Buffer.from('GET / HTTP/1.1\r\n\r\n')],
    ['zeros', /spoke no TLS|handshake failed/, new Uint8Array(2_000)],
    [
      'a record longer than TLS allows',
      /spoke no TLS|handshake failed/,
      Uint8Array.of(0x16, 3, 1, 0xff, 0xff, ...new Array(100).fill(1)),
    ],
  ])('because it is %s is turned away at once', async (_, why, bytes) => {
    hall = await Hall.open(site)
    const socket = await hall.raw()
    const port = socket.localPort
    socket.write(bytes)
    await until(() => expect(hall.turnedAway).toMatchObject([{ address: '127.0.0.1', port, code: 'handshake_failed' }]))
    expect(hall.turnedAway[0]?.why).toMatch(why)
    await until(() => expect(hall.connections).toBe(0))
  })
})

describe('blocked addresses', () => {
  const MINUTE = 60_000
  const loopback = (text: string) => {
    const network = parseNetwork(text)
    if (network === undefined) throw new Error(text)
    return network
  }

  test('are reset before the handshake, take nobody a place, and come in when the time is over', async () => {
    hall = await Hall.open(site, {}, { rate: { perSecond: 1, burst: 1 } })
    hall.blocks.block(loopback('127.0.0.2'), hall.clock.wall() + MINUTE)
    for (let i = 0; i < 5; i++) {
      const raw = await hall.raw('127.0.0.2')
      await until(() => expect(raw.destroyed).toBe(true))
    }
    await until(() => expect(hall.codes).toEqual(new Array(5).fill('address_blocked')))
    expect(hall.turnedAway[0].why).toMatch(/^blocked until 2023-11-14T22:14:20\.000Z; ringwall blocks/)
    expect([hall.handshakes, hall.connections]).toEqual([0, 0])
    hall.clock.advance(MINUTE)
    await hall.raw('127.0.0.2')
    await until(() => expect(hall.handshakes).toBe(1))
  })

  test('are those that a trusted proxy names, not its own', async () => {
    hall = await Hall.open(site, { trustedProxy: address => address === '127.0.0.1' })
    hall.blocks.block(loopback('192.0.2.7'), hall.clock.wall() + MINUTE)
    const [bad, good] = [await hall.raw(), await hall.raw()]
    bad.write(fromV4('192.0.2.7', 4_000))
    good.write(fromV4('192.0.2.8', 4_000))
    await until(() => expect(hall.turnedAway).toMatchObject([{ address: '192.0.2.7', code: 'address_blocked' }]))
    await until(() => expect(hall.handshakes).toBe(1))
  })
})
