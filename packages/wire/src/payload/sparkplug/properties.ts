import { isPropertyType, ValueField } from './datatype.ts'
import type { Proto } from './proto.ts'
import { readValue, settle, Value } from './value.ts'

const SECTION = 'Sparkplug 6.4.8'
const QUALITY = Uint8Array.from('Quality', letter => letter.charCodeAt(0))
const MAX_FIELD = 31
const scratch = new Value()

/** Reads the PropertySet that ends at `end`, its keys before its values. `typed`: each value must have its type (births). */
export function readPropertySet(proto: Proto, end: number, depth: number, typed: boolean): boolean {
  if (depth > proto.limits.depth) return tooDeep(proto)
  let keys = 0
  let values = 0
  let quality = -1
  while (proto.at < end) {
    if (!proto.tag(end)) return false
    if (proto.field === 1) {
      if (values > 0) return proto.fail('payload_syntax', 'a property set has a key behind its values', SECTION)
      if (!proto.text(end)) return false
      if (isQuality(proto)) {
        if (quality >= 0) return proto.fail('payload_duplicate_key', 'a property set has Quality twice', SECTION)
        quality = keys
      }
      if (++keys > proto.limits.members) return tooMany(proto, 'properties')
    } else if (proto.field === 2) {
      if (!proto.delimited(end)) return false
      if (values >= keys) return uneven(proto, keys, values + 1)
      proto.at = proto.from
      if (!readPropertyValue(proto, proto.to, depth + 1, typed, values === quality)) return false
      values++
    } else return proto.unknown('a PropertySet')
  }
  return keys === values || uneven(proto, keys, values)
}

function readPropertyValue(proto: Proto, end: number, depth: number, typed: boolean, quality: boolean): boolean {
  let seen = 0
  let type = -1
  let isNull = false
  let field: number = ValueField.none
  while (proto.at < end) {
    if (!proto.tag(end)) return false
    if (proto.field > MAX_FIELD) return proto.unknown('a PropertyValue')
    seen = proto.once(seen, 'a PropertyValue')
    if (seen < 0) return false
    if (proto.field === 1) {
      if (!proto.uint32(end)) return false
      type = proto.low
    } else if (proto.field === 2) {
      if (!proto.bool(end)) return false
      isNull = proto.low === 1
    } else {
      if (field !== ValueField.none) return proto.fail('payload_duplicate_key', 'a property has two values', SECTION)
      field = fieldOf(proto.field)
      if (field === ValueField.none) return proto.unknown('a PropertyValue')
      if (!readPropertyField(proto, field, end, depth, typed)) return false
    }
  }
  if (type < 0 && typed)
    return proto.fail('sparkplug_datatype', 'a property has no type', 'tck-id-payloads-metric-propertyvalue-type-req')
  if (type >= 0 && !isPropertyType(type)) {
    return proto.fail(
      'sparkplug_datatype',
      `a property has the type ${type}`,
      'tck-id-payloads-metric-propertyvalue-type-value',
    )
  }
  if (isNull === (field !== ValueField.none)) {
    const why = isNull ? 'a property is null and has a value' : 'a property has no value and is not null'
    return proto.fail('sparkplug_value', why, 'Sparkplug 6.4.9')
  }
  if (isNull) return true
  scratch.field = field
  if (type >= 0 && !settle(proto, scratch, type)) return false
  return !quality || goodQuality(proto, type, field)
}

/** PropertyValue and Template.Parameter number their scalar fields alike. */
function fieldOf(number: number): number {
  if (number <= 8) return number + 7
  return number === 9 ? ValueField.propertySet : number === 10 ? ValueField.propertySets : ValueField.none
}

function readPropertyField(proto: Proto, field: number, end: number, depth: number, typed: boolean): boolean {
  if (field < ValueField.propertySet) return readValue(proto, field, end, scratch)
  if (!proto.delimited(end)) return false
  const to = proto.to
  proto.at = proto.from
  if (field === ValueField.propertySet) return readPropertySet(proto, to, depth + 1, typed)
  let sets = 0
  while (proto.at < to) {
    if (!proto.tag(to)) return false
    if (proto.field !== 1) return proto.unknown('a PropertySetList')
    if (++sets > proto.limits.members) return tooMany(proto, 'property sets')
    if (!proto.delimited(to)) return false
    proto.at = proto.from
    if (!readPropertySet(proto, proto.to, depth + 2, typed)) return false
  }
  return true
}

function isQuality(proto: Proto): boolean {
  if (proto.to - proto.from !== QUALITY.length) return false
  for (let i = 0; i < QUALITY.length; i++) if (proto.bytes[proto.from + i] !== QUALITY[i]) return false
  return true
}

function goodQuality(proto: Proto, type: number, field: number): boolean {
  const clause = 'tck-id-payloads-propertyset-quality-value-value'
  if (type >= 0 && type !== 3) {
    return proto.fail(
      'sparkplug_datatype',
      'Quality is not of type Int32',
      'tck-id-payloads-propertyset-quality-value-type',
    )
  }
  if (field === ValueField.int && (scratch.low === 0 || scratch.low === 192 || scratch.low === 500)) return true
  return proto.fail('sparkplug_value', `${proto.metric} has a Quality other than 0, 192 and 500`, clause)
}

function uneven(proto: Proto, keys: number, values: number): false {
  const why = `a property set has ${keys} keys and ${values} values`
  return proto.fail('payload_length', why, 'tck-id-payloads-propertyset-keys-array-size')
}

function tooDeep(proto: Proto): false {
  return proto.fail('payload_depth', `the payload is nested deeper than ${proto.limits.depth}`, '')
}

function tooMany(proto: Proto, what: string): false {
  return proto.fail('payload_length', `there are more than ${proto.limits.members} ${what}`, '')
}
