import type { Json, Shape } from '../shape.ts'
import { patternAt } from './assertions.ts'
import type { Compiler, KeywordReader } from './compiler.ts'
import { isObject, pointerTo } from './pointer.ts'

type One = 'items' | 'contains' | 'additionalProperties' | 'propertyNames' | 'not' | 'if' | 'then' | 'else'
type Several = 'prefixItems' | 'anyOf' | 'oneOf'
type Named = 'properties' | 'dependentSchemas'

function one(field: One): KeywordReader {
  return (value, draft, compiler, pointer) => {
    draft[field] = compiler.shape(value, pointer)
  }
}

function several(field: Several): KeywordReader {
  return (value, draft, compiler, pointer) => {
    const shapes = shapesOf(value, compiler, pointer)
    if (shapes !== null) draft[field] = shapes
  }
}

function named(field: Named): KeywordReader {
  return (value, draft, compiler, pointer) => {
    if (!isObject(value)) return wrongObject(compiler, pointer)
    const shapes = new Map<string, Shape>()
    for (const [name, schema] of Object.entries(value)) {
      shapes.set(name, compiler.shape(schema, pointerTo(pointer, name)))
    }
    draft[field] = shapes
  }
}

function shapesOf(value: Json, compiler: Compiler, pointer: string): Shape[] | null {
  if (Array.isArray(value) && value.length > 0) {
    return (value as readonly Json[]).map((schema, i) => compiler.shape(schema, pointerTo(pointer, i)))
  }
  const why = 'the keyword does not take this value'
  compiler.problem('schema_value', pointer, why, 'write an array of at least one schema')
  return null
}

function wrongObject(compiler: Compiler, pointer: string): void {
  const why = 'the keyword does not take this value'
  compiler.problem('schema_value', pointer, why, 'write an object whose members are schemas')
}

/** The keywords of JSON Schema 2020-12 (Core, section 10) that hold schemas, but for `$ref`. */
export const APPLICATORS: Readonly<Record<string, KeywordReader>> = {
  items: one('items'),
  contains: one('contains'),
  additionalProperties: one('additionalProperties'),
  propertyNames: one('propertyNames'),
  not: one('not'),
  if: one('if'),
  // biome-ignore lint/suspicious/noThenProperty: the keyword's name; nothing awaits the table
  then: one('then'),
  else: one('else'),
  prefixItems: several('prefixItems'),
  anyOf: several('anyOf'),
  oneOf: several('oneOf'),
  allOf(value, draft, compiler, pointer) {
    const shapes = shapesOf(value, compiler, pointer)
    // A `$ref` beside it is one of them too.
    if (shapes !== null) draft.allOf = [...(draft.allOf ?? []), ...shapes]
  },
  properties: named('properties'),
  dependentSchemas: named('dependentSchemas'),
  patternProperties(value, draft, compiler, pointer) {
    if (!isObject(value)) return wrongObject(compiler, pointer)
    draft.patternProperties = Object.entries(value).flatMap(([source, schema]) => {
      const at = pointerTo(pointer, source)
      const pattern = patternAt(source, compiler, at)
      const shape = compiler.shape(schema, at)
      return pattern === null ? [] : [[pattern, shape] as const]
    })
  },
}
