import { bytesOf } from '../../mqtt/utf8.ts'
import type { Pattern } from '../pattern.ts'
import { type CaptureForm, type Names, type Shape, Types } from '../shape.ts'
import { type Constant, constantOf } from './constant.ts'
import { NameTable } from './table.ts'

/** A dependency on a property: what else must be there, and the shape that the object must have. */
export interface Dependency {
  readonly name: number
  readonly required: Int32Array
  readonly node: Node | null
}

/** A shape with its tables, made once. Null, or an empty list, where the shape says nothing. */
export interface Node {
  types: number
  /** Whether an integer must be one that a double holds exactly: it is captured, or a fraction would not do. */
  exact: boolean
  /** Whether the number has more to hold than its type. */
  numeric: boolean
  minimum: number
  maximum: number
  exclusiveMinimum: number
  exclusiveMaximum: number
  multipleOf: number
  minLength: number
  maxLength: number
  pattern: Pattern | null
  placeholder: keyof Names | null
  enum: readonly Constant[] | null
  prefixItems: readonly Node[]
  items: Node | null
  minItems: number
  maxItems: number
  uniqueItems: boolean
  contains: Node | null
  minContains: number
  maxContains: number
  /** All names that the shape speaks of; `properties` has null where one is only required or depended upon. */
  names: NameTable
  properties: readonly (Node | null)[]
  required: Uint8Array
  requiredCount: number
  dependencies: readonly Dependency[]
  patternProperties: readonly { readonly pattern: Pattern; readonly node: Node }[]
  additionalProperties: Node | null
  propertyNames: Node | null
  minProperties: number
  maxProperties: number
  /** Whether it combines shapes. */
  compound: boolean
  allOf: readonly Node[]
  anyOf: readonly Node[]
  oneOf: readonly Node[]
  not: Node | null
  /** `if`, `then` and `else`. */
  condition: Node | null
  consequent: Node | null
  alternative: Node | null
  /** Slot of the captures, or -1. */
  capture: number
  captureForm: CaptureForm
  /** Whether it, or a shape within it, captures. */
  captures: boolean
}

/** What a shape became, with the number of slots that it fills. */
export interface Compiled {
  readonly node: Node
  readonly slots: number
}

/** Compiles a shape and all that it refers to. */
export function compileNode(shape: Shape): Compiled {
  const made = new Map<Shape, Node>()
  const node = nodeOf(shape, made)
  for (const [from, to] of made) to.captures = reaches(from, new Set())
  let slots = 0
  for (const one of made.values()) slots = Math.max(slots, one.capture + 1)
  return { node, slots }
}

/** The shapes directly within a shape. */
export function within(shape: Shape): Shape[] {
  const single = [shape.items, shape.contains, shape.additionalProperties, shape.propertyNames]
  const conditions = [shape.not, shape.if, shape.then, shape.else]
  return [
    ...[...single, ...conditions].filter(one => one !== undefined),
    ...(shape.prefixItems ?? []),
    ...(shape.properties?.values() ?? []),
    ...(shape.dependentSchemas?.values() ?? []),
    ...(shape.patternProperties ?? []).map(([, one]) => one),
    ...[...(shape.allOf ?? []), ...(shape.anyOf ?? []), ...(shape.oneOf ?? [])],
  ]
}

function reaches(shape: Shape, seen: Set<Shape>): boolean {
  if (seen.has(shape)) return false
  seen.add(shape)
  return shape.capture !== undefined || within(shape).some(one => reaches(one, seen))
}

function nodeOf(shape: Shape, made: Map<Shape, Node>): Node {
  const before = made.get(shape)
  if (before !== undefined) return before
  const node = plainNode(shape)
  // Entered before what is within, which may refer back to it.
  made.set(shape, node)
  const one = (inner: Shape | undefined) => (inner === undefined ? null : nodeOf(inner, made))
  const list = (inner: readonly Shape[] | undefined) => (inner ?? []).map(each => nodeOf(each, made))
  node.prefixItems = list(shape.prefixItems)
  node.items = one(shape.items)
  node.contains = one(shape.contains)
  node.additionalProperties = one(shape.additionalProperties)
  node.propertyNames = one(shape.propertyNames)
  node.patternProperties = (shape.patternProperties ?? []).map(([pattern, of]) => ({ pattern, node: nodeOf(of, made) }))
  node.allOf = list(shape.allOf)
  node.anyOf = list(shape.anyOf)
  node.oneOf = list(shape.oneOf)
  node.not = one(shape.not)
  node.condition = one(shape.if)
  node.consequent = one(shape.then)
  node.alternative = one(shape.else)
  const lists = node.allOf.length + node.anyOf.length + node.oneOf.length
  node.compound = lists > 0 || node.not !== null || node.condition !== null
  addNames(shape, node, made)
  return node
}

function addNames(shape: Shape, node: Node, made: Map<Shape, Node>): void {
  const dependentRequired = shape.dependentRequired ?? new Map<string, readonly string[]>()
  const dependentSchemas = shape.dependentSchemas ?? new Map<string, Shape>()
  const depended = [...new Set([...dependentRequired.keys(), ...dependentSchemas.keys()])]
  const required = new Set(shape.required ?? [])
  const names = [
    ...new Set([
      ...(shape.properties?.keys() ?? []),
      ...required,
      ...depended,
      ...[...dependentRequired.values()].flat(),
    ]),
  ]
  node.names = new NameTable(names.map(bytesOf))
  node.properties = names.map(name => {
    const inner = shape.properties?.get(name)
    return inner === undefined ? null : nodeOf(inner, made)
  })
  node.required = Uint8Array.from(names, name => (required.has(name) ? 1 : 0))
  node.requiredCount = required.size
  node.dependencies = depended.map(name => {
    const inner = dependentSchemas.get(name)
    return {
      name: names.indexOf(name),
      required: Int32Array.from(dependentRequired.get(name) ?? [], other => names.indexOf(other)),
      node: inner === undefined ? null : nodeOf(inner, made),
    }
  })
}

function plainNode(shape: Shape): Node {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = shape
  const bounds = [minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf]
  return {
    types: shape.types,
    exact: shape.capture !== undefined || (shape.types & (Types.integer | Types.fraction)) === Types.integer,
    numeric: bounds.some(bound => bound !== undefined),
    minimum: minimum ?? Number.NEGATIVE_INFINITY,
    maximum: maximum ?? Number.POSITIVE_INFINITY,
    exclusiveMinimum: exclusiveMinimum ?? Number.NEGATIVE_INFINITY,
    exclusiveMaximum: exclusiveMaximum ?? Number.POSITIVE_INFINITY,
    multipleOf: multipleOf ?? 0,
    minLength: shape.minLength ?? 0,
    maxLength: shape.maxLength ?? Number.POSITIVE_INFINITY,
    pattern: shape.pattern ?? null,
    placeholder: shape.placeholder ?? null,
    enum: shape.enum?.map(constantOf) ?? null,
    prefixItems: [],
    items: null,
    minItems: shape.minItems ?? 0,
    maxItems: shape.maxItems ?? Number.POSITIVE_INFINITY,
    uniqueItems: shape.uniqueItems ?? false,
    contains: null,
    minContains: shape.minContains ?? 1,
    maxContains: shape.maxContains ?? Number.POSITIVE_INFINITY,
    names: NO_NAMES,
    properties: [],
    required: new Uint8Array(0),
    requiredCount: 0,
    dependencies: [],
    patternProperties: [],
    additionalProperties: null,
    propertyNames: null,
    minProperties: shape.minProperties ?? 0,
    maxProperties: shape.maxProperties ?? Number.POSITIVE_INFINITY,
    compound: false,
    allOf: [],
    anyOf: [],
    oneOf: [],
    not: null,
    condition: null,
    consequent: null,
    alternative: null,
    capture: shape.capture ?? -1,
    captureForm: shape.captureForm ?? 'value',
    captures: false,
  }
}

const NO_NAMES = new NameTable([])
