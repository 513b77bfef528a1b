import { BlockList, isIP } from 'node:net'
import { RingwallError } from '../base/error.ts'

/** The twelve bytes that open a PROXY protocol version 2 header (HAProxy, proxy-protocol.txt, section 2.2). */
const SIGNATURE = Uint8Array.of(0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a)
const FIXED = 16
/** The largest header that is read; TLVs past the addresses are passed over. */
const LARGEST = 536

export type ProxyHeader =
  | { readonly kind: 'more' }
  | { readonly kind: 'bad'; readonly why: string }
  /** `address` is null for LOCAL: the proxy's own health check. */
  | { readonly kind: 'read'; readonly length: number; readonly address: string | null; readonly port: number }

/** Reads a PROXY protocol version 2 header from the first bytes of a connection. */
export function readProxyHeader(bytes: Uint8Array): ProxyHeader {
  const known = Math.min(bytes.length, SIGNATURE.length)
  for (let i = 0; i < known; i++) {
    if (bytes[i] !== SIGNATURE[i]) return { kind: 'bad', why: `byte ${i} is not of a PROXY version 2 signature` }
  }
  if (bytes.length < FIXED) return { kind: 'more' }
  const length = FIXED + ((bytes[14] << 8) | bytes[15])
  if (bytes[12] >> 4 !== 2) return { kind: 'bad', why: `PROXY version ${bytes[12] >> 4}, only 2 is read` }
  if (length > LARGEST) return { kind: 'bad', why: `a header of ${length} bytes, at most ${LARGEST} are read` }
  if (bytes.length < length) return { kind: 'more' }
  const command = bytes[12] & 0x0f
  if (command === 0) return { kind: 'read', length, address: null, port: 0 }
  if (command !== 1) return { kind: 'bad', why: `PROXY command ${command}` }
  if (bytes[13] === 0x11 && length >= FIXED + 12) {
    const address = Array.from(bytes.subarray(16, 20)).join('.')
    return { kind: 'read', length, address, port: (bytes[24] << 8) | bytes[25] }
  }
  if (bytes[13] === 0x21 && length >= FIXED + 36) {
    return { kind: 'read', length, address: sixText(bytes.subarray(16, 32)), port: (bytes[48] << 8) | bytes[49] }
  }
  return { kind: 'bad', why: `PROXY family ${bytes[13].toString(16)} is neither TCP over IPv4 nor over IPv6` }
}

/** Zeros before the two bytes 0xff of an IPv4 address that IPv6 maps (RFC 4291, 2.5.5.2). */
const MAPPED_ZEROS = 10

/**
 * An IPv6 address in groups; one that a proxy maps from IPv4 as what it is, for all of these are in one /64, and would share the
 * limits of one address.
 */
function sixText(bytes: Uint8Array): string {
  const isMapped =
    bytes.subarray(0, MAPPED_ZEROS).every(byte => byte === 0) && bytes[MAPPED_ZEROS] === 0xff && bytes[11] === 0xff
  if (isMapped) return Array.from(bytes.subarray(12)).join('.')
  const groups: string[] = []
  for (let i = 0; i < bytes.length; i += 2) groups.push(((bytes[i] << 8) | bytes[i + 1]).toString(16))
  return groups.join(':')
}

/** The proxies whose headers are believed, from addresses and `address/bits` networks. */
export function trustedProxies(networks: readonly string[]): (address: string) => boolean {
  const list = new BlockList()
  for (const network of networks) {
    const [address, bits] = network.split('/')
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
    if (isIP(address) === 0) {
      throw new RingwallError(
        'proxy_network',
        `"${network}" is no address or network`,
        'Write 10.0.0.5 or 10.1.0.0/16.',
        {
          field: 'listen.mqtts.proxyProtocol.trusted',
        },
      )
    }
    if (bits === undefined) list.addAddress(address, family)
    else list.addSubnet(address, Number(bits), family)
  }
  return address => list.check(plainAddress(address), isIP(plainAddress(address)) === 6 ? 'ipv6' : 'ipv4')
}

/** An IPv4 address that a dual-stack socket shows as `::ffff:a.b.c.d`, without that prefix. */
export function plainAddress(address: string): string {
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address
}
