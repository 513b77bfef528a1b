import { describe, encodePublish, type Fault, type PropertyChange, packetName, Scanner } from '@ringwall/wire'

/** Joins parts into one packet with its fixed header. */
export function packet(first: number, ...parts: (Uint8Array | number[])[]): Uint8Array {
  const body = Buffer.concat(parts.map(part => Buffer.from(part)))
  const length: number[] = []
  let left = body.length
  do {
    length.push(left > 127 ? (left & 127) | 128 : left)
    left >>= 7
  } while (left > 0)
  return Buffer.concat([Buffer.from([first, ...length]), body])
}

/** A UTF-8 string with its length before it. */
export function field(text: string | Uint8Array): Uint8Array {
  const bytes = Buffer.from(text)
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 255]), bytes])
}

/** The two bytes of a packet identifier or another 16-bit number. */
export const u16 = (value: number): number[] => [value >> 8, value & 255]

export interface ConnectParts {
  readonly version?: 4 | 5
  readonly clientId?: string
  readonly clean?: boolean
  readonly keepAlive?: number
  /** Raw, without their length. */
  readonly properties?: readonly number[]
  readonly will?: { readonly topic: string; readonly payload: string | Uint8Array; readonly qos?: number }
  readonly username?: string
  readonly password?: string
}

/** A CONNECT. */
export function connect(parts: ConnectParts = {}): Uint8Array {
  const { version = 5, clientId = 'pump-1', clean = true, keepAlive = 60, properties = [], will } = parts
  const { username, password } = parts
  let flags = clean ? 2 : 0
  if (will !== undefined) flags |= 4 | ((will.qos ?? 0) << 3)
  if (username !== undefined) flags |= 0x80
  if (password !== undefined) flags |= 0x40
  return packet(
    0x10,
    field('MQTT'),
    [version, flags, ...u16(keepAlive)],
    version === 5 ? [properties.length, ...properties] : [],
    field(clientId),
    will !== undefined && version === 5 ? [0] : [],
    will === undefined ? [] : Buffer.concat([field(will.topic), field(will.payload)]),
    username === undefined ? [] : field(username),
    password === undefined ? [] : field(password),
  )
}

/** A CONNACK that accepts, or one with a reason. */
export function connack(version: 4 | 5 = 5, reason = 0, properties: readonly number[] = []): Uint8Array {
  return packet(0x20, [0, reason], version === 5 ? [properties.length, ...properties] : [])
}

export interface PublishParts {
  readonly version?: 4 | 5
  readonly qos?: number
  readonly id?: number
  readonly dup?: boolean
  readonly alias?: number
}

/** A PUBLISH; with an empty topic and an alias the alias stands for it. */
export function publish(topic: string, payload: string | Uint8Array = 'x', parts: PublishParts = {}): Uint8Array {
  const { version = 5, qos = 0, id = 0, dup = false, alias } = parts
  const changes: PropertyChange[] = alias === undefined ? [] : [[0x23, alias]]
  return encodePublish({ version, topic, qos, dup, packetId: id, payload: Buffer.from(payload) }, changes)
}

/** A SUBSCRIBE for QoS 1 to these filters. */
export function subscribe(filters: readonly string[], id = 1, version: 4 | 5 = 5): Uint8Array {
  const parts = filters.map(filter => Buffer.concat([field(filter), Buffer.from([1])]))
  return packet(0x82, u16(id), version === 5 ? [0] : [], Buffer.concat(parts))
}

/** PUBACK, PUBREC, PUBREL, PUBCOMP by their first byte. */
export const ack = (first: number, id: number, reason?: number): Uint8Array =>
  packet(first, u16(id), reason === undefined ? [] : [reason])

/** A packet as it was read, in the few words that tests compare. */
export interface Seen {
  readonly name: string
  readonly id: number
  readonly reason: number
  readonly topic: string
  readonly payload: string
  readonly text: string
}

/** Reads packets as the strict scanner does. Throws where one of them is illegal: what the gateway writes must not be. */
export function read(bytes: Uint8Array, from: 'client' | 'server', version: 4 | 5 = 5): Seen[] {
  const scanner = new Scanner({ from, maxPacket: 1e6, aliasMaximum: 65_535 })
  scanner.version = from === 'client' ? 0 : version
  // What comes after a CONNECT that was taken away by the test.
  if (from === 'client' && bytes.length > 0 && bytes[0] >> 4 !== 1) scanner.version = version
  scanner.feed(bytes)
  const seen: Seen[] = []
  while (scanner.next()) {
    const fault: Fault | null = scanner.fault
    if (fault !== null) throw new Error(`${packetName(scanner.type)}: ${fault.code} ${fault.why}`)
    const text = (start: number, end: number) => Buffer.from(scanner.bytes.subarray(start, end)).toString()
    seen.push({
      name: packetName(scanner.type),
      id: scanner.packetId,
      reason: scanner.reason,
      topic: text(scanner.topicStart, scanner.topicEnd),
      payload: text(scanner.payloadStart, scanner.payloadEnd),
      text: describe(scanner),
    })
  }
  if (scanner.pending > 0) throw new Error(`${scanner.pending} bytes of an unfinished packet`)
  return seen
}

/** The same, as `NAME id reason` lines. */
export function lines(bytes: Uint8Array, from: 'client' | 'server', version: 4 | 5 = 5): string[] {
  return read(bytes, from, version).map(({ name, id, reason }) => {
    return `${name}${id === 0 ? '' : ` ${id}`}${reason === 0 ? '' : ` 0x${reason.toString(16)}`}`
  })
}
