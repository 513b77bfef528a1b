import { isPattern, parsePattern } from '../pattern/parse.ts'
import type { Pattern } from '../pattern.ts'
import { type Json, Types } from '../shape.ts'
import type { Compiler, KeywordReader } from './compiler.ts'
import { isObject } from './pointer.ts'

const TYPES: ReadonlyMap<Json, number> = new Map<Json, number>([
  ['null', Types.null],
  ['boolean', Types.boolean],
  ['integer', Types.integer],
  ['number', Types.integer | Types.fraction],
  ['string', Types.string],
  ['array', Types.array],
  ['object', Types.object],
])

type Numeric = 'minimum' | 'maximum' | 'exclusiveMinimum' | 'exclusiveMaximum'
type Count =
  | 'minLength'
  | 'maxLength'
  | 'minItems'
  | 'maxItems'
  | 'minContains'
  | 'maxContains'
  | 'minProperties'
  | 'maxProperties'

function wrong(compiler: Compiler, pointer: string, wanted: string): void {
  compiler.problem('schema_value', pointer, `the keyword does not take this value`, `write ${wanted}`)
}

function numeric(field: Numeric): KeywordReader {
  return (value, draft, compiler, pointer) => {
    if (typeof value === 'number' && Number.isFinite(value)) draft[field] = value
    else wrong(compiler, pointer, 'a number')
  }
}

function count(field: Count): KeywordReader {
  return (value, draft, compiler, pointer) => {
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) draft[field] = value
    else wrong(compiler, pointer, 'a whole number from 0')
  }
}

/** The pattern that a text spells, or null having told the problem. */
export function patternAt(source: string, compiler: Compiler, pointer: string): Pattern | null {
  const parsed = parsePattern(source)
  if (isPattern(parsed)) return parsed
  const why = `${parsed.why} (character ${parsed.at + 1} of the pattern)`
  compiler.problem(parsed.code, pointer, why, 'write it with classes, groups, alternatives, counts and anchors')
  return null
}

/** Whether a value is a list of texts of which no two are the same. */
export function isNames(value: Json): value is readonly string[] {
  return Array.isArray(value) && value.every(one => typeof one === 'string') && new Set(value).size === value.length
}

/** The keywords of JSON Schema 2020-12 (Validation, section 6) that hold no schemas. */
export const ASSERTIONS: Readonly<Record<string, KeywordReader>> = {
  type(value, draft, compiler, pointer) {
    const names = Array.isArray(value) ? (value as readonly Json[]) : [value]
    if (names.length === 0 || names.some(name => !TYPES.has(name)) || new Set(names).size !== names.length) {
      return wrong(compiler, pointer, `one or several of ${[...TYPES.keys()].join(', ')}`)
    }
    draft.types = names.reduce((types: number, name) => types | (TYPES.get(name) ?? 0), 0)
  },
  enum(value, draft, compiler, pointer) {
    if (!Array.isArray(value) || value.length === 0) return wrong(compiler, pointer, 'an array of at least one value')
    draft.enum = value as readonly Json[]
  },
  multipleOf(value, draft, compiler, pointer) {
    if (typeof value === 'number' && value > 0 && Number.isFinite(value)) draft.multipleOf = value
    else wrong(compiler, pointer, 'a number above 0')
  },
  minimum: numeric('minimum'),
  maximum: numeric('maximum'),
  exclusiveMinimum: numeric('exclusiveMinimum'),
  exclusiveMaximum: numeric('exclusiveMaximum'),
  minLength: count('minLength'),
  maxLength: count('maxLength'),
  minItems: count('minItems'),
  maxItems: count('maxItems'),
  minContains: count('minContains'),
  maxContains: count('maxContains'),
  minProperties: count('minProperties'),
  maxProperties: count('maxProperties'),
  pattern(value, draft, compiler, pointer) {
    if (typeof value !== 'string') return wrong(compiler, pointer, 'a regular expression')
    const pattern = patternAt(value, compiler, pointer)
    if (pattern !== null) draft.pattern = pattern
  },
  uniqueItems(value, draft, compiler, pointer) {
    if (typeof value === 'boolean') draft.uniqueItems = value
    else wrong(compiler, pointer, 'true or false')
  },
  required(value, draft, compiler, pointer) {
    if (isNames(value)) draft.required = value
    else wrong(compiler, pointer, 'an array of different names')
  },
  dependentRequired(value, draft, compiler, pointer) {
    if (!isObject(value)) return wrong(compiler, pointer, 'an object of arrays of names')
    const dependent = new Map<string, readonly string[]>()
    for (const [name, names] of Object.entries(value)) {
      if (!isNames(names)) return wrong(compiler, pointer, 'an object of arrays of different names')
      dependent.set(name, names)
    }
    draft.dependentRequired = dependent
  },
}
