import { bytesOf } from '../../mqtt/utf8.ts'
import type { Captures } from '../captures.ts'
import { textIs } from '../tape/keys.ts'
import type { Reader } from '../tape/reader.ts'
import { NameTable } from '../tape/table.ts'
import type { SenmlUnits } from './spec.ts'

/** The units that each name may come in. */
export class UnitTable {
  readonly slots: number
  readonly #names: NameTable
  readonly #accepted: readonly (readonly Uint8Array[])[]
  readonly #slots: readonly number[]

  constructor(units: ReadonlyMap<string, SenmlUnits>) {
    this.#names = new NameTable([...units.keys()].map(bytesOf))
    this.#accepted = [...units.values()].map(one => one.accepted.map(bytesOf))
    this.#slots = [...units.values()].map(one => one.slot ?? -1)
    this.slots = Math.max(0, ...this.#slots.map(slot => slot + 1))
  }

  /** Whether a record's value has a unit (0 for none) that its name, a key of the tape, may come in; captures which. */
  judge(reader: Reader, captures: Captures, key: number, value: number, unit: number): boolean {
    const { tape } = reader
    const index = this.#names.find(tape, key)
    if (index < 0) return true
    const accepted = this.#accepted[index]
    for (let i = 0; i < accepted.length; i++) {
      if (unit === 0 ? accepted[i].length > 0 : !textIs(tape, unit, accepted[i])) continue
      const at = unit === 0 || tape.apart[unit] === 1 ? -1 : unit
      if (this.#slots[index] >= 0) {
        captures.set(this.#slots[index], i, at < 0 ? 0 : tape.starts[at], at < 0 ? 0 : tape.ends[at])
      }
      return true
    }
    if (unit === 0) return reader.stopAt(value, 'value_missing', 'the value has no unit')
    return reader.stopAt(unit, 'value_enum', `the unit is none of the ${accepted.length} that are accepted`)
  }
}
