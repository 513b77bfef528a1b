import { hexDigit } from '../../bytes/hex.ts'
import { sequenceLength } from '../../mqtt/utf8.ts'
import { Types } from '../shape.ts'
import { decimalOf } from '../tape/decimal.ts'
import { Reader } from '../tape/reader.ts'

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const COLON = 0x3a
const OPEN_ARRAY = 0x5b
const CLOSE_ARRAY = 0x5d
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d

// What stands behind a backslash, and what it means (RFC 8259, section 7); `u` apart.
const ESCAPES = new Uint8Array(128)
for (const [letter, byte] of [...'"\\/bfnrt'].map((one, i) => [one, '"\\/\b\f\n\r\t'.charCodeAt(i)] as const)) {
  ESCAPES[letter.charCodeAt(0)] = byte
}

const NUMERIC = new Uint8Array(256)
for (const one of '0123456789+-.eE') NUMERIC[one.charCodeAt(0)] = 1

const WORDS = [
  { text: [...'null'].map(one => one.charCodeAt(0)), kind: Types.null, number: 0 },
  { text: [...'false'].map(one => one.charCodeAt(0)), kind: Types.boolean, number: 0 },
  { text: [...'true'].map(one => one.charCodeAt(0)), kind: Types.boolean, number: 1 },
] as const

/** Reads JSON (RFC 8259) onto a tape: strict, in one pass, never further than the payload. */
export class JsonReader extends Reader {
  /** Whether the bytes are one value and nothing else. */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    this.begin(bytes, start, end)
    if (!this.#value(0)) return false
    this.#space()
    return this.at === end || this.stopAt(0, 'payload_syntax', `${end - this.at} bytes follow the value`)
  }

  #value(depth: number): boolean {
    switch (this.#space()) {
      case OPEN_ARRAY:
        return this.#array(depth)
      case OPEN_OBJECT:
        return this.#object(depth)
      case QUOTE:
        return this.#string() >= 0
      case 0x6e:
        return this.#word(WORDS[0])
      case 0x66:
        return this.#word(WORDS[1])
      case 0x74:
        return this.#word(WORDS[2])
      default:
        return this.#number()
    }
  }

  /** Goes over white space; answers the byte behind it, or -1 at the end. */
  #space(): number {
    const { bytes, end } = this
    let at = this.at
    while (at < end && (bytes[at] === 0x20 || bytes[at] === 0x0a || bytes[at] === 0x0d || bytes[at] === 0x09)) at++
    this.at = at
    return at < end ? bytes[at] : -1
  }

  #word(word: (typeof WORDS)[number]): boolean {
    const start = this.at
    for (let i = 0; i < word.text.length; i++) {
      if (start + i >= this.end || this.bytes[start + i] !== word.text[i]) return this.#unexpected(start)
    }
    this.at = start + word.text.length
    return this.tape.add(word.kind, word.number, start, this.at) >= 0 || this.stopFull()
  }

  #number(): boolean {
    const { bytes, end } = this
    const start = this.at
    let at = start
    while (at < end && NUMERIC[bytes[at]] === 1) at++
    if (at - start > this.limits.stringBytes) return this.stopLong(start)
    const number = decimalOf(bytes, start, at)
    if (Number.isNaN(number)) return this.#unexpected(start)
    this.at = at
    if (!Number.isFinite(number)) return this.stop('payload_number', 'a number is too large for a double', start)
    return this.tape.addNumber(number, start, at) >= 0 || this.stopFull()
  }

  #array(depth: number): boolean {
    const start = this.at++
    if (depth >= this.limits.depth) return this.stopDeep(start)
    const array = this.tape.add(Types.array, 0, start, start)
    if (array < 0) return this.stopFull()
    let count = 0
    if (this.#space() === CLOSE_ARRAY) return this.#close(array, 0)
    for (;;) {
      if (count === this.limits.members) return this.stopMany(start) || this.leave(array)
      if (!this.#value(depth + 1)) return this.leave(array)
      count++
      const byte = this.#space()
      if (byte === CLOSE_ARRAY) return this.#close(array, count)
      if (byte !== COMMA) return this.#unexpected(this.at) || this.leave(array)
      this.at++
    }
  }

  #object(depth: number): boolean {
    const start = this.at++
    if (depth >= this.limits.depth) return this.stopDeep(start)
    const object = this.tape.add(Types.object, 0, start, start)
    if (object < 0) return this.stopFull()
    let seen = 0
    let count = 0
    let byte = this.#space()
    if (byte === CLOSE_OBJECT) return this.#close(object, 0)
    for (;;) {
      if (count === this.limits.members) return this.stopMany(start) || this.leave(object)
      if (byte !== QUOTE) return this.#unexpected(this.at) || this.leave(object)
      const key = this.#string()
      if (key < 0) return this.leave(object)
      seen = this.addKey(object, key, seen)
      if (seen === 0) return this.leave(object)
      if (this.#space() !== COLON) return this.#unexpected(this.at) || this.leave(object)
      this.at++
      if (!this.#value(depth + 1)) return this.leave(object)
      count++
      byte = this.#space()
      if (byte === CLOSE_OBJECT) return this.#close(object, count)
      if (byte !== COMMA) return this.#unexpected(this.at) || this.leave(object)
      this.at++
      byte = this.#space()
    }
  }

  #close(container: number, count: number): true {
    this.at++
    this.tape.close(container, count)
    this.tape.ends[container] = this.at
    return true
  }

  /** Reads a string; answers its index on the tape or -1. */
  #string(): number {
    const { bytes, end, tape } = this
    const start = ++this.at
    let at = start
    // Where the text is copied to from its first escape on; -1 before.
    let to = -1
    for (;;) {
      if (at >= end) return this.#not(this.stop('payload_syntax', 'a string has no end', start - 1))
      const byte = bytes[at]
      if (byte === QUOTE) break
      if (byte < 0x20) return this.#not(this.stop('payload_syntax', 'a control character is in a string', at))
      if (byte === BACKSLASH) {
        if (to < 0) {
          if (!tape.reserve(at - start)) return this.#not(this.stopText(start))
          to = tape.textLength
          for (let i = start; i < at; i++) tape.text[tape.textLength++] = bytes[i]
        }
        at = this.#escape(at)
        if (at < 0) return -1
        continue
      }
      const length = byte < 0x80 ? 1 : sequenceLength(bytes, at, end)
      if (length === 0) return this.#not(this.stop('payload_utf8', 'a string is not well-formed UTF-8', at))
      if (to >= 0) {
        if (!tape.reserve(length)) return this.#not(this.stopText(start))
        for (let i = 0; i < length; i++) tape.text[tape.textLength++] = bytes[at + i]
      }
      at += length
    }
    this.at = at + 1
    if (at - start > this.limits.stringBytes) return this.#not(this.stopLong(start))
    const item = tape.add(Types.string, 0, to < 0 ? start : to, to < 0 ? at : tape.textLength)
    if (item < 0) return this.#not(this.stopFull())
    if (to >= 0) tape.apart[item] = 1
    return item
  }

  /** Unescapes what begins with a backslash; answers where the text goes on, or -1. */
  #escape(at: number): number {
    const { bytes, tape } = this
    if (!tape.reserve(4)) return this.#not(this.stopText(at))
    const letter = at + 1 < this.end ? bytes[at + 1] : 0
    const plain = letter < 128 ? ESCAPES[letter] : 0
    if (plain !== 0) {
      tape.text[tape.textLength++] = plain
      return at + 2
    }
    let point = letter === 0x75 ? this.#unit(at + 2) : -1
    let next = at + 6
    if (point >= 0xd800 && point < 0xdc00) {
      const paired = next + 1 < this.end && bytes[next] === BACKSLASH && bytes[next + 1] === 0x75
      const low = paired ? this.#unit(next + 2) : -1
      if (low < 0xdc00 || low > 0xdfff) return this.#not(this.stop('payload_utf8', 'a surrogate stands alone', at))
      point = 0x10000 + ((point - 0xd800) << 10) + (low - 0xdc00)
      next += 6
    } else if (point >= 0xdc00 && point <= 0xdfff) {
      return this.#not(this.stop('payload_utf8', 'a surrogate stands alone', at))
    }
    if (point < 0) return this.#not(this.stop('payload_syntax', 'a backslash is not followed by an escape', at))
    this.#put(point)
    return next
  }

  /** The number of four hexadecimal digits, or -1. */
  #unit(at: number): number {
    if (at + 4 > this.end) return -1
    let unit = 0
    for (let i = at; i < at + 4; i++) {
      const digit = hexDigit(this.bytes[i])
      if (digit < 0) return -1
      unit = (unit << 4) | digit
    }
    return unit
  }

  /** Adds a character in UTF-8 (RFC 3629, section 3); there is room. */
  #put(point: number): void {
    const { tape } = this
    const { text } = tape
    if (point < 0x80) {
      text[tape.textLength++] = point
      return
    }
    const more = point < 0x800 ? 1 : point < 0x10000 ? 2 : 3
    text[tape.textLength++] = ((0xf0 << (3 - more)) & 0xff) | (point >> (6 * more))
    for (let i = more - 1; i >= 0; i--) text[tape.textLength++] = 0x80 | ((point >> (6 * i)) & 0x3f)
  }

  #unexpected(at: number): boolean {
    return this.stop(
      'payload_syntax',
      at < this.end ? 'a byte stands where it must not' : 'the payload ends too early',
      at,
    )
  }

  #not(_stopped: false): -1 {
    return -1
  }
}
