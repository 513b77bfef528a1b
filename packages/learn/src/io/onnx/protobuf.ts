import { LearnError } from '../../base/error.ts'

/** What a field holds. Numbers are doubles in memory, so whole ones are exact up to 2^53. */
export type FieldType = 'int' | 'float' | 'double' | 'bytes' | 'string' | MessageType

/** A field: its number, what it holds, and whether it may come several times. */
export interface Field {
  readonly id: number
  readonly type: FieldType
  readonly repeated?: true
}

/** The fields of a message by name. Others are passed over when reading. */
export interface MessageType {
  readonly [name: string]: Field
}

type Value = number | string | Uint8Array | Message
/** A message as an object: what is absent is not there, what is repeated is an array. */
export interface Message {
  [name: string]: Value | readonly Value[] | undefined
}

const VARINT = 0
const FIXED64 = 1
const LENGTH = 2
const FIXED32 = 5
const WIRE = { int: VARINT, double: FIXED64, float: FIXED32 } as const

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true })

/** Writes a message (protobuf.dev/programming-guides/encoding); repeated numbers are packed. */
export function encode(type: MessageType, message: Message): Uint8Array {
  const out = new Writer()
  writeMessage(out, type, message)
  return out.bytes()
}

function writeMessage(out: Writer, type: MessageType, message: Message): void {
  for (const [name, field] of Object.entries(type)) {
    const value = message[name]
    if (value === undefined) continue
    const values = Array.isArray(value) ? (value as readonly Value[]) : [value as Value]
    if (field.repeated && typeof field.type === 'string' && field.type in WIRE) {
      if (values.length === 0) continue
      const packed = new Writer()
      for (const each of values) writeNumber(packed, field.type as keyof typeof WIRE, each as number)
      out.varint(field.id * 8 + LENGTH)
      out.block(packed.bytes())
    } else for (const each of values) writeValue(out, field, each)
  }
}

function writeValue(out: Writer, { id, type }: Field, value: Value): void {
  if (type === 'int' || type === 'float' || type === 'double') {
    out.varint(id * 8 + WIRE[type])
    writeNumber(out, type, value as number)
    return
  }
  out.varint(id * 8 + LENGTH)
  if (type === 'string') out.block(encoder.encode(value as string))
  else if (type === 'bytes') out.block(value as Uint8Array)
  else out.block(encode(type, value as Message))
}

function writeNumber(out: Writer, type: keyof typeof WIRE, value: number): void {
  if (type === 'int') out.varint(value)
  else if (type === 'float') out.float(value)
  else out.double(value)
}

/** Bytes that grow. */
class Writer {
  #buffer = new Uint8Array(256)
  #view = new DataView(this.#buffer.buffer)
  #length = 0

  bytes(): Uint8Array {
    return this.#buffer.slice(0, this.#length)
  }

  varint(value: number): void {
    const at = this.#room(10)
    if (value >= 0 && value < 128) {
      this.#buffer[at] = value
      this.#length = at + 1
      return
    }
    let length = 0
    // A negative number takes ten bytes, as two's complement of 64 bits.
    let rest = BigInt.asUintN(64, BigInt(value))
    for (; rest > 127n; rest >>= 7n) this.#buffer[at + length++] = Number(rest & 127n) | 128
    this.#buffer[at + length++] = Number(rest)
    this.#length = at + length
  }

  float(value: number): void {
    const at = this.#room(4)
    this.#view.setFloat32(at, value, true)
    this.#length = at + 4
  }

  double(value: number): void {
    const at = this.#room(8)
    this.#view.setFloat64(at, value, true)
    this.#length = at + 8
  }

  block(bytes: Uint8Array): void {
    this.varint(bytes.length)
    const at = this.#room(bytes.length)
    this.#buffer.set(bytes, at)
    this.#length = at + bytes.length
  }

  #room(bytes: number): number {
    const needed = this.#length + bytes
    if (needed > this.#buffer.length) {
      const grown = new Uint8Array(Math.max(needed, 2 * this.#buffer.length))
      grown.set(this.#buffer)
      this.#buffer = grown
      this.#view = new DataView(grown.buffer)
    }
    return this.#length
  }
}

/** Reads a message; strings and bytes are copied. Error: `onnx_malformed`. */
export function decode(type: MessageType, bytes: Uint8Array): Message {
  const byId = new Map(Object.entries(type).map(([name, field]) => [field.id, { name, field }]))
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const cursor = { at: 0 }
  const message: Message = {}
  while (cursor.at < bytes.length) {
    const key = varint(bytes, cursor)
    const known = byId.get(Math.floor(key / 8))
    const wire = key % 8
    const value = raw(bytes, view, cursor, wire)
    if (known === undefined) continue
    const { name, field } = known
    const values = valuesOf(field, value, wire)
    if (!field.repeated) message[name] = values.at(-1)
    else if (message[name] === undefined) message[name] = values
    else for (const each of values) (message[name] as Value[]).push(each)
  }
  return message
}

interface Cursor {
  at: number
}

function raw(bytes: Uint8Array, view: DataView, cursor: Cursor, wire: number): number | Uint8Array {
  if (wire === VARINT) return varint(bytes, cursor)
  const length = wire === LENGTH ? varint(bytes, cursor) : wire === FIXED32 ? 4 : wire === FIXED64 ? 8 : -1
  const from = cursor.at
  if (length < 0 || length > bytes.length - from) throw malformed(`a field of ${length} bytes at byte ${from}`)
  cursor.at += length
  if (wire === LENGTH) return bytes.subarray(from, from + length)
  return wire === FIXED32 ? view.getFloat32(from, true) : view.getFloat64(from, true)
}

function valuesOf({ type, repeated }: Field, value: number | Uint8Array, wire: number): Value[] {
  if (type === 'int' || type === 'float' || type === 'double') {
    if (typeof value === 'number' && wire === WIRE[type]) return [value]
    if (typeof value === 'number' || !repeated) throw malformed(`a number of wire type ${wire}`)
    return unpacked(type, value)
  }
  if (typeof value === 'number') throw malformed(`a number where bytes belong`)
  if (type === 'bytes') return [value.slice()]
  if (type !== 'string') return [decode(type, value)]
  try {
    return [decoder.decode(value)]
  } catch {
    throw malformed('a text that is no UTF-8')
  }
}

function unpacked(type: keyof typeof WIRE, bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const cursor = { at: 0 }
  const values: number[] = []
  while (cursor.at < bytes.length) values.push(raw(bytes, view, cursor, WIRE[type]) as number)
  return values
}

function varint(bytes: Uint8Array, cursor: Cursor): number {
  const first = bytes[cursor.at]
  // Most numbers are small.
  if (first !== undefined && first < 128) {
    cursor.at++
    return first
  }
  let value = 0n
  for (let shift = 0n; shift < 70n; shift += 7n) {
    const byte = bytes[cursor.at++]
    if (byte === undefined) throw malformed('the end within a number')
    value |= BigInt(byte & 127) << shift
    if (byte < 128) return Number(BigInt.asIntN(64, value))
  }
  throw malformed(`a number of more than ten bytes at byte ${cursor.at}`)
}

const malformed = (what: string): LearnError => new LearnError('onnx_malformed', `no ONNX: ${what}`)
