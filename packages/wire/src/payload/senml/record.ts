import { Types } from '../shape.ts'
import type { Reader } from '../tape/reader.ts'
import { NameTable } from '../tape/table.ts'
import { FIELDS, Field, LABEL_TEXTS } from './labels.ts'

const UNDERSCORE = 0x5f
const VERSION = 10
const NUMBER = Types.integer | Types.fraction
const KINDS = new Uint8Array(FIELDS)
KINDS.fill(NUMBER)
for (const field of [Field.BASE_NAME, Field.BASE_UNIT, Field.NAME, Field.UNIT, Field.STRING, Field.DATA]) {
  KINDS[field] = Types.string
}
KINDS[Field.BASE_VERSION] = Types.integer
KINDS[Field.BOOLEAN] = Types.boolean
const VALUES = [Field.VALUE, Field.STRING, Field.BOOLEAN, Field.DATA]

const labels = new NameTable(LABEL_TEXTS)

/** The fields of one record of a pack, as items of the tape. */
export class SenmlRecord {
  /** By `Field`; 0 where the record has none, which is the pack itself. */
  readonly items = new Int32Array(FIELDS)
  /** The item of its one value, or 0 where it has only a sum. */
  value = 0
  readonly #cbor: boolean
  readonly #ignores: boolean

  constructor(cbor: boolean, ignores: boolean) {
    this.#cbor = cbor
    this.#ignores = ignores
  }

  /** Whether an item of the tape is a record (RFC 8428, sections 4.1 to 4.4). */
  read(reader: Reader, item: number): boolean {
    const { tape } = reader
    if (tape.kinds[item] !== Types.object) return reader.stopAt(item, 'value_type', 'a record is not an object')
    this.items.fill(0)
    const end = tape.nexts[item]
    for (let key = item + 1; key < end; key = tape.nexts[key + 1]) {
      const field = this.#field(reader, key)
      if (field === -2) return false
      if (field < 0) continue
      if (!this.#fits(reader, field, key + 1)) return false
      this.items[field] = key + 1
    }
    return this.#judge(reader, item)
  }

  /** The field that a label is; -1 to be ignored, -2 where it must not be. */
  #field(reader: Reader, key: number): number {
    const { tape } = reader
    const known = labels.find(tape, key)
    // In CBOR the integer stands for the label, never its text (RFC 8428, section 6).
    if (known >= 0 && (!this.#cbor || tape.numbers[key] === 1)) return known
    if (known >= 0) {
      reader.stopAt(key, 'value_unknown', 'in CBOR this label is an integer')
      return -2
    }
    const length = tape.ends[key] - tape.starts[key]
    // A label that ends so must be understood (RFC 8428, section 4.4).
    if (length > 0 && tape.textOf(key)[tape.ends[key] - 1] === UNDERSCORE) {
      reader.stopAt(key, 'value_unknown', 'a label that must be understood is not known')
      return -2
    }
    if (this.#ignores) return -1
    reader.stopAt(key, 'value_unknown', 'the label is not one of RFC 8428')
    return -2
  }

  #fits(reader: Reader, field: number, value: number): boolean {
    const { tape } = reader
    if ((KINDS[field] & tape.kinds[value]) === 0) {
      return reader.stopAt(value, 'value_type', 'the field has a value of another type than RFC 8428 gives it')
    }
    // In CBOR data is a byte string, which the reader has marked, and nothing else is.
    const data = this.#cbor && tape.kinds[value] === Types.string && tape.numbers[value] === 1
    if (this.#cbor && data !== (field === Field.DATA)) {
      return reader.stopAt(value, 'value_type', 'data and nothing else is a byte string')
    }
    if (field === Field.DATA && !this.#cbor && !isBase64url(tape.textOf(value), tape.starts[value], tape.ends[value])) {
      return reader.stopAt(value, 'value_pattern', 'the data is not base64url without padding')
    }
    if (field === Field.BASE_VERSION && tape.numbers[value] !== VERSION) {
      return reader.stopAt(value, 'value_enum', `the version is ${tape.numbers[value]}, understood is ${VERSION}`)
    }
    if (field === Field.UPDATE && tape.numbers[value] < 0) {
      return reader.stopAt(value, 'value_range', `the update time is ${tape.numbers[value]} s, below 0`)
    }
    return true
  }

  #judge(reader: Reader, item: number): boolean {
    this.value = 0
    for (let i = 0; i < VALUES.length; i++) {
      const value = this.items[VALUES[i]]
      if (value === 0) continue
      if (this.value !== 0) return reader.stopAt(value, 'value_condition', 'the record has more than one value')
      this.value = value
    }
    if (this.value !== 0 || this.items[Field.SUM] !== 0) return true
    return reader.stopAt(item, 'value_missing', 'the record has neither a value nor a sum')
  }
}

/** Whether a text is base64url without padding (RFC 4648, section 5). */
function isBase64url(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) {
    const byte = bytes[i]
    const letter = byte | 0x20
    const alphanumeric = (letter >= 0x61 && letter <= 0x7a) || (byte >= 0x30 && byte <= 0x39)
    if (!alphanumeric && byte !== 0x2d && byte !== UNDERSCORE) return false
  }
  return (end - start) % 4 !== 1
}
