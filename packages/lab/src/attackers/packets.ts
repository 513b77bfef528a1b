/** The few MQTT packets that attackers send, written by hand so that each can be made wrong at will. 4 is MQTT 3.1.1. */
export type Version = 4 | 5

export interface Message {
  readonly topic: string
  readonly payload: string | Uint8Array
  readonly qos?: 0 | 1
  readonly retain?: boolean
  /** Says that it was sent before (MQTT-3.3.1-1). */
  readonly dup?: boolean
}

export interface ConnectFields {
  readonly version: Version
  readonly clientId: string
  /** Seconds. */
  readonly keepAlive?: number
  readonly will?: Message
  readonly username?: string
  readonly password?: string
}

export const DISCONNECT = Buffer.from([0xe0, 0])

/** A fixed header with the body's length before it. */
export function frame(first: number, ...body: readonly Uint8Array[]): Buffer {
  const rest = Buffer.concat(body)
  return Buffer.concat([header(first, rest.length), rest])
}

/** A fixed header that declares `length` bytes. */
export function header(first: number, length: number): Buffer {
  const bytes = [first]
  let left = length
  do {
    bytes.push((left % 128) | (left >= 128 ? 128 : 0))
    left = Math.floor(left / 128)
  } while (left > 0)
  return Buffer.from(bytes)
}

/** A string or bytes with its two-byte length. */
export function prefixed(value: string | Uint8Array): Buffer {
  const bytes = Buffer.from(value)
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 255]), bytes])
}

export function connect({ version, clientId, keepAlive = 60, will, username, password }: ConnectFields): Buffer {
  const none = version === 5 ? Buffer.from([0]) : Buffer.alloc(0)
  const login = [username, password].filter(part => part !== undefined).map(prefixed)
  const lasting = will ? 4 | ((will.qos ?? 0) << 3) | (will.retain ? 32 : 0) : 0
  const flags = 2 | lasting | (username === undefined ? 0 : 128) | (password === undefined ? 0 : 64)
  const fields = Buffer.from([version, flags, keepAlive >> 8, keepAlive & 255])
  const left = will ? [none, prefixed(will.topic), prefixed(will.payload)] : []
  return frame(0x10, prefixed('MQTT'), fields, none, prefixed(clientId), ...left, ...login)
}

/** @param properties of MQTT 5, without their length */
export function publish(version: Version, message: Message, packetId = 1, properties: readonly number[] = []): Buffer {
  const qos = message.qos ?? 0
  const id = qos > 0 ? Buffer.from([packetId >> 8, packetId & 255]) : Buffer.alloc(0)
  const extra = version === 5 ? Buffer.from([properties.length, ...properties]) : Buffer.alloc(0)
  const first = 0x30 | (message.dup ? 8 : 0) | (qos << 1) | (message.retain ? 1 : 0)
  return frame(first, prefixed(message.topic), id, extra, Buffer.from(message.payload))
}

/** A publish that defines or uses a topic alias (MQTT 5); with an empty topic it uses one. */
export function aliased(message: Message, alias: number): Buffer {
  return publish(5, message, 1, [0x23, alias >> 8, alias & 255])
}

export function subscribe(version: Version, filter: string, packetId = 1): Buffer {
  const properties = version === 5 ? Buffer.from([0]) : Buffer.alloc(0)
  const id = Buffer.from([packetId >> 8, packetId & 255])
  return frame(0x82, id, properties, prefixed(filter), Buffer.from([0]))
}
