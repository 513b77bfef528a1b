import { isMultiple, type Json, type Shape, Types } from '../src/index.ts'

/** What a shape means, by walking over a decoded value: the oracle of the validators' tests. */
export function accepts(shape: Shape, value: Json): boolean {
  if ((shape.types & typeOf(value)) === 0) return false
  if (shape.enum !== undefined && !shape.enum.some(one => same(one, value))) return false
  if (typeof value === 'number' && !acceptsNumber(shape, value)) return false
  if (typeof value === 'string' && !acceptsText(shape, value)) return false
  if (Array.isArray(value) && !acceptsArray(shape, value)) return false
  if (isObject(value) && !acceptsObject(shape, value)) return false
  const holds = (one: Shape) => accepts(one, value)
  if (!(shape.allOf ?? []).every(holds)) return false
  if (shape.anyOf !== undefined && !shape.anyOf.some(holds)) return false
  if (shape.oneOf !== undefined && shape.oneOf.filter(holds).length !== 1) return false
  if (shape.not !== undefined && holds(shape.not)) return false
  if (shape.if === undefined) return true
  const branch = holds(shape.if) ? shape.then : shape.else
  return branch === undefined || holds(branch)
}

function acceptsNumber(shape: Shape, value: number): boolean {
  return (
    value >= (shape.minimum ?? value) &&
    value <= (shape.maximum ?? value) &&
    (shape.exclusiveMinimum === undefined || value > shape.exclusiveMinimum) &&
    (shape.exclusiveMaximum === undefined || value < shape.exclusiveMaximum) &&
    (shape.multipleOf === undefined || isMultiple(value, shape.multipleOf))
  )
}

function acceptsText(shape: Shape, value: string): boolean {
  const length = [...value].length
  return isWithin(length, shape.minLength, shape.maxLength) && matches(shape.pattern, value)
}

function acceptsArray(shape: Shape, value: readonly Json[]): boolean {
  const prefix = shape.prefixItems ?? []
  const { items, contains } = shape
  const found = contains === undefined ? 0 : value.filter(one => accepts(contains, one)).length
  return (
    isWithin(value.length, shape.minItems, shape.maxItems) &&
    prefix.every((one, i) => i >= value.length || accepts(one, value[i])) &&
    (items === undefined || value.slice(prefix.length).every(one => accepts(items, one))) &&
    (contains === undefined || isWithin(found, shape.minContains ?? 1, shape.maxContains)) &&
    (shape.uniqueItems !== true || value.every((one, i) => value.slice(0, i).every(other => !same(one, other))))
  )
}

function acceptsObject(shape: Shape, value: { readonly [key: string]: Json }): boolean {
  const keys = Object.keys(value)
  const has = (key: string) => Object.hasOwn(value, key)
  return (
    isWithin(keys.length, shape.minProperties, shape.maxProperties) &&
    (shape.required ?? []).every(has) &&
    keys.every(key => acceptsMember(shape, key, value[key])) &&
    [...(shape.dependentRequired ?? [])].every(([key, needed]) => !has(key) || needed.every(has)) &&
    [...(shape.dependentSchemas ?? [])].every(([key, one]) => !has(key) || accepts(one, value))
  )
}

function acceptsMember(shape: Shape, key: string, value: Json): boolean {
  const named = shape.properties?.get(key)
  const patterned = (shape.patternProperties ?? []).filter(([pattern]) => matches(pattern, key)).map(([, one]) => one)
  const known = [...(named === undefined ? [] : [named]), ...patterned]
  const others = known.length === 0 && shape.additionalProperties !== undefined ? [shape.additionalProperties] : known
  if (shape.propertyNames !== undefined && !accepts(shape.propertyNames, key)) return false
  return others.every(one => accepts(one, value))
}

function isWithin(count: number, least = 0, most = Number.POSITIVE_INFINITY): boolean {
  return count >= least && count <= most
}

function matches(pattern: Shape['pattern'], text: string): boolean {
  const bytes = new TextEncoder().encode(text)
  return pattern === undefined || pattern.test(bytes, 0, bytes.length)
}

function isObject(value: Json): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function typeOf(value: Json): number {
  if (value === null) return Types.null
  if (typeof value === 'number') return Number.isInteger(value) ? Types.integer : Types.fraction
  if (typeof value === 'object') return Array.isArray(value) ? Types.array : Types.object
  return typeof value === 'string' ? Types.string : Types.boolean
}

function same(one: Json, other: Json): boolean {
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return one === other
  if (Array.isArray(one) !== Array.isArray(other)) return false
  const a = new Map<string, Json>(Object.entries(one))
  const b = new Map<string, Json>(Object.entries(other))
  return a.size === b.size && [...a].every(([key, value]) => b.has(key) && same(value, b.get(key) ?? null))
}
