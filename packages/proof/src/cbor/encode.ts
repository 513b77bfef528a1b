import { ProofError } from '../error.ts'
import { halfOf } from './half.ts'
import { type CborKey, type CborValue, Major, MOST_LEVELS, Tagged } from './value.ts'

const utf8 = new TextEncoder()
const LARGEST = 2n ** 64n - 1n
const FALSE = 0xf4
const TRUE = 0xf5
const NULL = 0xf6
const NAN = [0xf9, 0x7e, 0x00]

/**
 * Writes a value as deterministic CBOR (RFC 8949, section 4.2.1): shortest heads, shortest floating point, definite lengths, keys
 * in the order of their bytes. Errors: `cbor_value` where it cannot be said, nests over 32 levels, or has a key twice.
 */
export function encodeCbor(value: CborValue): Uint8Array {
  const out = new Writer()
  write(out, value, 0)
  return out.done()
}

function write(out: Writer, value: CborValue, level: number): void {
  if (level > MOST_LEVELS) throw new ProofError('cbor_value', `values are nested more than ${MOST_LEVELS} levels deep`)
  if (value === null) out.byte(NULL)
  else if (typeof value === 'boolean') out.byte(value ? TRUE : FALSE)
  else if (typeof value === 'number') writeNumber(out, value)
  else if (typeof value === 'bigint') writeInteger(out, value)
  else if (typeof value === 'string') writeText(out, value)
  else if (value instanceof Uint8Array) writeBytes(out, Major.bytes, value)
  else if (value instanceof Tagged) {
    out.head(Major.tag, BigInt(value.tag))
    write(out, value.value, level + 1)
  } else if (Array.isArray(value)) {
    out.head(Major.array, BigInt(value.length))
    for (const each of value as readonly CborValue[]) write(out, each, level + 1)
  } else if (typeof value === 'object') writeMap(out, value as ReadonlyMap<CborKey, CborValue>, level)
  else throw new ProofError('cbor_value', `CBOR has no way to say a ${typeof value}`)
}

function writeMap(
  out: Writer,
  value: ReadonlyMap<CborKey, CborValue> | Readonly<Record<string, CborValue>>,
  level: number,
): void {
  const entries = value instanceof Map ? [...value] : Object.entries(value)
  const pairs = entries.map(([key, each]): [Uint8Array, CborValue] => [encodeCbor(key), each])
  pairs.sort(([a], [b]) => compareBytes(a, b))
  out.head(Major.map, BigInt(pairs.length))
  for (const [index, [key, each]] of pairs.entries()) {
    if (index > 0 && compareBytes(pairs[index - 1][0], key) === 0) {
      throw new ProofError('cbor_value', 'a map has a key twice')
    }
    out.bytes(key)
    write(out, each, level + 1)
  }
}

function writeNumber(out: Writer, value: number): void {
  if (Number.isInteger(value) && !Object.is(value, -0) && Math.abs(value) < 2 ** 64)
    return writeInteger(out, BigInt(value))
  if (Number.isNaN(value)) return out.bytes(Uint8Array.from(NAN))
  const half = halfOf(value)
  if (half >= 0) out.bytes(Uint8Array.of(0xf9, half >> 8, half & 0xff))
  else out.float(value)
}

function writeInteger(out: Writer, value: bigint): void {
  const argument = value < 0n ? -1n - value : value
  if (argument > LARGEST) throw new ProofError('cbor_value', 'an integer needs more than 64 bits')
  out.head(value < 0n ? Major.negative : Major.unsigned, argument)
}

function writeText(out: Writer, value: string): void {
  if (!value.isWellFormed()) throw new ProofError('cbor_value', 'a text has half of a surrogate pair')
  writeBytes(out, Major.text, utf8.encode(value))
}

function writeBytes(out: Writer, major: number, value: Uint8Array): void {
  out.head(major, BigInt(value.length))
  out.bytes(value)
}

/** In the order of their bytes, a shorter one before what it begins. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const least = Math.min(a.length, b.length)
  for (let i = 0; i < least; i++) if (a[i] !== b[i]) return a[i] - b[i]
  return a.length - b.length
}

/** Bytes that grow. */
class Writer {
  #buffer = new Uint8Array(256)
  #length = 0

  byte(value: number): void {
    this.#room(1)
    this.#buffer[this.#length++] = value
  }

  bytes(value: Uint8Array): void {
    this.#room(value.length)
    this.#buffer.set(value, this.#length)
    this.#length += value.length
  }

  /** A major type with its argument in the fewest bytes. */
  head(major: number, argument: bigint): void {
    this.#room(9)
    const first = major << 5
    if (argument < 24n) return this.byte(first | Number(argument))
    const [more, size] =
      argument < 0x100n ? [24, 1] : argument < 0x1_0000n ? [25, 2] : argument < 0x1_0000_0000n ? [26, 4] : [27, 8]
    this.byte(first | more)
    for (let shift = size - 1; shift >= 0; shift--) this.byte(Number((argument >> BigInt(8 * shift)) & 0xffn))
  }

  /** In four bytes where they hold the value exactly, else in eight. */
  float(value: number): void {
    this.#room(9)
    const view = new DataView(this.#buffer.buffer)
    const short = Math.fround(value) === value
    this.byte(short ? 0xfa : 0xfb)
    if (short) view.setFloat32(this.#length, value)
    else view.setFloat64(this.#length, value)
    this.#length += short ? 4 : 8
  }

  done(): Uint8Array {
    return this.#buffer.slice(0, this.#length)
  }

  #room(count: number): void {
    if (this.#length + count <= this.#buffer.length) return
    const grown = new Uint8Array(Math.max(2 * this.#buffer.length, this.#length + count))
    grown.set(this.#buffer)
    this.#buffer = grown
  }
}
