import { Types } from '../shape.ts'
import type { Judging } from '../tape/judging.ts'
import { hashOf, sameText } from '../tape/keys.ts'
import type { Reader } from '../tape/reader.ts'
import { SenmlBase } from './base.ts'
import { Field } from './labels.ts'
import { behindBase, isName } from './name.ts'
import { SenmlRecord } from './record.ts'
import type { NamePart } from './spec.ts'
import type { UnitTable } from './units.ts'

const TOO_MUCH = ['payload_length', 'the names of the pack are too long in all'] as const

/** What a pack is judged by, but for its shape. */
export interface PackRules {
  readonly parts: readonly NamePart[]
  readonly units: UnitTable
  readonly suffix: Uint8Array
  readonly cbor: boolean
  readonly ignores: boolean
}

/**
 * Resolves the pack of a tape (RFC 8428, section 4.6) into an object behind it: a member for each name's last value, and one for
 * its last sum. The values before them are kept by the member that they belong to.
 */
export class SenmlPack {
  /** The object on the tape. */
  object = 0
  /** Of the last record, in seconds. */
  time = 0
  /** How many earlier values there are: of which member, from which item, with which number once resolved. */
  earlier = 0
  readonly earlierMembers: Int32Array
  readonly earlierItems: Int32Array
  readonly earlierNumbers: Float64Array
  readonly #rules: PackRules
  readonly #record: SenmlRecord
  readonly #base = new SenmlBase()
  /** By member: where its value came from, and when it was. */
  readonly #items: Int32Array
  readonly #times: Float64Array
  #members = 0
  #seen = 0

  constructor(rules: PackRules, records: number) {
    this.#rules = rules
    this.#record = new SenmlRecord(rules.cbor, rules.ignores)
    this.earlierMembers = new Int32Array(2 * records)
    this.earlierItems = new Int32Array(2 * records)
    this.earlierNumbers = new Float64Array(2 * records)
    this.#items = new Int32Array(2 * records)
    this.#times = new Float64Array(2 * records)
  }

  resolve(reader: Reader, judging: Judging): boolean {
    const { tape } = reader
    if (tape.kinds[0] !== Types.array) return reader.stopAt(0, 'value_type', 'a pack is an array of records')
    if (tape.numbers[0] === 0) return reader.stopAt(0, 'value_items', 'the pack has no record')
    const end = tape.nexts[0]
    this.#base.clear()
    this.#members = 0
    this.#seen = 0
    this.earlier = 0
    this.object = tape.add(Types.object, 0, tape.starts[0], tape.ends[0])
    if (this.object < 0) return reader.stopFull()
    for (let item = 1; item < end; item = tape.nexts[item]) {
      if (!this.#record.read(reader, item)) return false
      this.#base.take(reader, this.#record)
      if (!this.#add(reader, judging, item)) return false
    }
    tape.close(this.object, this.#members)
    return true
  }

  /** Adds what a record says to the object. */
  #add(reader: Reader, judging: Judging, record: number): boolean {
    const { tape } = reader
    const { items, value } = this.#record
    const behind = this.#name(reader, judging, record)
    if (behind < 0) return false
    const { numbers } = tape
    this.time = this.#base.time + (items[Field.TIME] === 0 ? 0 : numbers[items[Field.TIME]])
    if (!Number.isFinite(this.time)) return reader.stopAt(record, 'payload_number', 'the time is not finite')
    if (value !== 0) {
      const added = items[Field.VALUE] === 0 ? 0 : this.#base.value
      const unit = items[Field.UNIT] === 0 ? this.#base.unit : items[Field.UNIT]
      const member = this.#member(reader, behind, tape.textLength, value, added)
      if (member < 0) return false
      if (!this.#rules.units.judge(reader, judging.captures, this.#keyOf(member), value, unit)) return false
    }
    if (items[Field.SUM] === 0) return true
    if (!tape.reserve(tape.textLength - behind + this.#rules.suffix.length)) return reader.stopAt(record, ...TOO_MUCH)
    const copy = tape.textLength
    tape.text.copyWithin(copy, behind, copy)
    tape.textLength += copy - behind
    tape.text.set(this.#rules.suffix, tape.textLength)
    tape.textLength += this.#rules.suffix.length
    return this.#member(reader, copy, tape.textLength, items[Field.SUM], this.#base.sum) >= 0
  }

  /** Joins the record's name and puts it behind the tape's texts; answers where it goes on behind the base name, or -1. */
  #name(reader: Reader, judging: Judging, record: number): number {
    const { tape, limits } = reader
    const base = this.#base.name
    const name = this.#record.items[Field.NAME]
    const length = this.#length(reader, base) + this.#length(reader, name)
    const start = tape.textLength
    if (length > limits.stringBytes) return not(reader.stopAt(record, 'payload_length', 'the name is too long'))
    if (!tape.reserve(length)) return not(reader.stopAt(record, ...TOO_MUCH))
    append(reader, base)
    append(reader, name)
    if (!isName(tape.text, start, tape.textLength)) {
      return not(
        reader.stopAt(record, 'value_pattern', 'the name is empty or has characters that RFC 8428 does not allow'),
      )
    }
    const behind = behindBase(this.#rules.parts, judging.names, tape.text, start, tape.textLength)
    if (behind >= 0) return behind
    return not(reader.stopAt(record, 'value_enum', 'the name does not begin as the names of the speaker do'))
  }

  #length(reader: Reader, item: number): number {
    return item === 0 ? 0 : reader.tape.ends[item] - reader.tape.starts[item]
  }

  /** Adds a member with a name from the texts and a field's value, to which a base is added where it is a number. */
  #member(reader: Reader, start: number, end: number, item: number, added: number): number {
    const { tape } = reader
    const number = tape.numbers[item] + added
    if (!Number.isFinite(number))
      return not(reader.stopAt(item, 'payload_number', 'with its base the value is not finite'))
    const key = tape.add(Types.string, 0, start, end)
    if (key < 0) return not(reader.stopFull())
    tape.apart[key] = 1
    const hash = hashOf(tape.text, start, end)
    tape.hashes[key] = hash
    const bit = 1 << (hash & 31)
    const before = (this.#seen & bit) === 0 ? -1 : this.#find(reader, key)
    this.#seen |= bit
    const member = before < 0 ? this.#members++ : before
    if (before >= 0) {
      tape.length = key
      if (this.time <= this.#times[member]) {
        return not(reader.stopAt(item, 'value_condition', 'a name comes again at a time that is not later'))
      }
      this.earlierMembers[this.earlier] = member
      this.earlierItems[this.earlier] = this.#items[member]
      this.earlierNumbers[this.earlier++] = tape.numbers[this.valueOf(member)]
    } else if (tape.add(Types.null, 0, 0, 0) < 0) return not(reader.stopFull())
    this.#items[member] = item
    this.#times[member] = this.time
    this.put(reader, member, item, number)
    return member
  }

  #find(reader: Reader, key: number): number {
    const { tape } = reader
    for (let member = 0; member < this.#members; member++) {
      const other = this.#keyOf(member)
      if (tape.hashes[other] === tape.hashes[key] && sameText(tape, other, key)) return member
    }
    return -1
  }

  #keyOf(member: number): number {
    return this.object + 1 + 2 * member
  }

  /** The item of a member's value. */
  valueOf(member: number): number {
    return this.object + 2 + 2 * member
  }

  /** Gives a member the value of a field, with its number as resolved. */
  put(reader: Reader, member: number, item: number, number: number): void {
    const { tape } = reader
    const at = this.valueOf(member)
    const numeric = (tape.kinds[item] & (Types.integer | Types.fraction)) !== 0
    const kind = Number.isInteger(number) ? Types.integer : Types.fraction
    tape.kinds[at] = numeric ? kind : tape.kinds[item]
    tape.numbers[at] = number
    tape.starts[at] = tape.starts[item]
    tape.ends[at] = tape.ends[item]
    tape.apart[at] = tape.apart[item]
  }

  /** The item of the pack that a member's value was taken from last. */
  itemOf(member: number): number {
    return this.#items[member]
  }
}

function append(reader: Reader, item: number): void {
  if (item === 0) return
  const { tape } = reader
  const from = tape.textOf(item)
  for (let i = tape.starts[item]; i < tape.ends[item]; i++) tape.text[tape.textLength++] = from[i]
}

function not(_stopped: false): -1 {
  return -1
}
