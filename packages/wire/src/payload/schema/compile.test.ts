import { describe, expect, test } from 'vitest'
import { type Json, Types } from '../shape.ts'
import { compileSchema, isShape } from './compile.ts'

function problems(schema: Json) {
  const compiled = compileSchema(schema)
  return isShape(compiled) ? [] : compiled.map(({ code, pointer }) => `${code} ${pointer}`)
}

describe('what is not supported is a problem', () => {
  test.each<[Json, string]>([
    [{ properties: { a: { format: 'date' } } }, 'schema_keyword /properties/a/format'],
    [{ unevaluatedProperties: false }, 'schema_keyword /unevaluatedProperties'],
    [{ $dynamicRef: '#a' }, 'schema_keyword /$dynamicRef'],
    [{ 'a/b~c': 1 }, 'schema_keyword /a~1b~0c'],
    [{ toString: 1 }, 'schema_keyword /toString'],
    [{ $ref: 'https://example.org/other' }, 'schema_reference /$ref'],
    [{ $ref: '#/$defs/none' }, 'schema_reference /$ref'],
    [{ $ref: '#none' }, 'schema_reference /$ref'],
    [{ $ref: '#%' }, 'schema_reference /$ref'],
    [{ items: { $id: 'urn:part' } }, 'schema_reference /items/$id'],
    [{ items: { $anchor: 'a' }, not: { $anchor: 'a' } }, 'schema_reference /items/$anchor'],
    [{ $ref: '#' }, 'schema_loop '],
    [{ items: { anyOf: [true, { $ref: '#/items' }] } }, 'schema_loop /items'],
    [{ $schema: 'http://json-schema.org/draft-07/schema#' }, 'schema_dialect /$schema'],
    [{ else: true }, 'schema_alone /else'],
    [{ maxContains: 1 }, 'schema_alone /maxContains'],
    [{ type: 'float' }, 'schema_value /type'],
    [{ type: [] }, 'schema_value /type'],
    [{ minimum: '1' }, 'schema_value /minimum'],
    [{ minLength: 1.5 }, 'schema_value /minLength'],
    [{ multipleOf: 0 }, 'schema_value /multipleOf'],
    [{ required: ['a', 'a'] }, 'schema_value /required'],
    [{ enum: [] }, 'schema_value /enum'],
    [{ items: [true] }, 'schema_value /items'],
    [{ anyOf: [] }, 'schema_value /anyOf'],
    [{ pattern: '(?=a)' }, 'pattern_unsupported /pattern'],
    [{ patternProperties: { '[': true } }, 'pattern_syntax /patternProperties/['],
    [3, 'schema_value '],
  ])('%j: %s', (schema, problem) => {
    expect(problems(schema)).toContain(problem)
  })

  test('a schema nested too deeply', () => {
    let schema: Json = {}
    for (let i = 0; i < 70; i++) schema = { items: schema }
    expect(problems(schema)).toEqual([`schema_depth ${'/items'.repeat(64)}`])
  })

  test.each([60, 70, 40_000])('a chain of %i references for the same value', length => {
    const $defs: Record<string, Json> = { d0: true }
    // Each is made after what it refers to, so that making them is never deep.
    for (let i = 1; i < length; i++) $defs[`d${i}`] = { $ref: `#/$defs/d${i - 1}` }
    const found = problems({ $defs, $ref: `#/$defs/d${length - 1}` })
    expect(found.map(problem => problem.split(' ')[0])).toEqual(length < 64 ? [] : ['schema_depth'])
  })

  test.each(['allOf', 'not', 'items', 'properties'])('3,000 nested %s', keyword => {
    let schema: Json = true
    for (let i = 0; i < 3_000; i++)
      schema = { [keyword]: keyword === 'allOf' ? [schema] : keyword === 'properties' ? { a: schema } : schema }
    expect(problems(schema).map(problem => problem.split(' ')[0])).toEqual(['schema_depth'])
  })
})

test('annotations are accepted, and the keywords of the caller', () => {
  const schema = { $id: 'urn:a', title: 't', default: 1, $comment: 'c', readOnly: true, unit: 'm', 'rw:name': 'level' }
  expect(isShape(compileSchema(schema, { extra: new Set(['unit', 'rw:*']) }))).toBe(true)
  expect(problems(schema)).toEqual(['schema_keyword /unit', 'schema_keyword /rw:name'])
})

test('the caller adds captures and placeholders', () => {
  const schema = { properties: { a: { type: 'number', 'rw:name': 'a' }, site: { const: '${site}' } } }
  const shape = compileSchema(schema, {
    extra: new Set(['rw:name']),
    annotate(node, pointer) {
      if (pointer === '/properties/a') return { capture: 3, captureForm: 'value' }
      return node['const'] === '${site}' ? { placeholder: 'site' } : null
    },
  })
  if (!isShape(shape)) throw new Error('problems')
  expect(shape.properties?.get('a')).toEqual({
    types: Types.integer | Types.fraction,
    capture: 3,
    captureForm: 'value',
  })
  expect(shape.properties?.get('site')).toEqual({ types: Types.any, placeholder: 'site' })
})
