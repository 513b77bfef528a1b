import { sameBytes } from '../../bytes/same.ts'
import { textOf } from '../../mqtt/utf8.ts'
import type { Captures } from '../captures.ts'
import { isMultiple } from '../schema/multiple.ts'
import { type Json, type Names, type Shape, Types } from '../shape.ts'
import { hexFloat } from './hex-float.ts'
import type { Value } from './value.ts'

/** What is wrong with a value: prepared when the shape is compiled. */
export interface Problem {
  readonly code: string
  /** What is allowed: follows "the metric … is …, ". */
  readonly allowed: string
}

/** Keywords over the inside of arrays and objects: of a metric that is one of them only its type is judged. */
const INSIDE = ['items', 'prefixItems', 'contains', 'minItems', 'maxItems', 'uniqueItems'] as const
const MEMBERS = ['properties', 'required', 'additionalProperties', 'patternProperties', 'propertyNames'] as const
const COUNTS = ['minProperties', 'maxProperties', 'dependentRequired', 'dependentSchemas'] as const
const DEEPEST = 16
const encoder = new TextEncoder()

/** A keyword that a metric's shape has and that cannot be judged on a metric. */
export class UnsupportedShape {
  readonly keyword: string
  constructor(keyword: string) {
    this.keyword = keyword
  }
}

/** A shape for the value of one metric: null, a boolean, a number or a text, or the bare type of an array or object. */
export class ScalarShape {
  readonly #shape: Shape
  readonly #type: Problem
  readonly #range: Problem
  readonly #length: Problem
  readonly #enum: Problem
  readonly #condition: Problem = { code: 'value_condition', allowed: 'which its conditions do not allow' }
  readonly #pattern: Problem
  readonly #spelled: Problem = { code: 'value_pattern', allowed: 'which does not spell a number' }
  readonly #texts: readonly (Uint8Array | null)[]
  readonly #allOf: readonly ScalarShape[]
  readonly #anyOf: readonly ScalarShape[]
  readonly #oneOf: readonly ScalarShape[]
  readonly #not: ScalarShape | null
  readonly #if: ScalarShape | null
  readonly #then: ScalarShape | null
  readonly #else: ScalarShape | null
  /** Without branches. */
  readonly #plain: boolean

  /** Throws an `UnsupportedShape`; `compileMetrics` catches it. */
  constructor(shape: Shape, depth = 0) {
    if (depth > DEEPEST) throw new UnsupportedShape('$ref')
    for (const keyword of [...INSIDE, ...MEMBERS, ...COUNTS]) {
      if (shape[keyword] !== undefined) throw new UnsupportedShape(keyword)
    }
    this.#shape = shape
    const inner = (one: Shape | undefined) => (one === undefined ? null : new ScalarShape(one, depth + 1))
    const all = (some: readonly Shape[] | undefined) => (some ?? []).map(one => new ScalarShape(one, depth + 1))
    this.#texts = (shape.enum ?? []).map(one => (typeof one === 'string' ? encoder.encode(one) : null))
    this.#type = { code: 'value_type', allowed: `allowed is ${typeNames(shape.types)}` }
    this.#range = { code: 'value_range', allowed: rangeText(shape) }
    this.#length = {
      code: 'value_length',
      allowed: `allowed are ${shape.minLength ?? 0} to ${shape.maxLength ?? 'any'} characters`,
    }
    this.#pattern = { code: 'value_pattern', allowed: `allowed is ${shape.pattern?.source ?? ''}` }
    this.#enum = { code: 'value_enum', allowed: enumText(shape) }
    this.#allOf = all(shape.allOf)
    this.#anyOf = all(shape.anyOf)
    this.#oneOf = all(shape.oneOf)
    this.#not = inner(shape.not)
    this.#if = inner(shape.if)
    this.#then = inner(shape.then)
    this.#else = inner(shape.else)
    this.#plain = this.#inner().length === 0
  }

  /** Allows no value at all (`false`). */
  get nothing(): boolean {
    return this.#shape.types === 0
  }

  /** The highest slot that it captures into plus one. */
  get slots(): number {
    let most = (this.#shape.capture ?? -1) + 1
    for (const one of this.#inner()) most = Math.max(most, one.slots)
    return most
  }

  /** A text has to spell a number, which is captured. */
  get #spells(): boolean {
    const { capture, captureForm } = this.#shape
    return capture !== undefined && captureForm !== undefined && captureForm !== 'value'
  }

  /** What is wrong with a value, or null. */
  problem(value: Value, bytes: Uint8Array, names: Names): Problem | null {
    const shape = this.#shape
    if ((shape.types & value.kind) === 0) return this.#type
    if (value.kind === Types.integer || value.kind === Types.fraction) {
      if (!this.#inRange(value.number)) return this.#range
    } else if (value.kind === Types.string) {
      const problem = this.#text(value, bytes, names)
      if (problem !== null) return problem
    } else if (shape.placeholder !== undefined) return this.#enum
    if (shape.enum !== undefined && this.#position(value, bytes) < 0) return this.#enum
    if (this.#spells && value.kind === Types.string && Number.isNaN(this.#captured(value, bytes))) return this.#spelled
    return this.#plain ? null : this.#combined(value, bytes, names)
  }

  /** Captures what the shape and those of its branches that the value meets ask for. */
  take(value: Value, bytes: Uint8Array, names: Names, captures: Captures): void {
    const slot = this.#shape.capture
    if (slot !== undefined) captures.set(slot, this.#captured(value, bytes), value.from, value.to)
    if (this.#plain) return
    for (const one of this.#allOf) one.take(value, bytes, names, captures)
    for (const one of this.#anyOf)
      if (one.problem(value, bytes, names) === null) one.take(value, bytes, names, captures)
    for (const one of this.#oneOf)
      if (one.problem(value, bytes, names) === null) one.take(value, bytes, names, captures)
    if (this.#if === null) return
    const branch = this.#if.problem(value, bytes, names) === null ? this.#then : this.#else
    branch?.take(value, bytes, names, captures)
  }

  #inRange(number: number): boolean {
    const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = this.#shape
    if (minimum !== undefined && number < minimum) return false
    if (maximum !== undefined && number > maximum) return false
    if (exclusiveMinimum !== undefined && number <= exclusiveMinimum) return false
    if (exclusiveMaximum !== undefined && number >= exclusiveMaximum) return false
    return multipleOf === undefined || isMultiple(number, multipleOf)
  }

  #text(value: Value, bytes: Uint8Array, names: Names): Problem | null {
    const { minLength, maxLength, pattern, placeholder } = this.#shape
    if (minLength !== undefined || maxLength !== undefined) {
      let length = 0
      for (let at = value.from; at < value.to; at++) if ((bytes[at] & 0xc0) !== 0x80) length++
      if (length < (minLength ?? 0) || length > (maxLength ?? length)) return this.#length
    }
    if (pattern !== undefined && !pattern.test(bytes, value.from, value.to)) return this.#pattern
    if (placeholder === undefined) return null
    const name = names[placeholder]
    return sameBytes(bytes, value.from, value.to, name, 0, name.length) ? null : this.#enum
  }

  #position(value: Value, bytes: Uint8Array): number {
    const allowed = this.#shape.enum ?? []
    for (let i = 0; i < allowed.length; i++) if (equals(allowed[i], this.#texts[i], value, bytes)) return i
    return -1
  }

  #combined(value: Value, bytes: Uint8Array, names: Names): Problem | null {
    for (const one of this.#allOf) {
      const problem = one.problem(value, bytes, names)
      if (problem !== null) return problem
    }
    if (this.#anyOf.length > 0 && met(this.#anyOf, value, bytes, names) === 0) return this.#condition
    if (this.#oneOf.length > 0 && met(this.#oneOf, value, bytes, names) !== 1) return this.#condition
    if (this.#not !== null && this.#not.problem(value, bytes, names) === null) return this.#condition
    if (this.#if === null) return null
    const branch = this.#if.problem(value, bytes, names) === null ? this.#then : this.#else
    return branch === null ? null : branch.problem(value, bytes, names)
  }

  #captured(value: Value, bytes: Uint8Array): number {
    if (value.kind !== Types.string) return value.number
    switch (this.#shape.captureForm) {
      case 'decimal':
        return decimal(textOf(bytes, value.from, value.to))
      case 'float32-hex':
        return hexFloat(bytes, value.from, value.to)
      default: {
        const position = this.#position(value, bytes)
        return position < 0 ? Number.NaN : position
      }
    }
  }

  #inner(): ScalarShape[] {
    const some = [this.#not, this.#if, this.#then, this.#else].filter(one => one !== null)
    return [...this.#allOf, ...this.#anyOf, ...this.#oneOf, ...some]
  }
}

function met(some: readonly ScalarShape[], value: Value, bytes: Uint8Array, names: Names): number {
  let count = 0
  for (const one of some) if (one.problem(value, bytes, names) === null) count++
  return count
}

function equals(allowed: Json, text: Uint8Array | null, value: Value, bytes: Uint8Array): boolean {
  switch (value.kind) {
    case Types.null:
      return allowed === null
    case Types.boolean:
      return allowed === (value.number === 1)
    case Types.string:
      return text !== null && sameBytes(text, 0, text.length, bytes, value.from, value.to)
    default:
      return allowed === value.number
  }
}

/** NaN unless the text is a finite number as JSON writes it. */
function decimal(text: string): number {
  const value = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(text) ? Number(text) : Number.NaN
  return Number.isFinite(value) ? value : Number.NaN
}

function typeNames(types: number): string {
  const names = Object.entries(Types).filter(([name, bit]) => name !== 'any' && (types & bit) === bit)
  return names.length === 0 ? 'nothing' : names.map(([name]) => name).join(', ')
}

function rangeText({ minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf }: Shape): string {
  const parts: string[] = []
  if (minimum !== undefined) parts.push(`at least ${minimum}`)
  if (exclusiveMinimum !== undefined) parts.push(`above ${exclusiveMinimum}`)
  if (maximum !== undefined) parts.push(`at most ${maximum}`)
  if (exclusiveMaximum !== undefined) parts.push(`below ${exclusiveMaximum}`)
  if (multipleOf !== undefined) parts.push(`multiples of ${multipleOf}`)
  return `allowed is ${parts.join(', ')}`
}

function enumText({ enum: allowed, placeholder }: Shape): string {
  if (placeholder !== undefined) return `allowed is the act's own ${placeholder}`
  return `allowed is ${(allowed ?? [])
    .slice(0, 8)
    .map(one => JSON.stringify(one))
    .join(', ')}`
}
