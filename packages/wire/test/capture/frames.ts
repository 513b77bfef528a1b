import { LinkType } from '../../src/index.ts'
import { join } from '../frames.ts'

/** One TCP segment to be made. Sequence numbers may be beyond 32 bits: they wrap around. */
export interface SegmentFields {
  readonly source: number
  readonly destination: number
  readonly sequence: number
  readonly acknowledgement?: number
  /** `S`, `SA`, `A`, `FA`, `R` … */
  readonly flags: string
  readonly data?: Uint8Array
  /** Bytes of options, in fours. */
  readonly options?: Uint8Array
}

/** Addresses of four bytes or of sixteen. */
export interface Addresses {
  readonly from: Uint8Array
  readonly to: Uint8Array
}

const FLAGS = 'FSRPAU'

export function be16(value: number): number[] {
  return [(value >>> 8) & 255, value & 255]
}

export function be32(value: number): number[] {
  return [...be16(value >>> 16), ...be16(value)]
}

/** The Internet checksum, as RFC 1071 writes it down. */
function checksum(bytes: Uint8Array): number {
  let sum = 0
  for (let i = 0; i < bytes.length; i += 2) sum += bytes[i] * 256 + (bytes[i + 1] ?? 0)
  while (sum > 0xffff) sum = (sum % 0x10000) + Math.floor(sum / 0x10000)
  return 0xffff - sum
}

/** A TCP segment with its checksum. */
export function tcp({ from, to }: Addresses, fields: SegmentFields): Uint8Array {
  const { source, destination, data = new Uint8Array(0), options = new Uint8Array(0) } = fields
  const flags = [...fields.flags].reduce((bits, letter) => bits | (1 << FLAGS.indexOf(letter)), 0)
  const segment = Uint8Array.from([
    ...be16(source),
    ...be16(destination),
    ...be32(fields.sequence % 0x1_0000_0000),
    ...be32((fields.acknowledgement ?? 0) % 0x1_0000_0000),
    (5 + options.length / 4) << 4,
    flags,
    ...be16(65_535),
    ...be16(0),
    ...be16(flags & 32 ? 1 : 0),
    ...options,
    ...data,
  ])
  segment.set(be16(checksum(join([from, to, Uint8Array.from([...be32(segment.length), 0, 0, 0, 6]), segment]))), 16)
  return segment
}

/** The fields of an IPv4 header that a test changes. */
export interface Ip4Fields {
  readonly id?: number
  /** In bytes, a multiple of eight. */
  readonly offset?: number
  readonly more?: boolean
  readonly protocol?: number
  readonly options?: Uint8Array
  /** Unless the true one. */
  readonly totalLength?: number
}

export function ip4({ from, to }: Addresses, payload: Uint8Array, fields: Ip4Fields = {}): Uint8Array {
  const options = fields.options ?? new Uint8Array(0)
  const header = Uint8Array.from([
    0x45 + options.length / 4,
    0,
    ...be16(fields.totalLength ?? 20 + options.length + payload.length),
    ...be16(fields.id ?? 0),
    ...be16((fields.more ? 0x2000 : 0) | ((fields.offset ?? 0) / 8)),
    64,
    fields.protocol ?? 6,
    0,
    0,
    ...from,
    ...to,
    ...options,
  ])
  header.set(be16(checksum(header)), 10)
  return join([header, payload])
}

/** An IPv6 packet; `next` is the number of the first header of the payload. */
export function ip6({ from, to }: Addresses, payload: Uint8Array, next = 6, length = payload.length): Uint8Array {
  return join([Uint8Array.from([0x60, 0, 0, 0, ...be16(length), next, 64, ...from, ...to]), payload])
}

/** IPv6's fragment header before a piece of what is fragmented. */
export function fragment6(next: number, id: number, offset: number, more: boolean, payload: Uint8Array): Uint8Array {
  return join([Uint8Array.from([next, 0, ...be16(offset | (more ? 1 : 0)), ...be32(id)]), payload])
}

/** IP of the version that the addresses have. */
export function ip(addresses: Addresses, payload: Uint8Array): Uint8Array {
  return addresses.from.length === 4 ? ip4(addresses, payload) : ip6(addresses, payload)
}

/** Puts an IP packet into a link layer's frame, with the given VLAN tags where it has some. */
export function link(linkType: number, packet: Uint8Array, tags: readonly number[] = []): Uint8Array {
  const six = packet[0] >> 4 === 6
  const last = six ? 0x86dd : 0x0800
  const types = [...tags, last]
  const tagged = join([Uint8Array.from(types.slice(1).flatMap(type => [...be16(7), ...be16(type)])), packet])
  switch (linkType) {
    case LinkType.ETHERNET:
      return join([new Uint8Array(12).fill(2), Uint8Array.from(be16(types[0])), tagged])
    case LinkType.LINUX_SLL:
      return join([new Uint8Array(14), Uint8Array.from(be16(types[0])), tagged])
    case LinkType.LINUX_SLL2:
      return join([Uint8Array.from(be16(types[0])), new Uint8Array(18), tagged])
    case LinkType.NULL:
      return join([Uint8Array.from([six ? 30 : 2, 0, 0, 0]), packet])
    case LinkType.LOOP:
      return join([Uint8Array.from([0, 0, 0, six ? 24 : 2]), packet])
    default:
      return packet
  }
}
