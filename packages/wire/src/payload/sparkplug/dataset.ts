import { dataTypeName, isBasicType, ValueField } from './datatype.ts'
import { type Proto, Wire } from './proto.ts'
import { readValue, settle, Value } from './value.ts'

const SECTION = 'Sparkplug 6.4.11'

/** Reads DataSets: a head of columns and types, then rows whose values are of these types. */
export class DataSetReader {
  readonly #proto: Proto
  readonly #types: Uint8Array
  readonly #cell = new Value()
  #announced = -1
  #columns = 0
  #typed = 0
  #rows = 0

  constructor(proto: Proto) {
    this.#proto = proto
    this.#types = new Uint8Array(proto.limits.members)
  }

  /** Reads the DataSet that ends at `end`; its columns and types stand before its rows. */
  read(end: number, depth: number): boolean {
    const proto = this.#proto
    if (depth + 2 > proto.limits.depth) {
      return proto.fail('payload_depth', `the payload is nested deeper than ${proto.limits.depth}`, '')
    }
    this.#announced = -1
    this.#columns = 0
    this.#typed = 0
    this.#rows = 0
    while (proto.at < end) if (!proto.tag(end) || !this.#field(end)) return false
    return this.#even()
  }

  #field(end: number): boolean {
    const proto = this.#proto
    const field = proto.field
    if (field > 4) return proto.unknown('a DataSet')
    if (field < 4 && this.#rows > 0)
      return proto.fail('payload_syntax', 'a DataSet has columns behind its rows', SECTION)
    switch (field) {
      case 1:
        if (this.#announced >= 0) {
          return proto.fail('payload_duplicate_key', 'a DataSet announces its columns twice', SECTION)
        }
        if (!proto.uint64(end)) return false
        // As many as there may be at most, and more than that all alike.
        this.#announced = proto.high === 0 ? proto.low : Number.POSITIVE_INFINITY
        return true
      case 2:
        this.#columns++
        return proto.text(end) && this.#within(this.#columns, 'columns')
      case 3:
        return this.#readTypes(end)
      default:
        return this.#readRow(end)
    }
  }

  /** One type, or several packed into one field: a reader of Protocol Buffers has to know both. */
  #readTypes(end: number): boolean {
    const proto = this.#proto
    if (proto.wire !== Wire.length) return proto.uint32(end) && this.#addType()
    if (!proto.delimited(end)) return false
    const to = proto.to
    proto.at = proto.from
    proto.wire = Wire.varint
    while (proto.at < to) if (!proto.uint32(to) || !this.#addType()) return false
    return true
  }

  #addType(): boolean {
    const type = this.#proto.low
    if (!isBasicType(type)) {
      const why = `a DataSet has a column of type ${dataTypeName(type)}`
      return this.#proto.fail('sparkplug_datatype', why, 'tck-id-payloads-dataset-types-value')
    }
    if (!this.#within(this.#typed + 1, 'types')) return false
    this.#types[this.#typed++] = type
    return true
  }

  #readRow(end: number): boolean {
    const proto = this.#proto
    if (this.#rows === 0 && !this.#even()) return false
    this.#rows++
    if (!this.#within(this.#rows, 'rows') || !proto.delimited(end)) return false
    const to = proto.to
    proto.at = proto.from
    let cells = 0
    while (proto.at < to) {
      if (!proto.tag(to)) return false
      if (proto.field !== 1) return proto.unknown('a DataSet.Row')
      if (!proto.delimited(to)) return false
      if (cells >= this.#typed) return this.#ragged(cells + 1)
      proto.at = proto.from
      if (!this.#readCell(proto.to, this.#types[cells++])) return false
    }
    return cells === this.#typed || this.#ragged(cells)
  }

  #readCell(end: number, type: number): boolean {
    const proto = this.#proto
    const clause = 'tck-id-payloads-template-dataset-value'
    if (proto.at === end) return proto.fail('sparkplug_value', 'a value of a DataSet is missing', clause)
    if (!proto.tag(end)) return false
    if (proto.field > 6) return proto.unknown('a DataSetValue')
    if (!readValue(proto, proto.field + ValueField.int - 1, end, this.#cell)) return false
    if (proto.at < end) return proto.fail('payload_duplicate_key', 'a value of a DataSet is there twice', SECTION)
    return settle(proto, this.#cell, type)
  }

  #even(): boolean {
    if (this.#columns === this.#typed && this.#announced === this.#columns) return true
    const counts = `${Math.max(0, this.#announced)}, it has ${this.#columns} and ${this.#typed} types`
    const why = `a DataSet announces so many columns: ${counts}`
    return this.#proto.fail('payload_length', why, 'tck-id-payloads-dataset-column-num-headers')
  }

  #ragged(cells: number): false {
    const why = `a row of a DataSet has ${cells} values for ${this.#typed} columns`
    return this.#proto.fail('payload_length', why, 'Sparkplug 6.4.12')
  }

  #within(count: number, what: string): boolean {
    const most = this.#proto.limits.members
    if (count <= most) return true
    return this.#proto.fail('payload_length', `a DataSet has more than ${most} ${what}`, '')
  }
}
