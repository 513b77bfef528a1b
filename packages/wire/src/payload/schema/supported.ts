import type { SchemaProblem } from './problem.ts'

/** Keywords that say something to people and assert nothing. */
export const SUPPORTED: ReadonlySet<string> = new Set([
  '$anchor',
  '$comment',
  'title',
  'description',
  'default',
  'examples',
  'deprecated',
  'readOnly',
  'writeOnly',
  'contentMediaType',
  'contentEncoding',
])

const HINTS: Readonly<Record<string, string>> = {
  format: 'write a pattern: whether format asserts anything differs by implementation',
  unevaluatedProperties: 'write additionalProperties beside properties',
  unevaluatedItems: 'write items beside prefixItems',
  $dynamicRef: 'write $ref',
  $dynamicAnchor: 'write $anchor',
  $recursiveRef: 'write $ref',
  $vocabulary: 'remove it: the dialect is 2020-12',
  definitions: 'write $defs',
  dependencies: 'write dependentRequired or dependentSchemas',
  additionalItems: 'write prefixItems and items',
  contentSchema: 'remove it: what a string encodes is not looked into',
}

/** The problem that a keyword is, with what to write instead. */
export function unsupported(keyword: string, pointer: string): SchemaProblem {
  const known = Object.hasOwn(HINTS, keyword)
  return {
    code: 'schema_keyword',
    pointer,
    why: known ? `${keyword} is not supported` : `${JSON.stringify(keyword)} is no keyword of JSON Schema 2020-12`,
    hint: known ? HINTS[keyword] : 'remove it, or spell it right',
  }
}
