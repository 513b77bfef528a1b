import type { Captures } from '../captures.ts'
import type { Pattern } from '../pattern.ts'
import { type Names, type Shape, Types } from '../shape.ts'
import type { Proto } from './proto.ts'
import { ScalarShape, UnsupportedShape } from './scalar.ts'
import { MetricTable } from './table.ts'
import type { Value } from './value.ts'

/** Why a shape cannot be judged on Sparkplug metrics. */
export interface ShapeFault {
  readonly code: 'shape_unsupported'
  /** The metric's name as a JSON pointer, empty for the object of all. */
  readonly where: string
  readonly why: string
}

/** Keywords that tie several metrics together, which never stand in one message together for sure. */
const ACROSS = [
  'minProperties',
  'maxProperties',
  'dependentRequired',
  'dependentSchemas',
  'enum',
  'placeholder',
  'capture',
] as const
const COMBINED = ['allOf', 'anyOf', 'oneOf', 'not', 'if', 'then', 'else', 'propertyNames'] as const

/**
 * A shape for the metrics of an edge node or a device, seen as an object `{metric name: value}`: `properties`,
 * `patternProperties` and `additionalProperties` by metric name, `required` for births and commands. A message that only
 * reports changes is judged by the metrics that it has.
 */
export class MetricShape {
  readonly slots: number
  /** Names of `properties` and of `required`: their positions are the entries' numbers. */
  readonly #names: MetricTable
  readonly #entries: readonly (ScalarShape | null)[]
  readonly #required: readonly string[]
  readonly #requiredOf: Int32Array
  readonly #patterns: readonly (readonly [Pattern, ScalarShape])[]
  readonly #rest: ScalarShape | null
  /** By required name: the message that had it last. */
  readonly #had: Uint32Array
  #serial = 0

  /** Throws an `UnsupportedShape`; use `compileMetrics`. */
  constructor(shape: Shape, compile: (name: string, one: Shape) => ScalarShape) {
    const properties = shape.properties ?? new Map<string, Shape>()
    this.#required = shape.required ?? []
    const all = [...new Set([...properties.keys(), ...this.#required])].map(name => new TextEncoder().encode(name))
    const nameBytes = all.reduce((sum, name) => sum + name.length, 0)
    this.#names = new MetricTable({ metrics: Math.min(all.length, 0xffff), devices: 0, nameBytes })
    for (const name of all) this.#names.add(0, name, 0, name.length, -1, 0)
    const texts = [...new Set([...properties.keys(), ...this.#required])]
    this.#entries = texts.map(name => {
      const one = properties.get(name)
      return one === undefined ? null : compile(name, one)
    })
    this.#requiredOf = Int32Array.from(texts, name => this.#required.indexOf(name))
    this.#had = new Uint32Array(this.#required.length)
    this.#patterns = (shape.patternProperties ?? []).map(
      ([pattern, one]) => [pattern, compile(pattern.source, one)] as const,
    )
    this.#rest = shape.additionalProperties === undefined ? null : compile('', shape.additionalProperties)
    let slots = this.#rest?.slots ?? 0
    for (const one of this.#entries) slots = Math.max(slots, one?.slots ?? 0)
    for (const [, one] of this.#patterns) slots = Math.max(slots, one.slots)
    this.slots = slots
  }

  /** A new message begins. */
  begin(): void {
    this.#serial = (this.#serial + 1) >>> 0
    if (this.#serial === 0) {
      this.#had.fill(0)
      this.#serial = 1
    }
  }

  /** True where `properties` names this metric. */
  knows(name: Uint8Array, from: number, to: number): boolean {
    const entry = this.#names.find(0, name, from, to)
    return entry >= 0 && this.#entries[entry] !== null
  }

  /** Whether the metric's value is captured: then it may stand in a message once. */
  captures(name: Uint8Array, from: number, to: number): boolean {
    if (this.slots === 0) return false
    const entry = this.#names.find(0, name, from, to)
    if (entry >= 0 && (this.#entries[entry]?.slots ?? 0) > 0) return true
    for (const [pattern, one] of this.#patterns) if (one.slots > 0 && pattern.test(name, from, to)) return true
    return entry < 0 && (this.#rest?.slots ?? 0) > 0
  }

  /** Judges one metric by its name and captures its value, unless `captures` is null; false after a fault. */
  judge(
    proto: Proto,
    name: Uint8Array,
    from: number,
    to: number,
    value: Value,
    names: Names,
    captures: Captures | null,
  ): boolean {
    const entry = this.#names.find(0, name, from, to)
    if (entry >= 0 && this.#requiredOf[entry] >= 0) this.#had[this.#requiredOf[entry]] = this.#serial
    const own = entry < 0 ? null : this.#entries[entry]
    let found = own !== null
    if (own !== null && !this.#one(own, proto, value, names, captures)) return false
    for (let i = 0; i < this.#patterns.length; i++) {
      const [pattern, one] = this.#patterns[i]
      if (!pattern.test(name, from, to)) continue
      found = true
      if (!this.#one(one, proto, value, names, captures)) return false
    }
    if (found || this.#rest === null) return true
    if (this.#rest.nothing) return proto.fail('value_unknown', `${proto.metric} is not of the profile`, '', value.from)
    return this.#one(this.#rest, proto, value, names, captures)
  }

  /** Whether a message had all that is required. */
  complete(proto: Proto): boolean {
    for (let i = 0; i < this.#had.length; i++) {
      if (this.#had[i] === this.#serial) continue
      return proto.fail('value_missing', `the metric "${this.#required[i]}" is required`, '')
    }
    return true
  }

  #one(shape: ScalarShape, proto: Proto, value: Value, names: Names, captures: Captures | null): boolean {
    const problem = shape.problem(value, proto.bytes, names)
    if (problem === null) {
      if (captures !== null) shape.take(value, proto.bytes, names, captures)
      return true
    }
    const found = Number.isNaN(value.number) ? '' : ` is ${value.number},`
    return proto.fail(
      problem.code,
      `${proto.metric}${found || ' has a value of which'} ${problem.allowed}`,
      '',
      value.from,
    )
  }
}

/** Compiles a shape, or says what of it cannot be judged on metrics: nothing is ever ignored. */
export function compileMetrics(shape: Shape): MetricShape | ShapeFault {
  let where = ''
  try {
    if ((shape.types & Types.object) === 0) throw new UnsupportedShape('type')
    for (const keyword of [...ACROSS, ...COMBINED]) {
      if (shape[keyword] !== undefined) throw new UnsupportedShape(keyword)
    }
    return new MetricShape(shape, (name, one) => {
      where = `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`
      return new ScalarShape(one)
    })
  } catch (error) {
    if (!(error instanceof UnsupportedShape)) throw error
    const why =
      error.keyword === 'type'
        ? 'the metrics are an object, which the type does not allow'
        : `${error.keyword} cannot be judged on Sparkplug metrics`
    return { code: 'shape_unsupported', where, why }
  }
}

/** Tells a fault from a shape. */
export function isShapeFault(compiled: MetricShape | ShapeFault): compiled is ShapeFault {
  return 'code' in compiled
}
