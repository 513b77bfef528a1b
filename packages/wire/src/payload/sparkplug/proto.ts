import { textOf, textProblem } from '../../mqtt/utf8.ts'
import type { PayloadLimits } from '../validator.ts'
import type { SparkplugFault } from './fault.ts'

/** Wire types of Protocol Buffers that Sparkplug uses. */
export const Wire = { varint: 0, fixed64: 1, length: 2, fixed32: 5 } as const

const SCHEMA = 'Sparkplug 6.4.1'
const NO_BYTES = new Uint8Array(0)
const four = new Uint8Array(8)
const single = new Float32Array(four.buffer, 0, 1)
const double = new Float64Array(four.buffer, 0, 1)
const LITTLE = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1

/**
 * Reads Protocol Buffers strictly: shortest varints of at most ten bytes, lengths within their message, each field once and
 * in its own wire type. Every reading method answers false after it has set `fault`; what it read stands in the fields.
 */
export class Proto {
  bytes: Uint8Array = NO_BYTES
  at = 0
  /** Field number and wire type of the last tag. */
  field = 0
  wire = 0
  /** The halves of the last varint. */
  low = 0
  high = 0
  /** Where the last length-delimited value begins and ends. */
  from = 0
  to = 0
  /** The last float or double. */
  real = 0
  fault: SparkplugFault | null = null
  /** The metric that is being read: its number in the payload, or -1 outside of metrics; and its name, as far as known. */
  index = -1
  #names: Uint8Array = NO_BYTES
  #nameFrom = 0
  #nameTo = 0
  readonly limits: PayloadLimits

  constructor(limits: PayloadLimits) {
    this.limits = limits
  }

  begin(bytes: Uint8Array, start: number): void {
    this.bytes = bytes
    this.at = start
    this.fault = null
    this.outside()
  }

  /** What follows belongs to no metric. */
  outside(): void {
    this.index = -1
    this.inside(NO_BYTES, 0, 0)
  }

  /** What follows belongs to the metric of this name. */
  inside(bytes: Uint8Array, from: number, to: number): void {
    this.#names = bytes
    this.#nameFrom = from
    this.#nameTo = to
  }

  /** Sets the fault, if there is none yet, and answers false. */
  fail(code: string, why: string, clause: string, offset = this.at): false {
    this.fault ??= { code, where: this.#where, why, offset, clause }
    return false
  }

  /** The current metric in words. */
  get metric(): string {
    const name = this.#name
    if (name !== '') return `the metric "${name}"`
    return this.index < 0 ? 'the payload' : `metric number ${this.index}`
  }

  get #name(): string {
    return textOf(this.#names, this.#nameFrom, this.#nameTo)
  }

  get #where(): string {
    const name = this.#name
    if (name !== '') return `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`
    return this.index < 0 ? '' : `/metrics/${this.index}`
  }

  varint(end: number): boolean {
    const bytes = this.bytes
    let at = this.at
    if (at < end && bytes[at] < 0x80) {
      this.low = bytes[at]
      this.high = 0
      this.at = at + 1
      return true
    }
    let low = 0
    let high = 0
    for (let i = 0; i < 10; i++) {
      if (at >= end) return this.fail('payload_syntax', 'the payload ends within a number', SCHEMA, at)
      const byte = bytes[at++]
      const seven = byte & 0x7f
      if (i < 4) low |= seven << (7 * i)
      else if (i === 4) {
        low |= seven << 28
        high = seven >>> 4
      } else high |= seven << (7 * i - 32)
      if (byte >= 0x80) continue
      if (byte === 0) return this.fail('payload_syntax', 'a number is not in its shortest form', SCHEMA, at - 1)
      if (i === 9 && byte > 1) break
      this.low = low >>> 0
      this.high = high >>> 0
      this.at = at
      return true
    }
    return this.fail('payload_syntax', 'a number has more than 64 bits', SCHEMA, this.at)
  }

  /** The next field's number and wire type. */
  tag(end: number): boolean {
    const at = this.at
    if (!this.varint(end)) return false
    this.field = this.low >>> 3
    this.wire = this.low & 7
    if (this.high === 0 && this.field !== 0) return true
    return this.fail('payload_syntax', 'a field has an impossible number', SCHEMA, at)
  }

  /** Marks the current field, at most 31, in `seen` and answers the new marks, or -1 where the field was there already. */
  once(seen: number, message: string): number {
    const mark = 1 << this.field
    if ((seen & mark) === 0) return seen | mark
    this.fail('payload_duplicate_key', `field ${this.field} of ${message} is there twice`, SCHEMA)
    return -1
  }

  unknown(message: string): false {
    return this.fail('payload_syntax', `${message} has no field ${this.field}`, SCHEMA)
  }

  private typed(wire: number): boolean {
    if (this.wire === wire) return true
    return this.fail('payload_syntax', `field ${this.field} is encoded as wire type ${this.wire}, not ${wire}`, SCHEMA)
  }

  uint64(end: number): boolean {
    return this.typed(Wire.varint) && this.varint(end)
  }

  /** A 64-bit number that a double holds, into `into`; `what` it is, for the sentence. */
  number(end: number, into: Float64Array, slot: number, what: string): boolean {
    if (!this.typed(Wire.varint) || !this.varint(end)) return false
    // Into an array instead of returned: a number that is no small integer would be allocated.
    into[slot] = joined(this.low, this.high)
    if (!Number.isNaN(into[slot])) return true
    return this.fail('payload_number', `the ${what} of ${this.metric} is a number that a double cannot hold`, '')
  }

  /** A number that must fit into 32 bits: `low`. */
  uint32(end: number): boolean {
    if (!this.typed(Wire.varint) || !this.varint(end)) return false
    if (this.high === 0) return true
    return this.fail('payload_number', `field ${this.field} does not fit into 32 bits`, SCHEMA)
  }

  /** 0 or 1: `low`. */
  bool(end: number): boolean {
    if (!this.typed(Wire.varint) || !this.varint(end)) return false
    if (this.high === 0 && this.low <= 1) return true
    return this.fail('payload_number', `field ${this.field} is neither 0 nor 1`, SCHEMA)
  }

  /** A length and so many bytes: `from` and `to`; the position moves behind them. */
  delimited(end: number): boolean {
    if (!this.typed(Wire.length) || !this.varint(end)) return false
    const left = end - this.at
    if (this.high !== 0 || this.low > left) {
      return this.fail('payload_syntax', `field ${this.field} is longer than the ${left} bytes that are left`, SCHEMA)
    }
    this.from = this.at
    this.to = this.at + this.low
    this.at = this.to
    return true
  }

  /** A string of well-formed UTF-8 without U+0000, within the limit. */
  text(end: number): boolean {
    if (!this.delimited(end)) return false
    const length = this.to - this.from
    if (length > this.limits.stringBytes) {
      const why = `a string has ${length} bytes, ${this.limits.stringBytes} are allowed`
      return this.fail('payload_length', why, '', this.from)
    }
    if (textProblem(this.bytes, this.from, this.to) === 0) return true
    return this.fail('payload_utf8', 'a string is not well-formed UTF-8 or holds U+0000', SCHEMA, this.from)
  }

  /** A finite float: `real`, its bytes from `from` to `to`. */
  float(end: number): boolean {
    return this.typed(Wire.fixed32) && this.fixed(end, 4) && this.finite(readReal(this.bytes, this.from, 4))
  }

  /** A finite double. */
  double(end: number): boolean {
    return this.typed(Wire.fixed64) && this.fixed(end, 8) && this.finite(readReal(this.bytes, this.from, 8))
  }

  private finite(value: number): boolean {
    this.real = value
    if (Number.isFinite(value)) return true
    return this.fail('payload_number', `${this.metric} has the number ${value}`, '', this.from)
  }

  private fixed(end: number, size: number): boolean {
    if (this.at + size > end) return this.fail('payload_syntax', 'the payload ends within a number', SCHEMA)
    this.from = this.at
    this.at += size
    this.to = this.at
    return true
  }
}

/** An unsigned 64-bit number from its halves, NaN where a double cannot hold it. */
export function joined(low: number, high: number): number {
  const upper = high * 0x1_0000_0000
  const value = upper + low
  return value - upper === low ? value : Number.NaN
}

/** A little-endian IEEE 754 number of 4 or 8 bytes. */
export function readReal(bytes: Uint8Array, at: number, size: 4 | 8): number {
  for (let i = 0; i < size; i++) four[LITTLE ? i : size - 1 - i] = bytes[at + i]
  return size === 4 ? single[0] : double[0]
}
