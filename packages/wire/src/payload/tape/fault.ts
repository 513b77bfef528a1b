import { codePoints } from '../../bytes/points.ts'
import { textOf } from '../../mqtt/utf8.ts'
import { Types } from '../shape.ts'
import type { PayloadFault } from '../validator.ts'
import { has } from './judge.ts'
import type { Judging, Keyword } from './judging.ts'
import type { Node } from './node.ts'
import { pointerTo, textOfItem } from './pointer.ts'

const CODES: Readonly<Record<Keyword, string>> = {
  type: 'value_type',
  exact: 'payload_number',
  decimal: 'value_pattern',
  'float32-hex': 'value_pattern',
  minimum: 'value_range',
  maximum: 'value_range',
  exclusiveMinimum: 'value_range',
  exclusiveMaximum: 'value_range',
  multipleOf: 'value_range',
  minLength: 'value_length',
  maxLength: 'value_length',
  pattern: 'value_pattern',
  placeholder: 'value_enum',
  enum: 'value_enum',
  required: 'value_missing',
  dependentRequired: 'value_missing',
  additionalProperties: 'value_unknown',
  minProperties: 'value_items',
  maxProperties: 'value_items',
  minItems: 'value_items',
  maxItems: 'value_items',
  uniqueItems: 'value_items',
  contains: 'value_items',
  maxContains: 'value_items',
  anyOf: 'value_condition',
  oneOf: 'value_condition',
  not: 'value_condition',
  work: 'payload_work',
}

/** What the shape had against the tape. `from` is the payload's first item. */
export function shapeFault(judging: Judging, from: number): PayloadFault {
  const { tape, item, keyword } = judging
  return {
    code: CODES[keyword],
    where: pointerTo(tape, from, item),
    why: judging.node === null ? '' : sentence(judging, judging.node, item),
    offset: tape.apart[item] === 0 ? tape.starts[item] : 0,
  }
}

function sentence(judging: Judging, node: Node, item: number): string {
  const { tape, keyword } = judging
  const number = tape.numbers[item]
  const length = () => codePoints(tape.textOf(item), tape.starts[item], tape.ends[item])
  switch (keyword) {
    case 'type':
      return `the value is of type ${typeNames(tape.kinds[item])}, allowed is ${typeNames(node.types) || 'none'}`
    case 'exact':
      return `the integer is ${number}, a double holds integers up to 9007199254740991 exactly`
    case 'decimal':
      return 'the text does not spell a decimal number'
    case 'float32-hex':
      return 'the text is not the eight hexadecimal digits of a finite single'
    case 'minimum':
      return `${number} is below the minimum of ${node.minimum}`
    case 'maximum':
      return `${number} is above the maximum of ${node.maximum}`
    case 'exclusiveMinimum':
      return `${number} is not above ${node.exclusiveMinimum}`
    case 'exclusiveMaximum':
      return `${number} is not below ${node.exclusiveMaximum}`
    case 'multipleOf':
      return `${number} is not a multiple of ${node.multipleOf}`
    case 'minLength':
      return `the text has ${length()} characters, at least ${node.minLength} are needed`
    case 'maxLength':
      return `the text has ${length()} characters, at most ${node.maxLength} are allowed`
    case 'pattern':
      return `the text does not match the pattern ${node.pattern?.source ?? ''}`
    case 'placeholder':
      return `the text is not the ${node.placeholder} that speaks, ${placeholderText(judging, node)}`
    case 'enum':
      return `the value is none of the ${node.enum?.length ?? 0} that are allowed`
    case 'required':
      return `the object lacks the property ${missing(judging, node, item)}`
    case 'dependentRequired':
      return 'the object lacks a property that another of its properties needs'
    case 'additionalProperties':
      return `the property ${textOfItem(tape, item)} is not allowed`
    case 'minProperties':
      return `the object has ${number} properties, at least ${node.minProperties} are needed`
    case 'maxProperties':
      return `the object has ${number} properties, at most ${node.maxProperties} are allowed`
    case 'minItems':
      return `the array has ${number} items, at least ${node.minItems} are needed`
    case 'maxItems':
      return `the array has ${number} items, at most ${node.maxItems} are allowed`
    case 'uniqueItems':
      return `two of the array's ${number} items are the same`
    case 'contains':
      return `of the array's ${number} items too few are what at least ${node.minContains} must be`
    case 'maxContains':
      return `of the array's ${number} items more than ${node.maxContains} are what at most so many may be`
    case 'anyOf':
      return `none of ${node.anyOf.length} alternatives holds`
    case 'oneOf':
      return `not exactly one of ${node.oneOf.length} alternatives holds`
    case 'not':
      return 'a condition holds that must not'
    case 'work':
      return `reading its values again takes more than ${judging.limits.work} steps`
  }
}

function typeNames(types: number): string {
  if (types === Types.any) return 'any'
  const names = Object.entries(Types).filter(([name, bit]) => name !== 'any' && (types & bit) !== 0)
  return names.map(([name]) => name).join(', ')
}

function placeholderText(judging: Judging, node: Node): string {
  if (node.placeholder === null) return ''
  const text = judging.names[node.placeholder]
  return textOf(text, 0, text.length)
}

function missing(judging: Judging, node: Node, object: number): string {
  const names = node.names.names
  const index = names.findIndex((_, at) => node.required[at] === 1 && !has(judging.tape, node, at, object))
  return index < 0 ? '' : textOf(names[index], 0, names[index].length)
}
