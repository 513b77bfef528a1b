import type { Json } from '../../src/index.ts'
import type { Random } from '../random.ts'

type Node = Record<string, Json>

export const NAMES = ['a', 'b', 'c', 'ab', 'd e', 'é', '"', 'value']
const PATTERNS = ['^a', 'b$', '[a-c]+', '^.{2,3}$', '\\d', 'é|\\u{1F600}', '^(ab|c)*d?$', '^$', '[^a]']
const TYPES = ['null', 'boolean', 'integer', 'number', 'string', 'array', 'object']
const TEXTS = ['', 'a', 'b', 'ab', 'abc', 'é', '😀b', 'line\n', '12', '"']
const NUMBERS = [0, 1, -1, 2, 3, 0.5, 1.25, 0.1, 19.99, 100, -7.5, 1e21, 9007199254740991]

/** Any JSON value, small ones most often, so that two of them are often the same. */
export function randomValue(random: Random, depth = 2): Json {
  switch (random.below(depth > 0 ? 9 : 7)) {
    case 0:
      return null
    case 1:
      return random.below(2) === 0
    case 2:
    case 3:
      return random.pick(NUMBERS)
    case 4:
    case 5:
    case 6:
      return random.pick(TEXTS)
    case 7:
      return list(random, 3, () => randomValue(random, depth - 1))
    default:
      return object(list(random, 3, () => [random.pick(NAMES), randomValue(random, depth - 1)]))
  }
}

/** A schema of JSON Schema 2020-12 in the keywords that are supported. */
export function randomSchema(random: Random): Json {
  const schema = random.below(2) === 0 ? node(random, 3) : record(random)
  if (random.below(4) === 0 && typeof schema === 'object') {
    const anchored = node(random, 1)
    const named = typeof anchored === 'object' ? { ...(anchored as Node), $anchor: 'other' } : {}
    return { ...(schema as Node), $defs: { other: named, tree: { items: { $ref: '#/$defs/tree' }, maxItems: 2 } } }
  }
  return schema
}

/** What telemetry most often is: an object with known properties. */
function record(random: Random): Node {
  const schema: Node = { type: 'object', properties: object(NAMES.map(name => [name, node(random, 2)])) }
  if (random.below(2) === 0) schema['required'] = several(random, NAMES)
  for (let left = random.below(3); left > 0; left--) random.pick([objects, applied, arrays])(schema, random, 2)
  return schema
}

function node(random: Random, depth: number): Json {
  if (random.below(14) === 0) return random.below(3) > 0
  const schema: Node = {}
  if (random.below(2) === 0) schema['type'] = random.below(3) === 0 ? several(random, TYPES) : random.pick(TYPES)
  for (let left = 1 + random.below(3); left > 0; left--) {
    const groups =
      depth > 0 ? [numeric, textual, choice, arrays, objects, objects, applied] : [numeric, textual, choice]
    random.pick(groups)(schema, random, depth - 1)
  }
  return schema
}

function numeric(schema: Node, random: Random): void {
  const keyword = random.pick(['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'])
  schema[keyword] = keyword === 'multipleOf' ? random.pick([1, 2, 0.5, 0.01, 0.1, 3]) : random.pick(NUMBERS)
}

function textual(schema: Node, random: Random): void {
  const keyword = random.pick(['minLength', 'maxLength', 'pattern'])
  schema[keyword] = keyword === 'pattern' ? random.pick(PATTERNS) : random.below(4)
}

function choice(schema: Node, random: Random): void {
  if (random.below(2) === 0) schema['const'] = randomValue(random)
  else schema['enum'] = [randomValue(random), randomValue(random), random.pick(TEXTS)]
}

function arrays(schema: Node, random: Random, depth: number): void {
  switch (random.below(5)) {
    case 0:
      schema['items'] = node(random, depth)
      return
    case 1:
      schema['prefixItems'] = [node(random, depth), node(random, depth)]
      return
    case 2:
      schema[random.pick(['minItems', 'maxItems'])] = random.below(4)
      return
    case 3:
      schema['uniqueItems'] = random.below(4) > 0
      return
    default:
      // Flat: ajv 8 miscounts where one `contains` stands in another.
      schema['contains'] = node(random, 0)
      if (random.below(2) === 0) schema['minContains'] = random.below(3)
      if (random.below(2) === 0) schema['maxContains'] = random.below(3)
  }
}

function objects(schema: Node, random: Random, depth: number): void {
  switch (random.below(9)) {
    case 0:
    case 1:
    case 2:
      schema['properties'] = object(list(random, 4, () => [random.pick(NAMES), node(random, depth)]))
      return
    case 3:
      schema['required'] = several(random, NAMES)
      return
    case 4:
      schema['additionalProperties'] = random.below(2) === 0 ? false : node(random, depth)
      return
    case 5:
      schema['patternProperties'] = object(list(random, 2, () => [random.pick(PATTERNS), node(random, depth)]))
      return
    case 6:
      schema['propertyNames'] = node(random, 0)
      return
    case 7:
      schema[random.pick(['minProperties', 'maxProperties'])] = random.below(4)
      return
    default:
      if (random.below(2) === 0) schema['dependentRequired'] = { [random.pick(NAMES)]: several(random, NAMES) }
      else schema['dependentSchemas'] = { [random.pick(NAMES)]: node(random, depth) }
  }
}

function applied(schema: Node, random: Random, depth: number): void {
  switch (random.below(6)) {
    case 0:
      schema['not'] = node(random, depth)
      return
    case 1:
      schema['if'] = node(random, depth)
      if (random.below(3) > 0) schema['then'] = node(random, depth)
      if (random.below(3) > 0) schema['else'] = node(random, depth)
      return
    case 2:
      schema['$ref'] = random.pick(['#other', '#/$defs/tree', '#/$defs/other', '#'])
      return
    default:
      schema[random.pick(['allOf', 'anyOf', 'oneOf'])] = [node(random, depth), node(random, depth)]
  }
}

function several(random: Random, from: readonly string[]): string[] {
  return [...new Set([random.pick(from), random.pick(from)])]
}

function list<Item>(random: Random, most: number, make: () => Item): Item[] {
  return Array.from({ length: random.below(most + 1) }, make)
}

function object(members: readonly (readonly [string, Json])[]): Node {
  return Object.fromEntries(members)
}

/** A value that the schema may well think good. */
export function randomInstance(schema: Json, random: Random, depth = 4): Json {
  if (depth === 0 || typeof schema !== 'object' || schema === null || random.below(8) === 0) return randomValue(random)
  const node = schema as Node
  if ('const' in node) return node['const']
  if (Array.isArray(node['enum'])) return random.pick(node['enum'] as Json[])
  for (const keyword of ['allOf', 'anyOf', 'oneOf']) {
    const parts = node[keyword]
    if (Array.isArray(parts) && random.below(3) > 0)
      return randomInstance(random.pick(parts as Json[]), random, depth - 1)
  }
  const type = Array.isArray(node['type']) ? random.pick(node['type'] as string[]) : (node['type'] ?? guess(node))
  if (type === 'array') return arrayInstance(node, random, depth)
  if (type === 'object') return objectInstance(node, random, depth)
  if (type === 'string') return random.pick(TEXTS)
  if (type === 'number') return random.pick(NUMBERS)
  if (type === 'integer') return Math.floor(random.pick(NUMBERS))
  return type === 'boolean' ? true : type === 'null' ? null : randomValue(random)
}

function guess(node: Node): string {
  if ('properties' in node || 'required' in node || 'patternProperties' in node || 'propertyNames' in node)
    return 'object'
  return 'items' in node || 'prefixItems' in node || 'contains' in node ? 'array' : ''
}

function arrayInstance(node: Node, random: Random, depth: number): Json {
  const prefix = (node['prefixItems'] ?? []) as Json[]
  const item = node['items'] ?? node['contains'] ?? true
  return list(random, 3, () => 0).map((_, i) => randomInstance(prefix[i] ?? item, random, depth - 1))
}

function objectInstance(node: Node, random: Random, depth: number): Json {
  const made: Node = {}
  for (const [name, inner] of Object.entries((node['properties'] ?? {}) as Node)) {
    if (random.below(5) > 0) made[name] = randomInstance(inner, random, depth - 1)
  }
  for (const name of (node['required'] ?? []) as string[]) {
    if (!(name in made) && random.below(6) > 0) made[name] = randomValue(random)
  }
  if (random.below(4) === 0) made[random.pick(NAMES)] = randomValue(random)
  return made
}
