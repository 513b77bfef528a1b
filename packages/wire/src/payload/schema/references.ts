import type { Json } from '../shape.ts'
import type { Compiler } from './compiler.ts'
import { isObject, pointerTo, valueAt } from './pointer.ts'

/** Keywords whose value is a schema, an array of them, or an object of them. */
const ONE = ['items', 'contains', 'additionalProperties', 'propertyNames', 'not', 'if', 'then', 'else']
const MANY = ['prefixItems', 'allOf', 'anyOf', 'oneOf', 'properties', 'patternProperties', 'dependentSchemas', '$defs']

/** Where the anchors of a schema are: pointers by `$anchor` (Core, section 8.2.2). */
export function findAnchors(root: Json, compiler: Compiler): Map<string, string> {
  const anchors = new Map<string, string>()
  const open: [Json, string][] = [[root, '']]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [schema, pointer] = next
    if (!isObject(schema)) continue
    const anchor = schema['$anchor']
    if (typeof anchor === 'string') {
      if (anchors.has(anchor)) {
        const why = `the anchor ${anchor} is also at #${anchors.get(anchor)}`
        compiler.problem('schema_reference', pointerTo(pointer, '$anchor'), why, 'give each its own name')
      }
      anchors.set(anchor, pointer)
    }
    for (const keyword of ONE) {
      if (Object.hasOwn(schema, keyword)) open.push([schema[keyword], pointerTo(pointer, keyword)])
    }
    for (const keyword of MANY) {
      if (!Object.hasOwn(schema, keyword)) continue
      const at = pointerTo(pointer, keyword)
      const held = schema[keyword]
      if (typeof held !== 'object' || held === null) continue
      for (const [name, inner] of Object.entries(held)) open.push([inner, pointerTo(at, name)])
    }
  }
  return anchors
}

/** The schema that a `$ref` means with the pointer to it, or null having told the problem. */
export function resolve(
  reference: Json,
  root: Json,
  anchors: ReadonlyMap<string, string>,
  compiler: Compiler,
  pointer: string,
): { schema: Json; pointer: string } | null {
  if (typeof reference !== 'string' || !reference.startsWith('#')) {
    const why = `${JSON.stringify(reference)} is not within this schema`
    compiler.problem('schema_reference', pointer, why, 'copy it into $defs and refer to #/$defs/NAME')
    return null
  }
  const fragment = decoded(reference.slice(1))
  const target = fragment === '' || fragment?.startsWith('/') ? fragment : anchors.get(fragment ?? '')
  const schema = target === undefined ? undefined : valueAt(root, target)
  if (target === undefined || (!isObject(schema) && typeof schema !== 'boolean')) {
    const why = `${reference} leads to no schema`
    compiler.problem('schema_reference', pointer, why, 'refer to #, #/$defs/NAME or an $anchor')
    return null
  }
  return { schema, pointer: target }
}

function decoded(fragment: string): string | undefined {
  try {
    return decodeURIComponent(fragment)
  } catch {
    return undefined
  }
}
