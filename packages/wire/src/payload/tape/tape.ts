import { Types } from '../shape.ts'

const FIRST_ITEMS = 64
const FIRST_TEXT = 256

/** How many values and keys a payload may have in all, whatever its limits for one array or object. */
export const TAPE_ITEMS = 16_384
/** Bytes of texts that do not stand in the payload as they are read: unescaped, joined, or encoded anew. */
export const TAPE_TEXT = 1_048_576

/**
 * A payload as it was read: its values in the order of the bytes, containers before what they hold, a key before its value.
 * The columns are kept from payload to payload and grow with the largest one up to `TAPE_ITEMS`.
 */
export class Tape {
  /** How many items it has. */
  length = 0
  /** A bit of `Types`; a whole number is an integer however it is written. */
  kinds = new Uint8Array(FIRST_ITEMS)
  /** A number's value, 0 or 1 for a boolean, items of an array, members of an object. */
  numbers = new Float64Array(FIRST_ITEMS)
  /** Where its own bytes (a string's text) begin and end: in the payload, or in `text` where `apart` is 1. */
  starts = new Uint32Array(FIRST_ITEMS)
  ends = new Uint32Array(FIRST_ITEMS)
  apart = new Uint8Array(FIRST_ITEMS)
  /** The item behind it and all that it holds. */
  nexts = new Uint32Array(FIRST_ITEMS)
  /** Of keys. */
  hashes = new Int32Array(FIRST_ITEMS)
  /** Texts that the payload does not have in one piece. */
  text = new Uint8Array(FIRST_TEXT)
  textLength = 0
  /** The payload. */
  bytes: Uint8Array = new Uint8Array(0)

  begin(bytes: Uint8Array): void {
    this.bytes = bytes
    this.length = 0
    this.textLength = 0
  }

  /** Adds an item; answers its index, or -1 where the tape is full. */
  add(kind: number, number: number, start: number, end: number): number {
    const at = this.length
    if (at === this.kinds.length && !this.#grow()) return -1
    this.kinds[at] = kind
    this.numbers[at] = number
    this.starts[at] = start
    this.ends[at] = end
    this.apart[at] = 0
    this.nexts[at] = at + 1
    this.length = at + 1
    return at
  }

  /** Adds a finite number; a whole one is an integer. */
  addNumber(number: number, start: number, end: number): number {
    return this.add(Number.isInteger(number) ? Types.integer : Types.fraction, number, start, end)
  }

  /** Ends a container: all that was added since is in it. */
  close(container: number, count: number): void {
    this.numbers[container] = count
    this.nexts[container] = this.length
  }

  /** Makes room for so many more bytes of text; false where the texts are full. */
  reserve(bytes: number): boolean {
    const needed = this.textLength + bytes
    if (needed <= this.text.length) return true
    if (needed > TAPE_TEXT) return false
    const grown = new Uint8Array(Math.min(TAPE_TEXT, Math.max(needed, this.text.length * 2)))
    grown.set(this.text.subarray(0, this.textLength))
    this.text = grown
    return true
  }

  /** The buffer that a string's text stands in. */
  textOf(item: number): Uint8Array {
    return this.apart[item] === 0 ? this.bytes : this.text
  }

  #grow(): boolean {
    const length = this.kinds.length * 2
    if (length > TAPE_ITEMS) return false
    this.kinds = copied(this.kinds, new Uint8Array(length))
    this.numbers = copied(this.numbers, new Float64Array(length))
    this.starts = copied(this.starts, new Uint32Array(length))
    this.ends = copied(this.ends, new Uint32Array(length))
    this.apart = copied(this.apart, new Uint8Array(length))
    this.nexts = copied(this.nexts, new Uint32Array(length))
    this.hashes = copied(this.hashes, new Int32Array(length))
    return true
  }
}

function copied<Column extends Uint8Array | Uint32Array | Int32Array | Float64Array>(from: Column, to: Column): Column {
  to.set(from)
  return to
}
