import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { networkOf } from '../base/network.ts'
import { fromV4, proxyHeader } from './proxy.testkit.ts'
import { type ProxyHeader, plainAddress, readProxyHeader, trustedProxies } from './proxy.ts'

const V6 = [0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x0f]
const fromV6 = proxyHeader(0x21, 0x21, [...V6, ...V6, 0x12, 0x34, 0, 1])
const LOCAL = proxyHeader(0x20, 0x00, [])

function read(bytes: Uint8Array): Extract<ProxyHeader, { kind: 'read' }> {
  const header = readProxyHeader(bytes)
  if (header.kind === 'read') return header
  throw new Error(`it is ${header.kind}`)
}

describe('a header', () => {
  test('over IPv4 gives address and port', () => {
    expect(readProxyHeader(fromV4('203.0.113.9', 51_234))).toEqual({
      kind: 'read',
      length: 28,
      address: '203.0.113.9',
      port: 51_234,
    })
  })

  test('over IPv6 gives address and port', () => {
    expect(readProxyHeader(fromV6)).toEqual({ kind: 'read', length: 52, address: '2001:db8:0:0:0:0:0:f', port: 0x1234 })
  })

  test('over IPv6 from an address that is mapped from IPv4 gives that of IPv4, which has limits of its own', () => {
    const mapped = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 203, 0, 113, 9]
    const { address } = read(proxyHeader(0x21, 0x21, [...mapped, ...V6, 0x12, 0x34, 0, 1]))
    expect([address, networkOf(address ?? '')]).toEqual(['203.0.113.9', '203.0.113.9'])
    for (const at of [0, 9, 10, 11]) {
      const other = mapped.with(at, 1)
      expect(read(proxyHeader(0x21, 0x21, [...other, ...V6, 0x12, 0x34, 0, 1])).address).toContain(':')
    }
  })

  test('LOCAL has no address, whatever follows', () => {
    expect(readProxyHeader(LOCAL)).toEqual({ kind: 'read', length: 16, address: null, port: 0 })
    expect(readProxyHeader(proxyHeader(0x20, 0x11, new Array(12).fill(9)))).toMatchObject({ length: 28, address: null })
  })

  test('may carry more than addresses, which is passed over, up to 536 bytes', () => {
    const tlvs = new Array(536 - 28).fill(7)
    expect(readProxyHeader(fromV4('203.0.113.9', 5, tlvs))).toMatchObject({ length: 536, address: '203.0.113.9' })
    expect(readProxyHeader(fromV4('203.0.113.9', 5, [...tlvs, 7]))).toMatchObject({ kind: 'bad' })
  })

  test.each([
    ['IPv4', fromV4('203.0.113.9', 51_234, [1, 2, 3])],
    ['IPv6', fromV6],
    ['LOCAL', LOCAL],
  ])('of %s that is cut anywhere waits for more, and what follows it is not part of it', (_, header) => {
    for (let length = 0; length < header.length; length++) {
      expect(readProxyHeader(header.subarray(0, length))).toEqual({ kind: 'more' })
    }
    const longer = new Uint8Array([...header, 0x16, 3, 1])
    expect(readProxyHeader(longer)).toEqual(readProxyHeader(header))
    expect(readProxyHeader(longer)).toMatchObject({ length: header.length })
  })
})

describe('a hostile header', () => {
  test('is known for none by its first wrong byte, so that a TLS hello is turned away at once', () => {
    expect(readProxyHeader(Uint8Array.of(0x16))).toMatchObject({ kind: 'bad' })
    const header = fromV4('203.0.113.9', 1)
    for (let at = 0; at < 12; at++) {
      const wrong = header.slice(0, at + 1)
      wrong[at] ^= 1
      expect(readProxyHeader(wrong)).toMatchObject({ kind: 'bad' })
    }
  })

  test.each([
    ['version 1', proxyHeader(0x11, 0x11, new Array(12).fill(0))],
    ['an unknown command', proxyHeader(0x22, 0x11, new Array(12).fill(0))],
    ['UDP', proxyHeader(0x21, 0x12, new Array(12).fill(0))],
    ['a Unix socket', proxyHeader(0x21, 0x31, new Array(216).fill(0))],
    ['no family', proxyHeader(0x21, 0x00, [])],
    ['IPv4 with too few bytes', proxyHeader(0x21, 0x11, new Array(11).fill(0))],
    ['IPv6 with the bytes of IPv4', proxyHeader(0x21, 0x21, new Array(12).fill(0))],
    ['a length of 65535', proxyHeader(0x21, 0x11, [], 65_535)],
  ])('with %s is refused', (_, header) => expect(readProxyHeader(header)).toMatchObject({ kind: 'bad' }))

  test('never makes the reader fail or read past what was announced', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 600 }),
        fc.nat(255),
        fc.nat(255),
        fc.nat(700),
        (body, command, family, length) => {
          const bytes = proxyHeader(command, family, [...body], length)
          const read = readProxyHeader(bytes)
          if (read.kind === 'read') expect(read.length).toBe(16 + length)
          if (read.kind === 'more') expect(bytes.length).toBeLessThan(16 + length)
        },
      ),
    )
  })
})

describe('trusted networks', () => {
  test.each([
    [['10.1.0.0/16'], '10.1.255.1', true],
    [['10.1.0.0/16'], '10.2.0.1', false],
    [['10.1.0.0/16'], '::ffff:10.1.2.3', true],
    [['192.0.2.7'], '192.0.2.7', true],
    [['192.0.2.7'], '192.0.2.70', false],
    [['2001:db8::/32'], '2001:db8:1::5', true],
    [['2001:db8::/32'], '2001:db9::5', false],
    [['2001:db8::7', '192.0.2.7'], '2001:db8:0:0::7', true],
    [[], '192.0.2.7', false],
    [['0.0.0.0/0'], '2001:db8::1', false],
    [['10.0.0.0/8'], '', false],
  ])('%j and %s: %j', (networks, address, trusted) => expect(trustedProxies(networks)(address)).toBe(trusted))

  test('that are none are refused with their key', () => {
    expect(() => trustedProxies(['proxy.example.com'])).toThrow(/listen\.mqtts\.proxyProtocol\.trusted.*proxy_network/s)
  })
})

test('an IPv4 address is written plainly however the socket shows it', () => {
  expect(plainAddress('::ffff:192.0.2.1')).toBe('192.0.2.1')
  expect(plainAddress('::ffff:c000:201')).toBe('::ffff:c000:201')
  expect(plainAddress('2001:db8::1')).toBe('2001:db8::1')
  expect(plainAddress('')).toBe('')
})
