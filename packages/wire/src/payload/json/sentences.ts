import type { PayloadLimits } from '../validator.ts'
import type { Plan } from './plan.ts'

type Sentence = (plan: Plan, found: number, limits: PayloadLimits) => string

// By `Kind`.
const SENTENCES: readonly (readonly [code: string, sentence: Sentence])[] = [
  ['payload_syntax', () => 'a value is expected here'],
  ['payload_syntax', () => 'a property name in quotes is expected here'],
  ['payload_syntax', () => 'a colon is expected here'],
  ['payload_syntax', () => 'a comma or the closing bracket is expected here'],
  ['payload_syntax', () => 'the number is not spelled as JSON spells numbers'],
  ['payload_syntax', () => 'the escape in the string is none of JSON'],
  ['payload_syntax', (_, found) => `the control character ${hexadecimal(found)} stands unescaped in a string`],
  ['payload_syntax', () => 'something follows behind the value'],
  ['payload_syntax', () => 'the payload ends within a string'],
  ['payload_utf8', (_, found) => `the string is not well-formed UTF-8 at the byte ${hexadecimal(found)}`],
  ['payload_utf8', () => 'the string escapes half of a surrogate pair'],
  ['payload_number', () => 'the number is too large for a double'],
  ['payload_number', (_, found) => `the integer is ${found}, a double holds integers up to 9007199254740991 exactly`],
  ['payload_duplicate_key', () => 'the property name stands twice in its object'],
  ['payload_depth', (_, _found, limits) => `arrays and objects are nested deeper than ${limits.depth}`],
  ['payload_length', (_, found, limits) => `the string takes ${found} bytes, ${limits.stringBytes} are allowed`],
  ['payload_length', (_, found, limits) => `the number takes ${found} bytes, ${limits.stringBytes} are allowed`],
  ['payload_length', (_, _found, limits) => `the object has more than ${limits.members} members`],
  ['payload_length', (_, _found, limits) => `the array has more than ${limits.members} items`],
  ['payload_work', (_, _found, limits) => `reading its values again takes more than ${limits.work} steps`],
  ['value_type', (plan, found) => `the value is ${typeNames(found)}, allowed is ${typeNames(plan.types)}`],
  ['value_range', (plan, found) => `${found} is below the minimum of ${plan.minimum}`],
  ['value_range', (plan, found) => `${found} is above the maximum of ${plan.maximum}`],
  ['value_range', (plan, found) => `${found} is not above ${plan.exclusiveMinimum}`],
  ['value_range', (plan, found) => `${found} is not below ${plan.exclusiveMaximum}`],
  ['value_range', (plan, found) => `${found} is no multiple of ${plan.multipleOf}`],
  ['value_length', (plan, found) => `the string has ${found} characters, at least ${plan.minLength} are wanted`],
  ['value_length', (plan, found) => `the string has ${found} characters, at most ${plan.maxLength} are allowed`],
  ['value_pattern', plan => `the string does not match ${plan.pattern?.source}`],
  ['value_pattern', () => 'the string does not spell a decimal number'],
  ['value_pattern', () => 'the string is not the eight hexadecimal digits of a finite single'],
  ['value_enum', plan => `the string is not the ${plan.placeholder} of the speaker`],
  ['value_enum', plan => `the value is none of the ${plan.choices?.count} that are allowed`],
  ['value_missing', (plan, found) => `the property ${JSON.stringify(plan.members.named[found].name)} is missing`],
  ['value_missing', (plan, found) => `${JSON.stringify(plan.members.named[found].name)} is missing beside another`],
  ['value_unknown', () => 'the property is not one of the shape'],
  ['value_items', (plan, found) => `the object has ${found} members, at least ${plan.members.least} are wanted`],
  ['value_items', (plan, found) => `the object has ${found} members, at most ${plan.members.most} are allowed`],
  ['value_items', (plan, found) => `the array has ${found} items, at least ${plan.elements.least} are wanted`],
  ['value_items', (plan, found) => `the array has ${found} items, at most ${plan.elements.most} are allowed`],
  ['value_items', (_, found) => `the array has an item behind the first ${found}, which are all that are allowed`],
  ['value_items', (_, found) => `item ${found} of the array is the same as one before it`],
  ['value_items', (plan, found) => `${found} items fit \`contains\`, at least ${plan.elements.leastContained} must`],
  ['value_items', (plan, found) => `${found} items fit \`contains\`, at most ${plan.elements.mostContained} may`],
  ['value_condition', plan => `the value fits none of ${plan.steps?.any.length} alternatives`],
  ['value_condition', (plan, found) => `the value fits ${found} of ${plan.steps?.one.length} alternatives, not one`],
  ['value_condition', () => 'the value is what the shape excludes'],
]

export function codeOf(kind: number): string {
  return SENTENCES[kind][0]
}

export function sentenceOf(kind: number, plan: Plan, found: number, limits: PayloadLimits): string {
  return SENTENCES[kind][1](plan, found, limits)
}

const TYPE_NAMES = ['null', 'a boolean', 'an integer', 'a fraction', 'a string', 'an array', 'an object']

function typeNames(types: number): string {
  const names = TYPE_NAMES.filter((_, bit) => (types & (1 << bit)) !== 0)
  return names.length === 0 ? 'no value' : names.join(' or ')
}

function hexadecimal(byte: number): string {
  return `0x${byte.toString(16).padStart(2, '0')}`
}
