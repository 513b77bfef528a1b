import { isIP, isIPv6 } from 'node:net'

/** The broker's address, as read from `upstream.url`. */
export interface BrokerAddress {
  /** A name or an address, without brackets. */
  readonly host: string
  readonly port: number
  readonly tls: boolean
}

/** Reads an upstream url, or nothing where it is not one. */
export function brokerAddress(url: string): BrokerAddress | undefined {
  const parsed = URL.parse(url)
  if (parsed === null || !/^mqtts?:$/.test(parsed.protocol) || parsed.hostname === '') return undefined
  if (parsed.username + parsed.password + parsed.search + parsed.hash !== '') return undefined
  if (parsed.pathname !== '' && parsed.pathname !== '/') return undefined
  const tls = parsed.protocol === 'mqtts:'
  const port = parsed.port === '' ? (tls ? 8883 : 1883) : Number(parsed.port)
  return port === 0 ? undefined : { host: parsed.hostname.replace(/^\[|\]$/g, ''), port, tls }
}

/** Whether a text is a loopback address (not a name, which could resolve to anything). */
export function isLoopback(host: string): boolean {
  return (isIP(host) === 4 && host.startsWith('127.')) || host === '::1'
}

/** Whether a text is an address, or a network written as `address/bits`. */
export function isNetwork(text: string): boolean {
  const [address, bits, more] = text.split('/')
  if (address === undefined || isIP(address) === 0 || address.includes('%') || more !== undefined) return false
  return bits === undefined || (/^(0|[1-9]\d{0,2})$/.test(bits) && Number(bits) <= (isIPv6(address) ? 128 : 32))
}
