/** MQTT 3.1.1 control packet types, as they stand in the high half of the first byte. */
export const TYPE = {
  connect: 1,
  connack: 2,
  publish: 3,
  puback: 4,
  subscribe: 8,
  suback: 9,
  pingreq: 12,
  pingresp: 13,
} as const

/** A CONNECT with a clean session and a keep-alive in seconds. */
export function connectFrame(clientId: string, keepAlive = 600): Buffer {
  const variable = Buffer.from([0, 4, 0x4d, 0x51, 0x54, 0x54, 4, 2, keepAlive >> 8, keepAlive & 255])
  return frame(TYPE.connect << 4, Buffer.concat([variable, text(clientId)]))
}

/** A PUBLISH; `packetId` makes it QoS 1. */
export function publishFrame(topic: string, payload: Uint8Array, packetId?: number): Buffer {
  if (packetId === undefined) return frame(TYPE.publish << 4, Buffer.concat([text(topic), payload]))
  return frame((TYPE.publish << 4) | 2, Buffer.concat([text(topic), word(packetId), payload]))
}

/** A SUBSCRIBE of one filter at QoS 0. */
export function subscribeFrame(filter: string, packetId = 1): Buffer {
  return frame((TYPE.subscribe << 4) | 2, Buffer.concat([word(packetId), text(filter), Buffer.from([0])]))
}

/** Bytes of the payload with which all benches speak. */
export const PAYLOAD_BYTES = 135

/**
 * A reading as a machine sends it: 135 bytes of JSON. `stamp` is padded with blanks to fifteen places, so that a receiver finds
 * the time of sending (microseconds) at a fixed place and no two payloads are alike.
 */
export function reading(stamp: number): Buffer {
  const head = `{"t":${String(stamp).padStart(STAMP_DIGITS)},"temperature":61.25,"pressure":4.117,"vibration":0.0231,"rpm":1480,"power":7.42,"state":"run","unit":"`
  return Buffer.from(`${head}${'m'.repeat(PAYLOAD_BYTES - 2 - head.length)}"}`, 'latin1')
}

/** Where the fifteen digits of `reading` begin in the payload. */
export const STAMP_AT = 5
/** How many digits they are. */
export const STAMP_DIGITS = 15

/** Called for each whole frame: its first byte, and where its body lies in `bytes`. */
export type OnFrame = (first: number, bytes: Buffer, start: number, end: number) => void

/** Cuts a byte stream into MQTT frames and keeps what is not whole yet. For well-behaved peers only. */
export class Frames {
  readonly #onFrame: OnFrame
  #rest: Buffer | null = null

  constructor(onFrame: OnFrame) {
    this.#onFrame = onFrame
  }

  feed(chunk: Buffer): void {
    const bytes = this.#rest === null ? chunk : Buffer.concat([this.#rest, chunk])
    let at = 0
    for (;;) {
      let length = 0
      let shift = 0
      let body = at + 1
      while (body < bytes.length && bytes[body]! > 127) {
        length |= (bytes[body++]! & 127) << shift
        shift += 7
      }
      if (body >= bytes.length) break
      length |= bytes[body++]! << shift
      if (body + length > bytes.length) break
      this.#onFrame(bytes[at]!, bytes, body, body + length)
      at = body + length
    }
    this.#rest = at === bytes.length ? null : bytes.subarray(at)
  }
}

function frame(first: number, body: Uint8Array): Buffer {
  const head = [first]
  let left = body.length
  do {
    head.push(left > 127 ? (left & 127) | 128 : left)
    left >>= 7
  } while (left > 0)
  return Buffer.concat([Buffer.from(head), body])
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value, 'utf8')
  return Buffer.concat([word(bytes.length), bytes])
}

function word(value: number): Buffer {
  return Buffer.from([value >> 8, value & 255])
}
