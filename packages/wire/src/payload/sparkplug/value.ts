import { Types } from '../shape.ts'
import { arrayProblem } from './array.ts'
import { DataType, dataTypeName, fieldHolds, ValueField, valueFieldName } from './datatype.ts'
import { joined, type Proto } from './proto.ts'

/** A value as it stands in a `oneof value`, and, once its type is known, what it is. Reused. */
export class Value {
  /** One of `ValueField`. */
  field: number = ValueField.none
  low = 0
  high = 0
  real = 0
  /** Its bytes: a number's as encoded, a text's without its length. */
  from = 0
  to = 0
  /** A bit of `Types`: an array of bytes counts as `array`, a DataSet or Template as `object`. 0 before it is settled. */
  kind = 0
  /** The number, 0 or 1 for a boolean; NaN for anything else. */
  number = Number.NaN

  clear(): void {
    this.field = ValueField.none
    this.kind = 0
    this.number = Number.NaN
  }

  becomeNull(at: number): void {
    this.clear()
    this.kind = Types.null
    this.from = at
    this.to = at
  }
}

/** Reads a scalar, text or bytes field as the field `field` of `ValueField`. */
export function readValue(proto: Proto, field: number, end: number, into: Value): boolean {
  const start = proto.at
  if (!readField(proto, field, end)) return false
  into.clear()
  into.field = field
  into.low = proto.low
  into.high = proto.high
  into.real = proto.real
  const numeric = field <= ValueField.boolean
  into.from = numeric ? start : proto.from
  into.to = numeric ? proto.at : proto.to
  return true
}

function readField(proto: Proto, field: number, end: number): boolean {
  switch (field) {
    case ValueField.int:
      return proto.uint32(end)
    case ValueField.long:
      return proto.uint64(end)
    case ValueField.float:
      return proto.float(end)
    case ValueField.double:
      return proto.double(end)
    case ValueField.boolean:
      return proto.bool(end)
    case ValueField.string:
      return proto.text(end)
    default:
      return proto.delimited(end)
  }
}

const LOWEST: Readonly<Record<number, number>> = { [DataType.Int8]: -0x80, [DataType.Int16]: -0x8000 }
const HIGHEST: Readonly<Record<number, number>> = {
  [DataType.Int8]: 0x7f,
  [DataType.Int16]: 0x7fff,
  [DataType.UInt8]: 0xff,
  [DataType.UInt16]: 0xffff,
  [DataType.UInt32]: 0xffff_ffff,
}

/** Works out what a value of this type is; false where the type does not fit it. */
export function settle(proto: Proto, value: Value, type: number): boolean {
  const field = value.field
  if (!fieldHolds(field, type)) {
    const why = `${proto.metric} is of type ${dataTypeName(type)} and its value stands in ${valueFieldName(field)}`
    return proto.fail('sparkplug_datatype', why, 'Sparkplug 6.4.17', value.from)
  }
  switch (field) {
    case ValueField.int:
    case ValueField.long:
      return settleInteger(proto, value, type)
    case ValueField.float:
    case ValueField.double:
      value.number = value.real
      value.kind = Number.isInteger(value.real) ? Types.integer : Types.fraction
      return true
    case ValueField.boolean:
      value.number = value.low
      value.kind = Types.boolean
      return true
    case ValueField.string:
      value.kind = Types.string
      return true
    case ValueField.bytes:
      return settleBytes(proto, value, type)
    default:
      value.kind = Types.object
      return true
  }
}

function settleInteger(proto: Proto, value: Value, type: number): boolean {
  const signed = type <= DataType.Int64
  const number = !signed
    ? joined(value.low, value.high)
    : value.field === ValueField.int
      ? value.low | 0
      : signed64(value.low, value.high)
  if (Number.isNaN(number)) {
    const why = `${proto.metric} has a whole number that a double cannot hold`
    return proto.fail('payload_number', why, '', value.from)
  }
  if (number < (LOWEST[type] ?? number) || number > (HIGHEST[type] ?? number)) {
    const why = `${proto.metric} has the value ${number}, which is no ${dataTypeName(type)}`
    return proto.fail('sparkplug_datatype', why, 'Sparkplug 6.4.17', value.from)
  }
  value.number = number
  value.kind = Types.integer
  return true
}

function signed64(low: number, high: number): number {
  if (high < 0x8000_0000) return joined(low, high)
  const negated = (~low + 1) >>> 0
  return -joined(negated, (~high + (negated === 0 ? 1 : 0)) >>> 0)
}

function settleBytes(proto: Proto, value: Value, type: number): boolean {
  const problem = arrayProblem(proto.bytes, value.from, value.to, type)
  if (problem !== '') {
    return proto.fail('sparkplug_datatype', `${proto.metric} is a ${dataTypeName(type)} ${problem}`, 'Sparkplug 6.4.17')
  }
  value.kind = Types.array
  return true
}
