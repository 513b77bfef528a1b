import { dataTypeName, isBasicType, ValueField } from './datatype.ts'
import type { Proto } from './proto.ts'
import { readValue, settle, Value } from './value.ts'

const scratch = new Value()

/** The fields of a Template that are there once. Reused. */
export class TemplateHead {
  #seen = 0
  reference = false
  /** -1 where it is missing, else 0 or 1. */
  definition = -1

  clear(): void {
    this.#seen = 0
    this.reference = false
    this.definition = -1
  }

  read(proto: Proto, end: number): boolean {
    if (proto.field > 5) return proto.unknown('a Template')
    this.#seen = proto.once(this.#seen, 'a Template')
    if (this.#seen < 0) return false
    if (proto.field === 5) {
      if (!proto.bool(end)) return false
      this.definition = proto.low
      return true
    }
    if (!proto.text(end)) return false
    if (proto.field === 4) this.reference = proto.to > proto.from
    return true
  }
}

/** What must hold between the fields of a Template (section 6.4.14). */
export function readTemplateEnd(proto: Proto, head: TemplateHead, definitions: boolean): boolean {
  const { definition, reference } = head
  if (definition < 0) {
    return bad(proto, 'does not say whether it is a definition', 'tck-id-payloads-template-is-definition')
  }
  if (definition === 0) {
    return reference || bad(proto, 'is an instance without template_ref', 'tck-id-payloads-template-ref-instance')
  }
  if (reference) return bad(proto, 'is a definition with template_ref', 'tck-id-payloads-template-definition-ref')
  const clause = 'tck-id-payloads-template-definition-nbirth-only'
  return definitions || bad(proto, 'is a definition outside of an NBIRTH', clause)
}

/** Reads the Template.Parameter that ends at `end`. */
export function readParameter(proto: Proto, end: number, typed: boolean): boolean {
  let seen = 0
  let named = false
  let type = -1
  let field: number = ValueField.none
  while (proto.at < end) {
    if (!proto.tag(end)) return false
    if (proto.field > 8) return proto.unknown('a Parameter')
    seen = proto.once(seen, 'a Parameter')
    if (seen < 0) return false
    if (proto.field === 1) {
      if (!proto.text(end)) return false
      named = proto.to > proto.from
    } else if (proto.field === 2) {
      if (!proto.uint32(end)) return false
      type = proto.low
    } else {
      if (field !== ValueField.none) return proto.fail('payload_duplicate_key', 'a parameter has two values', '')
      field = proto.field + 7
      if (!readValue(proto, field, end, scratch)) return false
    }
  }
  if (!named) return bad(proto, 'has a parameter without a name', 'tck-id-payloads-template-parameter-name-required')
  if (type < 0) {
    return !typed || bad(proto, 'has a parameter without a type', 'tck-id-payloads-template-parameter-type-req')
  }
  if (!isBasicType(type)) {
    const why = `has a parameter of type ${dataTypeName(type)}`
    return bad(proto, why, 'tck-id-payloads-template-parameter-type-value')
  }
  return field === ValueField.none || settle(proto, scratch, type)
}

function bad(proto: Proto, why: string, clause: string): false {
  return proto.fail('sparkplug_template', `the template of ${proto.metric} ${why}`, clause)
}
