import { sequenceLength } from '../../mqtt/utf8.ts'
import { Types } from '../shape.ts'
import { Reader } from '../tape/reader.ts'
import type { Tape } from '../tape/tape.ts'
import type { PayloadLimits } from '../validator.ts'
import { doubleAt, halfAt, singleAt } from './floats.ts'
import { argumentAt, argumentLength, BREAK, INDEFINITE, Major, negativeAt } from './head.ts'

const FALSE = 20
const TRUE = 21
const NULL = 22

/** What one encoding built on CBOR has that the plain one has not. */
export interface CborDialect {
  /** Adds a map's integer key as a text: its index on the tape, -1 where it is not known, -2 where the tape is full. */
  addIntegerKey(tape: Tape, key: number): number
  /** Adds a byte string as a text: its index on the tape, -1 where none may be here, -2 where the tape is full. */
  addBytes(tape: Tape, start: number, end: number): number
}

/** Reads CBOR (RFC 8949) onto a tape: strict, in one pass, never further than the payload, never as much as a length claims. */
export class CborReader extends Reader {
  readonly #dialect: CborDialect

  constructor(tape: Tape, limits: PayloadLimits, dialect: CborDialect) {
    super(tape, limits)
    this.#dialect = dialect
  }

  /** Whether the bytes are one value and nothing else. */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    this.begin(bytes, start, end)
    if (isSelfDescribed(bytes, start, end)) this.at += 3
    if (!this.#value(0)) return false
    return this.at === end || this.stopAt(0, 'payload_syntax', `${end - this.at} bytes follow the value`)
  }

  #value(depth: number): boolean {
    const { bytes, at } = this
    if (at >= this.end) return this.#cut(at)
    const major = bytes[at] >> 5
    const information = bytes[at] & 0x1f
    const length = argumentLength(information)
    if (length < 0) return this.stop('payload_syntax', `the additional information ${information} is reserved`, at)
    if (at + 1 + length > this.end) return this.#cut(at)
    this.at = at + 1 + length
    if (major === Major.SIMPLE) return this.#simple(at, information)
    const argument = argumentAt(bytes, at, information)
    if (information === INDEFINITE && major !== Major.ARRAY && major !== Major.MAP) return this.#indefinite(major, at)
    switch (major) {
      case Major.UNSIGNED:
        return this.#integer(argument, at)
      case Major.NEGATIVE:
        return this.#integer(negativeAt(bytes, at, information), at)
      case Major.TEXT:
        return this.#text(argument, at)
      case Major.ARRAY:
        return this.#array(argument, information === INDEFINITE, depth, at)
      case Major.MAP:
        return this.#map(argument, information === INDEFINITE, depth, at)
      case Major.BYTES:
        return this.#bytes(argument, at)
      default:
        return this.stop('value_type', `the tag ${argument} is not allowed`, at)
    }
  }

  #integer(number: number, at: number): boolean {
    return this.tape.add(Types.integer, number, at, this.at) >= 0 || this.stopFull()
  }

  #simple(at: number, information: number): boolean {
    const { bytes, tape } = this
    switch (information) {
      case FALSE:
      case TRUE:
        return tape.add(Types.boolean, information - FALSE, at, this.at) >= 0 || this.stopFull()
      case NULL:
        return tape.add(Types.null, 0, at, this.at) >= 0 || this.stopFull()
      case 25:
        return this.#float(halfAt(bytes, at + 1), at)
      case 26:
        return this.#float(singleAt(bytes, at + 1), at)
      case 27:
        return this.#float(doubleAt(bytes, at + 1), at)
      case INDEFINITE:
        return this.stop('payload_syntax', 'a break stands where a value must', at)
    }
    const value = argumentAt(bytes, at, information)
    // RFC 8949, section 3.3: a value below 32 in two bytes is not well formed.
    if (information === 24 && value < 32)
      return this.stop('payload_syntax', `the simple value ${value} has two bytes`, at)
    return this.stop(
      'value_type',
      value === 23 ? 'undefined is not allowed' : `the simple value ${value} is not allowed`,
      at,
    )
  }

  #float(number: number, at: number): boolean {
    if (!Number.isFinite(number)) return this.stop('payload_number', `${number} is not a finite number`, at)
    return this.tape.addNumber(number, at, this.at) >= 0 || this.stopFull()
  }

  #text(length: number, at: number): boolean {
    if (!this.#fits(length, at)) return false
    const start = this.at
    const end = start + length
    for (let i = start; i < end; ) {
      if (this.bytes[i] < 0x80) {
        i++
        continue
      }
      const sequence = sequenceLength(this.bytes, i, end)
      if (sequence === 0) return this.stop('payload_utf8', 'a text string is not well-formed UTF-8', i)
      i += sequence
    }
    this.at = end
    return this.tape.add(Types.string, 0, start, end) >= 0 || this.stopFull()
  }

  #bytes(length: number, at: number): boolean {
    if (!this.#fits(length, at)) return false
    const start = this.at
    this.at = start + length
    const item = this.#dialect.addBytes(this.tape, start, this.at)
    if (item === -1) return this.stop('value_type', `a byte string of ${length} bytes is not allowed`, at)
    return item >= 0 || this.stopText(at)
  }

  #fits(length: number, at: number): boolean {
    if (length > this.limits.stringBytes) return this.stopLong(at)
    return length <= this.end - this.at || this.#cut(at)
  }

  #array(length: number, indefinite: boolean, depth: number, at: number): boolean {
    if (depth >= this.limits.depth) return this.stopDeep(at)
    if (!indefinite && length > this.limits.members) return this.stopMany(at)
    const array = this.tape.add(Types.array, 0, at, at)
    if (array < 0) return this.stopFull()
    let count = 0
    for (; indefinite ? !this.#ends() : count < length; count++) {
      if (count === this.limits.members) return this.stopMany(at) || this.leave(array)
      if (!this.#value(depth + 1)) return this.leave(array)
    }
    this.#close(array, count)
    return true
  }

  #map(length: number, indefinite: boolean, depth: number, at: number): boolean {
    if (depth >= this.limits.depth) return this.stopDeep(at)
    if (!indefinite && length > this.limits.members) return this.stopMany(at)
    const map = this.tape.add(Types.object, 0, at, at)
    if (map < 0) return this.stopFull()
    let seen = 0
    let count = 0
    for (; indefinite ? !this.#ends() : count < length; count++) {
      if (count === this.limits.members) return this.stopMany(at) || this.leave(map)
      const key = this.#key()
      if (key < 0) return this.leave(map)
      const bits = this.addKey(map, key, seen)
      if (bits === 0) return this.leave(map)
      seen = bits
      if (!this.#value(depth + 1)) return this.leave(map)
    }
    this.#close(map, count)
    return true
  }

  #close(container: number, count: number): void {
    this.tape.close(container, count)
    this.tape.ends[container] = this.at
  }

  /** Reads a map's key; answers its index on the tape or -1. */
  #key(): number {
    const { at, tape } = this
    const key = tape.length
    const major = at < this.end && this.bytes[at] !== BREAK ? this.bytes[at] >> 5 : Major.TEXT
    if (major !== Major.TEXT && major > Major.NEGATIVE) {
      this.stop('value_type', 'a key is neither a text nor an integer', at)
      return -1
    }
    if (!this.#value(this.limits.depth)) return -1
    if (tape.kinds[key] === Types.string) return key
    const number = tape.numbers[key]
    tape.length = key
    const item = this.#dialect.addIntegerKey(tape, number)
    if (item === -1) this.stop('value_unknown', `the integer key ${number} is not known`, at)
    else if (item < 0) this.stopFull()
    return item
  }

  /** Whether a break ends what has an indefinite length; the break is read. */
  #ends(): boolean {
    if (this.at >= this.end || this.bytes[this.at] !== BREAK) return false
    this.at++
    return true
  }

  #indefinite(major: number, at: number): boolean {
    if (major !== Major.TEXT && major !== Major.BYTES) {
      return this.stop('payload_syntax', 'an integer or a tag has no indefinite length', at)
    }
    // A text in chunks could hide from whatever looks for it in the bytes.
    return this.stop('payload_syntax', 'a string in chunks of an indefinite length is not allowed', at)
  }

  #cut(at: number): boolean {
    return this.stop('payload_syntax', `the payload ends within a value that begins ${this.end - at} bytes before`, at)
  }
}

/** Whether tag 55799 "self-described CBOR" stands before all (RFC 8949, section 3.4.6). */
function isSelfDescribed(bytes: Uint8Array, start: number, end: number): boolean {
  return start + 3 <= end && bytes[start] === 0xd9 && bytes[start + 1] === 0xd9 && bytes[start + 2] === 0xf7
}
