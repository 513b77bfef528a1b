import { ProofError } from '../error.ts'
import { compareBytes, encodeCbor } from './encode.ts'
import { ofHalf } from './half.ts'
import { type CborKey, type CborValue, Major, MOST_LEVELS, Tagged } from './value.ts'

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * Reads one value, all of the bytes, in deterministic CBOR (RFC 8949, section 4.2.1) and nothing else: what has two spellings could
 * be signed in one and read in the other. Maps come as `Map`, integers beyond 2^53 as bigint. Errors: `cbor_malformed`, with the
 * place; never more work than the bytes are long.
 */
export function decodeCbor(bytes: Uint8Array): CborValue {
  const reader = new Reader(bytes)
  const value = read(reader, 0)
  if (reader.at < bytes.length) throw reader.wrong('something follows the value')
  return value
}

/** Reads the value that `bytes` begins with, and says where it ends. */
export function decodeFirst(bytes: Uint8Array): { readonly value: CborValue; readonly end: number } {
  const reader = new Reader(bytes)
  const value = read(reader, 0)
  return { value, end: reader.at }
}

function read(reader: Reader, level: number): CborValue {
  if (level > MOST_LEVELS) throw reader.wrong(`values are nested more than ${MOST_LEVELS} levels deep`)
  const first = reader.byte()
  const major = first >> 5
  if (major === Major.simple) return readSimple(reader, first & 31)
  const argument = reader.argument(first & 31)
  switch (major) {
    case Major.unsigned:
      return plain(argument)
    case Major.negative:
      return plain(-1n - argument)
    case Major.bytes:
      return reader.take(argument).slice()
    case Major.text:
      return readText(reader, reader.take(argument))
    case Major.array:
      return readArray(reader, argument, level)
    case Major.map:
      return readMap(reader, argument, level)
    default:
      if (argument > BigInt(Number.MAX_SAFE_INTEGER)) throw reader.wrong('a tag is above 2^53')
      return new Tagged(Number(argument), read(reader, level + 1))
  }
}

function plain(value: bigint): number | bigint {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}

function readText(reader: Reader, bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes)
  } catch {
    throw reader.wrong('a text is not UTF-8')
  }
}

function readArray(reader: Reader, length: bigint, level: number): CborValue[] {
  reader.expect(length)
  const items: CborValue[] = []
  for (let i = 0; i < Number(length); i++) items.push(read(reader, level + 1))
  return items
}

function readMap(reader: Reader, length: bigint, level: number): Map<CborKey, CborValue> {
  reader.expect(length * 2n)
  const map = new Map<CborKey, CborValue>()
  let before: Uint8Array | null = null
  for (let i = 0; i < Number(length); i++) {
    const start = reader.at
    const key = read(reader, level + 1)
    if (typeof key !== 'string' && typeof key !== 'number' && typeof key !== 'bigint') {
      throw reader.wrong('the key of a map is neither an integer nor a text')
    }
    const written = reader.bytes.subarray(start, reader.at)
    if (before !== null && compareBytes(before, written) >= 0) throw reader.wrong('the keys of a map are not in order')
    before = written
    map.set(key, read(reader, level + 1))
  }
  return map
}

function readSimple(reader: Reader, more: number): CborValue {
  if (more === 20) return false
  if (more === 21) return true
  if (more === 22) return null
  if (more < 25 || more > 27) throw reader.wrong('a simple value that is not known here')
  const size = 2 ** (more - 24)
  const start = reader.at - 1
  const part = reader.take(BigInt(size))
  const view = new DataView(part.buffer, part.byteOffset, size)
  const value = size === 2 ? ofHalf(view.getUint16(0)) : size === 4 ? view.getFloat32(0) : view.getFloat64(0)
  if (compareBytes(encodeCbor(value), reader.bytes.subarray(start, reader.at)) !== 0) {
    throw reader.wrong('a number is not written in the shortest way')
  }
  return value
}

class Reader {
  readonly bytes: Uint8Array
  at = 0

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
  }

  byte(): number {
    if (this.at >= this.bytes.length) throw this.wrong('it ends too early')
    return this.bytes[this.at++]
  }

  /** What follows a head: in itself, or in one, two, four or eight bytes, of which as few as possible. */
  argument(more: number): bigint {
    if (more < 24) return BigInt(more)
    if (more > 27) throw this.wrong('a length that is not definite, or reserved')
    let value = 0n
    for (let i = 0; i < 2 ** (more - 24); i++) value = (value << 8n) | BigInt(this.byte())
    const least = more === 24 ? 24n : 1n << BigInt(8 * 2 ** (more - 25))
    if (value < least) throw this.wrong('a number is not written in the shortest way')
    return value
  }

  take(length: bigint): Uint8Array {
    this.expect(length)
    this.at += Number(length)
    return this.bytes.subarray(this.at - Number(length), this.at)
  }

  /** There must be so many bytes more: each item has one at least. */
  expect(count: bigint): void {
    if (count > BigInt(this.bytes.length - this.at)) throw this.wrong('it ends too early')
  }

  wrong(what: string): ProofError {
    return new ProofError('cbor_malformed', `${what}, at byte ${this.at}`)
  }
}
