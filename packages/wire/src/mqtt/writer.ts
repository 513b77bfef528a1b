import { bytesOf } from './utf8.ts'
import { variableLength } from './variable.ts'

/** Collects the fields of a packet's body and puts the fixed header before them. For packets that are rare. */
export class Writer {
  readonly #parts: Uint8Array[] = []
  #length = 0

  u8(value: number): this {
    return this.raw(Uint8Array.of(value))
  }

  u16(value: number): this {
    return this.raw(Uint8Array.of(value >> 8, value))
  }

  u32(value: number): this {
    return this.raw(Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value))
  }

  variable(value: number): this {
    const bytes = new Uint8Array(variableLength(value))
    writeVariable(bytes, 0, value)
    return this.raw(bytes)
  }

  /** A UTF-8 Encoded String or Binary Data. Throws a RangeError above 65,535 bytes. */
  prefixed(value: string | Uint8Array): this {
    const bytes = typeof value === 'string' ? bytesOf(value) : value
    if (bytes.length > 65_535) throw new RangeError(`a field of ${bytes.length} bytes, MQTT allows 65,535`)
    return this.u16(bytes.length).raw(bytes)
  }

  raw(bytes: Uint8Array): this {
    this.#parts.push(bytes)
    this.#length += bytes.length
    return this
  }

  /** The bytes alone. */
  bytes(): Uint8Array {
    return this.#into(new Uint8Array(this.#length), 0)
  }

  /** The whole packet. Throws a RangeError where the body is longer than MQTT can frame. */
  packet(firstByte: number): Uint8Array {
    if (this.#length > 268_435_455) throw new RangeError(`a body of ${this.#length} bytes, MQTT allows 268,435,455`)
    const header = 1 + variableLength(this.#length)
    const packet = new Uint8Array(header + this.#length)
    packet[0] = firstByte
    writeVariable(packet, 1, this.#length)
    return this.#into(packet, header)
  }

  #into(target: Uint8Array, from: number): Uint8Array {
    let at = from
    for (const part of this.#parts) {
      target.set(part, at)
      at += part.length
    }
    return target
  }
}

function writeVariable(bytes: Uint8Array, from: number, value: number): void {
  let at = from
  let rest = value
  while (rest >= 0x80) {
    bytes[at++] = (rest & 0x7f) | 0x80
    rest >>>= 7
  }
  bytes[at] = rest
}
