import { once } from 'node:events'
import { connect as connectTcp } from 'node:net'
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { Hall, makeSite, type Site } from './listener.testkit.ts'
import { fromV4, proxyHeader } from './proxy.testkit.ts'
import { trustedProxies } from './proxy.ts'

let site: Site
let hall: Hall

beforeAll(async () => {
  site = await makeSite()
})
afterEach(() => hall.close())

const until = (so: () => void) => vi.waitFor(so, { timeout: 20_000, interval: 5 })

/** A device whose bytes begin with a PROXY header, or with anything else. */
async function behind(header: Uint8Array, pieces = 1): Promise<void> {
  const socket = connectTcp({ host: '127.0.0.1', port: hall.port, noDelay: true })
  socket.on('error', () => {})
  await once(socket, 'connect')
  for (let i = 0; i < pieces; i++) {
    const size = Math.ceil(header.length / pieces)
    socket.write(header.subarray(i * size, (i + 1) * size))
    await new Promise(resolve => setImmediate(resolve))
  }
  hall.dial({ socket })
}

describe('admission', () => {
  test.each([
    ['connection_limit', { connections: 0 }],
    ['connection_rate', { rate: { perSecond: 0.01, burst: 1 } }],
    ['address_rate', { addressRate: { perSecond: 0.01, burst: 1 } }],
    ['address_limit', { addressConnections: 1 }],
  ] as const)('%s: a reset before any byte, told with its reason', async (code, limits) => {
    hall = await Hall.open(site, {}, limits)
    if (code !== 'connection_limit') {
      await hall.raw()
      await until(() => expect(hall.connections).toBe(1))
    }
    const socket = connectTcp({ host: '127.0.0.1', port: hall.port })
    const { promise, resolve } = Promise.withResolvers<string>()
    socket.on('error', error => resolve('code' in error ? String(error.code) : ''))
    socket.on('close', () => resolve('closed'))
    expect(await promise).toBe('ECONNRESET')
    expect(hall.turnedAway).toMatchObject([{ address: '127.0.0.1', code, why: expect.stringContaining('limits.') }])
  })
})

describe('many handshakes that stall', () => {
  /** Peers of as many addresses that say nothing. */
  const stall = async (count: number) => {
    for (let i = 0; i < count; i++) {
      await hall.raw(`127.0.1.${i + 1}`)
      await until(() => expect(hall.handshakes).toBe(i + 1))
    }
  }

  test('leave no room while they are young', async () => {
    hall = await Hall.open(site, {}, { handshakes: 5 })
    await stall(5)
    hall.dial()
    await until(() => expect(hall.codes).toEqual(['handshake_limit']))
    expect(hall.handshakes).toBe(5)
  })

  test('make room, the oldest first, and the honest get in', async () => {
    hall = await Hall.open(site, {}, { handshakes: 5 })
    await stall(5)
    hall.clock.advance(1_001)
    for (let i = 1; i <= 3; i++) {
      hall.dial()
      await until(() => expect(hall.peers.length).toBe(i))
    }
    // The first made room; the places of the others were free again when each of them had shaken hands.
    await until(() => expect(hall.handshakes).toBe(4))
    expect(hall.codes.filter(code => code !== 'handshake_aborted')).toEqual([])
  })

  test('of one address have a share, and leave the rest to others', async () => {
    hall = await Hall.open(site, {}, { handshakes: 20 })
    for (let i = 0; i < 8; i++) await hall.raw('127.0.1.1')
    await until(() => expect(hall.codes).toEqual(['address_handshakes', 'address_handshakes', 'address_handshakes']))
    expect(hall.handshakes).toBe(5)
    hall.dial()
    await until(() => expect(hall.peers.length).toBe(1))
  })

  test('of one address give their share back when they end', async () => {
    hall = await Hall.open(site, {}, { handshakes: 4 })
    for (let round = 0; round < 3; round++) {
      const sockets = await Promise.all(Array.from({ length: 4 }, () => hall.raw('127.0.1.1')))
      await until(() => expect(hall.handshakes).toBe(4))
      for (const socket of sockets) socket.destroy()
      await until(() => expect(hall.handshakes).toBe(0))
    }
    expect(hall.codes.filter(code => code === 'address_handshakes')).toEqual([])
  })
})

describe('behind a proxy', () => {
  const trusted = { trustedProxy: trustedProxies(['127.0.0.0/24']) }

  test.each([1, 2, 28])('that is trusted, the address of the header counts, in %i pieces', async pieces => {
    hall = await Hall.open(site, trusted)
    await behind(fromV4('203.0.113.9', 51_234), pieces)
    await until(() => expect(hall.peers).toMatchObject([{ address: '203.0.113.9', port: 51_234 }]))
  })

  test('the limits are those of the device, not of the proxy', async () => {
    hall = await Hall.open(site, trusted, { addressConnections: 1 })
    await behind(fromV4('203.0.113.9', 1))
    await behind(fromV4('203.0.113.10', 1))
    await until(() => expect(hall.peers.length).toBe(2))
    await behind(fromV4('203.0.113.9', 2))
    await until(() =>
      expect(hall.turnedAway).toMatchObject([{ address: '203.0.113.9', port: 2, code: 'address_limit' }]),
    )
  })

  test('that is trusted, a connection without a header is turned away', async () => {
    hall = await Hall.open(site, trusted)
    hall.dial()
    await until(() => expect(hall.turnedAway).toMatchObject([{ address: '127.0.0.1', code: 'proxy_header' }]))
    expect([hall.peers.length, hall.connections]).toEqual([0, 0])
  })

  test('that is trusted, a header that never comes is waited for until the deadline', async () => {
    hall = await Hall.open(site, { ...trusted, handshakeTimeout: 100 })
    const socket = await hall.raw()
    const closed = once(socket, 'close')
    socket.write(fromV4('203.0.113.9', 1).subarray(0, 20))
    await closed
    await until(() => expect(hall.codes).toEqual(['proxy_header']))
  })

  test('its own health check is closed without a word', async () => {
    hall = await Hall.open(site, trusted)
    const socket = await hall.raw()
    const closed = once(socket, 'close')
    socket.write(proxyHeader(0x20, 0, []))
    await closed
    expect([hall.turnedAway.length, hall.connections]).toEqual([0, 0])
  })

  test.each([
    ['is not trusted', { trustedProxy: trustedProxies(['192.0.2.1']) }],
    ['though the protocol is off', {}],
  ])('a header of one that %s is a broken handshake: nobody chooses his own address', async (_, listen) => {
    hall = await Hall.open(site, listen)
    await behind(fromV4('203.0.113.9', 51_234))
    await until(() => expect(hall.turnedAway).toMatchObject([{ address: '127.0.0.1', code: 'handshake_failed' }]))
    expect(hall.peers).toEqual([])
  })
})
