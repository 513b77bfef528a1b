import { PacketType } from '@ringwall/wire/mqtt'

/** A payload in words: text, bytes in hexadecimal digits behind it, and how many `x` stand behind these. */
interface Payload {
  readonly message?: string
  readonly hex?: string
  readonly pad?: number
}

/** A packet in words, as the tests of rules write it. Exactly one of its kinds is given. */
export interface Described {
  readonly publish?: Payload & {
    readonly topic: string
    readonly qos?: number
    readonly retain?: boolean
    readonly dup?: boolean
    readonly id?: number
  }
  readonly connect?: {
    readonly clientid?: string
    readonly username?: string
    readonly password?: string
    readonly will?: Payload & {
      readonly topic: string
      readonly retain?: boolean
      readonly qos?: number
    }
    readonly clean?: boolean
    readonly protocol?: string
  }
  readonly connack?: { readonly code?: number; readonly present?: boolean }
  readonly subscribe?: { readonly topics: readonly string[]; readonly qos?: number; readonly id?: number }
  readonly unsubscribe?: { readonly topics: readonly string[]; readonly id?: number }
  readonly suback?: { readonly codes: readonly number[]; readonly id?: number }
  readonly unsuback?: { readonly codes: readonly number[]; readonly id?: number }
  readonly puback?: { readonly code?: number; readonly id?: number }
  readonly pingreq?: object
  readonly disconnect?: { readonly code?: number }
  readonly auth?: { readonly code?: number }
  /** A whole packet in hexadecimal digits. */
  readonly packet?: string
  readonly version?: number
}

export const KINDS = [
  'publish',
  'connect',
  'connack',
  'subscribe',
  'unsubscribe',
  'suback',
  'unsuback',
  'puback',
  'pingreq',
  'disconnect',
  'auth',
  'packet',
] as const

/** Writes a packet out as bytes, legal or not; null where nothing is described. */
export function packetOf(of: Described): Uint8Array | null {
  const version = of.version ?? 5
  const five = version === 5
  const none = five ? [0] : []
  if (of.packet !== undefined) return digits(of.packet)
  if (of.publish !== undefined) {
    const { topic, qos = 0, retain = false, dup = false, id = 1 } = of.publish
    const flags = (dup ? 8 : 0) | (qos << 1) | (retain ? 1 : 0)
    return framed(PacketType.PUBLISH, flags, field(topic), qos > 0 ? u16(id) : [], none, payload(of.publish))
  }
  if (of.connect !== undefined) return connect(of.connect, version)
  if (of.connack !== undefined) {
    return framed(PacketType.CONNACK, 0, [of.connack.present ? 1 : 0, of.connack.code ?? 0], none)
  }
  if (of.subscribe !== undefined) {
    const { topics, qos = 0, id = 1 } = of.subscribe
    return framed(PacketType.SUBSCRIBE, 2, u16(id), none, ...topics.flatMap(topic => [field(topic), [qos]]))
  }
  if (of.unsubscribe !== undefined) {
    const { topics, id = 1 } = of.unsubscribe
    return framed(PacketType.UNSUBSCRIBE, 2, u16(id), none, ...topics.map(field))
  }
  if (of.suback !== undefined) return framed(PacketType.SUBACK, 0, u16(of.suback.id ?? 1), none, of.suback.codes)
  if (of.unsuback !== undefined)
    return framed(PacketType.UNSUBACK, 0, u16(of.unsuback.id ?? 1), none, of.unsuback.codes)
  if (of.puback !== undefined) {
    const { code, id = 1 } = of.puback
    return framed(PacketType.PUBACK, 0, u16(id), code === undefined ? [] : [code, 0])
  }
  if (of.pingreq !== undefined) return framed(PacketType.PINGREQ, 0)
  if (of.disconnect !== undefined) {
    const { code } = of.disconnect
    return framed(PacketType.DISCONNECT, 0, code === undefined ? [] : [code, 0])
  }
  if (of.auth !== undefined) return framed(PacketType.AUTH, 0, [of.auth.code ?? 0x18, 0])
  return null
}

function connect(of: NonNullable<Described['connect']>, version: number): Uint8Array {
  const { clientid = '', username, password, will, clean = true } = of
  const { protocol = version === 3 ? 'MQIsdp' : 'MQTT' } = of
  let flags = clean ? 2 : 0
  if (will !== undefined) flags |= 4 | ((will.qos ?? 0) << 3) | (will.retain ? 0x20 : 0)
  if (username !== undefined) flags |= 0x80
  if (password !== undefined) flags |= 0x40
  const none = version === 5 ? [0] : []
  return framed(
    PacketType.CONNECT,
    0,
    field(protocol),
    [version, flags, 0, 60],
    none,
    field(clientid),
    ...(will === undefined ? [] : [none, field(will.topic), field(payload(will))]),
    ...(username === undefined ? [] : [field(username)]),
    ...(password === undefined ? [] : [field(password)]),
  )
}

function framed(type: number, flags: number, ...parts: readonly (Uint8Array | readonly number[])[]): Uint8Array {
  const body = parts.flatMap(part => [...part])
  const length: number[] = []
  let left = body.length
  do {
    length.push(left > 127 ? (left & 127) | 128 : left)
    left >>= 7
  } while (left > 0)
  return Uint8Array.from([(type << 4) | flags, ...length, ...body])
}

function payload({ message = '', hex = '', pad = 0 }: Payload): Uint8Array {
  return Uint8Array.from([...encoder.encode(message), ...digits(hex), ...new Uint8Array(pad).fill(0x78)])
}

function digits(hex: string): Uint8Array {
  return Uint8Array.from(hex.replace(/\s/g, '').match(/../g) ?? [], pair => Number.parseInt(pair, 16))
}

function field(value: string | Uint8Array): Uint8Array {
  const bytes = typeof value === 'string' ? encoder.encode(value) : value
  return Uint8Array.from([...u16(bytes.length), ...bytes])
}

const encoder = new TextEncoder()

const u16 = (value: number): number[] => [value >> 8, value & 0xff]
