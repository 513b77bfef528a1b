/** Builders of packets for vectors: they write what they are told, legal or not. Nothing here is shared with `@ringwall/wire`. */

export type Version = 4 | 5
/** Bytes, or parts of them. */
export type Bytes = readonly number[]

export const u16 = (value: number): Bytes => [value >> 8, value & 255]
export const u32 = (value: number): Bytes => [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255]

/** The bytes of a text, without a length. */
export const raw = (text: string): Bytes => [...Buffer.from(text, 'utf8')]

/** A text, or bytes in its place, with its length before it. */
export function text(value: string | Bytes): Bytes {
  const bytes = typeof value === 'string' ? raw(value) : value
  return [...u16(bytes.length), ...bytes]
}

/** A Variable Byte Integer, with `extra` bytes more than it needs. */
export function variable(value: number, extra = 0): Bytes {
  const bytes: number[] = []
  let rest = value
  do {
    bytes.push(rest % 128)
    rest = Math.floor(rest / 128)
  } while (rest > 0)
  for (let i = 0; i < extra; i++) bytes.push(0)
  return bytes.map((byte, index) => (index < bytes.length - 1 ? byte | 128 : byte))
}

/** A packet: its first byte, its length and its parts. */
export function packet(first: number, ...parts: Bytes[]): Bytes {
  const body = parts.flat()
  return [first, ...variable(body.length), ...body]
}

/** Properties with their length. */
export function properties(...parts: Bytes[]): Bytes {
  const body = parts.flat()
  return [...variable(body.length), ...body]
}

/** Properties where the version has them. */
const field = (version: Version, parts: readonly Bytes[] = []): Bytes => (version === 5 ? properties(...parts) : [])

export interface WillParts {
  readonly topic?: string | Bytes
  readonly payload?: string | Bytes
  readonly properties?: readonly Bytes[]
}

export interface ConnectParts {
  readonly name?: string | Bytes
  readonly level?: number
  /** The whole byte, in place of what the other parts ask for. */
  readonly flags?: number
  readonly clean?: boolean
  readonly keepAlive?: number
  readonly properties?: readonly Bytes[]
  readonly id?: string | Bytes
  readonly will?: WillParts
  readonly qos?: number
  readonly retain?: boolean
  readonly user?: string | Bytes
  readonly password?: string | Bytes
  readonly first?: number
}

/** A CONNECT; clean and without anything else unless told. */
export function connect(version: Version, parts: ConnectParts = {}): Bytes {
  const { will, user, password } = parts
  const asked =
    (parts.clean === false ? 0 : 2) |
    (will === undefined ? 0 : 4) |
    ((parts.qos ?? 0) << 3) |
    (parts.retain === true ? 0x20 : 0) |
    (password === undefined ? 0 : 0x40) |
    (user === undefined ? 0 : 0x80)
  const left: Bytes =
    will === undefined
      ? []
      : [...field(version, will.properties), ...text(will.topic ?? 'last/word'), ...text(will.payload ?? 'gone')]
  return packet(
    parts.first ?? 0x10,
    text(parts.name ?? 'MQTT'),
    [parts.level ?? version, parts.flags ?? asked],
    u16(parts.keepAlive ?? 60),
    field(version, parts.properties),
    text(parts.id ?? 'pump-1'),
    left,
    user === undefined ? [] : text(user),
    password === undefined ? [] : text(password),
  )
}

export interface PublishParts {
  readonly topic?: string | Bytes
  readonly payload?: string | Bytes
  readonly qos?: number
  readonly id?: number
  readonly dup?: boolean
  readonly retain?: boolean
  readonly properties?: readonly Bytes[]
}

export function publish(version: Version, parts: PublishParts = {}): Bytes {
  const { qos = 0, payload = '21.5' } = parts
  return packet(
    0x30 | (parts.dup === true ? 8 : 0) | (qos << 1) | (parts.retain === true ? 1 : 0),
    text(parts.topic ?? 'plant/level'),
    qos === 0 ? [] : u16(parts.id ?? 7),
    field(version, parts.properties),
    typeof payload === 'string' ? raw(payload) : payload,
  )
}

export interface AskParts {
  readonly id?: number
  readonly properties?: readonly Bytes[]
  readonly first?: number
}

/** A SUBSCRIBE for these filters, each with its options. */
export function subscribe(
  version: Version,
  filters: readonly (readonly [string | Bytes, number])[],
  parts: AskParts = {},
): Bytes {
  const list = filters.flatMap(([filter, options]) => [...text(filter), options])
  return packet(parts.first ?? 0x82, u16(parts.id ?? 9), field(version, parts.properties), list)
}

export function unsubscribe(version: Version, filters: readonly (string | Bytes)[], parts: AskParts = {}): Bytes {
  return packet(parts.first ?? 0xa2, u16(parts.id ?? 9), field(version, parts.properties), filters.flatMap(text))
}

/** PUBACK, PUBREC, PUBREL or PUBCOMP by its first byte; with a reason and properties where given (MQTT 5). */
export function ack(first: number, id: number, reason?: number, props?: readonly Bytes[]): Bytes {
  return packet(first, u16(id), reason === undefined ? [] : [reason], props === undefined ? [] : properties(...props))
}

export const PUBACK = 0x40
export const PUBREC = 0x50
export const PUBREL = 0x62
export const PUBCOMP = 0x70

/** A DISCONNECT or AUTH with a reason and properties. */
export const told = (first: number, reason?: number, props?: readonly Bytes[]): Bytes =>
  packet(first, reason === undefined ? [] : [reason], props === undefined ? [] : properties(...props))

export const PINGREQ: Bytes = [0xc0, 0]
export const DISCONNECT: Bytes = [0xe0, 0]

/** The properties of MQTT 5 by what they are called. */
export const prop = {
  format: (value: number): Bytes => [0x01, value],
  expiry: (value: number): Bytes => [0x02, ...u32(value)],
  contentType: (value: string | Bytes): Bytes => [0x03, ...text(value)],
  responseTopic: (value: string | Bytes): Bytes => [0x08, ...text(value)],
  correlation: (value: string | Bytes): Bytes => [0x09, ...text(value)],
  subscriptionId: (value: number, extra = 0): Bytes => [0x0b, ...variable(value, extra)],
  sessionExpiry: (value: number): Bytes => [0x11, ...u32(value)],
  method: (value: string | Bytes): Bytes => [0x15, ...text(value)],
  data: (value: string | Bytes): Bytes => [0x16, ...text(value)],
  problems: (value: number): Bytes => [0x17, value],
  willDelay: (value: number): Bytes => [0x18, ...u32(value)],
  responses: (value: number): Bytes => [0x19, value],
  reason: (value: string | Bytes): Bytes => [0x1f, ...text(value)],
  receiveMaximum: (value: number): Bytes => [0x21, ...u16(value)],
  aliasMaximum: (value: number): Bytes => [0x22, ...u16(value)],
  alias: (value: number): Bytes => [0x23, ...u16(value)],
  user: (key: string | Bytes, value: string | Bytes): Bytes => [0x26, ...text(key), ...text(value)],
  maximumPacket: (value: number): Bytes => [0x27, ...u32(value)],
} as const
