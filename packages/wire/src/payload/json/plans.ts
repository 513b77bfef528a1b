import { bytesOf } from '../../mqtt/utf8.ts'
import { type Json, type Shape, Types } from '../shape.ts'
import { hashTable } from './hash.ts'
import type { Choices, Elements, Member, Members, Plan, Steps } from './plan.ts'
import { spelling } from './spelling.ts'

/** Lays a shape out for reading JSON; `slots` is one more than the highest that it captures into. */
export function planOf(shape: Shape): { plan: Plan; slots: number } {
  const planner = new Planner()
  const plan = planner.plan(shape)
  planner.finish()
  return { plan, slots: planner.slots }
}

class Planner {
  // Shapes may hold themselves.
  readonly #plans = new Map<Shape, Plan>()
  #any: Plan | null = null

  constructor() {
    this.#any = this.plan({ types: Types.any })
  }

  get slots(): number {
    return Math.max(0, ...Array.from(this.#plans.values(), plan => plan.capture + 1))
  }

  plan(asked: Shape): Plan {
    const shape = behindReferences(asked)
    const known = this.#plans.get(shape)
    if (known !== undefined) return known
    const plan = scalars(shape)
    this.#plans.set(shape, plan)
    const any = this.#any ?? plan
    plan.members = this.#members(shape, any)
    plan.elements = this.#elements(shape, any)
    plan.steps = this.#steps(shape)
    return plan
  }

  /** Tells each plan whether it or one within it captures. */
  finish(): void {
    let changed = true
    while (changed) {
      changed = false
      for (const plan of this.#plans.values()) {
        if (plan.captures || !within(plan).some(one => one.captures)) continue
        plan.captures = true
        changed = true
      }
    }
  }

  #optional(shape: Shape | undefined): Plan | null {
    return shape === undefined ? null : this.plan(shape)
  }

  #several(shapes: readonly Shape[] | undefined): Plan[] {
    return (shapes ?? []).map(shape => this.plan(shape))
  }

  #members(shape: Shape, any: Plan): Members {
    const additional = shape.additionalProperties === undefined ? any : this.plan(shape.additionalProperties)
    const named = namesOf(shape).map((name): Member => {
      const own = shape.properties?.get(name)
      const spelled = spelling(bytesOf(`${JSON.stringify(name)}:`))
      return { name, key: bytesOf(name), spelled, own: own !== undefined, plan: own ? this.plan(own) : additional }
    })
    const index = new Map(named.map(({ name }, i) => [name, i]))
    const numberOf = (name: string) => index.get(name) as number
    const words = (named.length + 31) >> 5
    const required = new Int32Array(words)
    for (const name of shape.required ?? []) required[numberOf(name) >> 5] |= 1 << (numberOf(name) & 31)
    const patterns = (shape.patternProperties ?? []).map(([pattern, one]) => ({ pattern, plan: this.plan(one) }))
    const names = this.#optional(shape.propertyNames)
    return {
      named,
      table: hashTable(named.map(({ key }) => key)),
      words,
      required,
      additional,
      governed: names !== null || patterns.length > 0,
      names,
      patterns,
      least: shape.minProperties ?? 0,
      most: shape.maxProperties ?? Number.POSITIVE_INFINITY,
      dependentNames: [...(shape.dependentRequired ?? [])].map(([name, needs]) => ({
        of: numberOf(name),
        needs: needs.map(numberOf),
      })),
      dependentPlans: [...(shape.dependentSchemas ?? [])].map(([name, one]) => ({
        of: numberOf(name),
        plan: this.plan(one),
      })),
    }
  }

  #elements(shape: Shape, any: Plan): Elements {
    return {
      prefix: this.#several(shape.prefixItems),
      items: shape.items === undefined ? any : this.plan(shape.items),
      least: shape.minItems ?? 0,
      most: shape.maxItems ?? Number.POSITIVE_INFINITY,
      unique: shape.uniqueItems ?? false,
      contains: this.#optional(shape.contains),
      leastContained: shape.minContains ?? 1,
      mostContained: shape.maxContains ?? Number.POSITIVE_INFINITY,
    }
  }

  #steps(shape: Shape): Steps | null {
    if (shape.allOf === undefined && shape.anyOf === undefined && shape.oneOf === undefined) {
      if (shape.not === undefined && shape.if === undefined) return null
    }
    return {
      all: this.#several(shape.allOf),
      any: this.#several(shape.anyOf),
      one: this.#several(shape.oneOf),
      not: this.#optional(shape.not),
      condition: this.#optional(shape.if),
      // biome-ignore lint/suspicious/noThenProperty: the keyword's name; nothing awaits the steps
      then: this.#optional(shape.then),
      otherwise: this.#optional(shape.else),
    }
  }
}

/** The shape that one stands for which holds nothing but a reference. */
function behindReferences(shape: Shape): Shape {
  let target = shape
  while (target.types === Types.any && target.allOf?.length === 1 && Object.keys(target).length === 2) {
    target = target.allOf[0]
  }
  return target
}

function scalars(shape: Shape): Plan {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf, minLength, maxLength } = shape
  const numeric = Types.integer | Types.fraction
  const captured = shape.capture !== undefined
  return {
    types: shape.types,
    exact: captured || (shape.types & numeric) === Types.integer,
    ranged: [minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf].some(one => one !== undefined),
    minimum: minimum ?? Number.NEGATIVE_INFINITY,
    maximum: maximum ?? Number.POSITIVE_INFINITY,
    exclusiveMinimum: exclusiveMinimum ?? Number.NEGATIVE_INFINITY,
    exclusiveMaximum: exclusiveMaximum ?? Number.POSITIVE_INFINITY,
    multipleOf: multipleOf ?? 0,
    textual:
      minLength !== undefined ||
      maxLength !== undefined ||
      shape.pattern !== undefined ||
      shape.placeholder !== undefined,
    minLength: minLength ?? 0,
    maxLength: maxLength ?? Number.POSITIVE_INFINITY,
    pattern: shape.pattern ?? null,
    placeholder: shape.placeholder ?? null,
    named: shape.placeholder !== undefined && !captured && isNameOnly(shape),
    choices: shape.enum === undefined ? null : choicesOf(shape.enum),
    members: NO_MEMBERS,
    elements: NO_ELEMENTS,
    steps: null,
    capture: shape.capture ?? -1,
    captureForm: shape.captureForm ?? 'value',
    captures: captured,
  }
}

function isNameOnly({ types, minLength, maxLength, pattern, enum: choices }: Shape): boolean {
  return (types & Types.string) !== 0 && [minLength, maxLength, pattern, choices].every(one => one === undefined)
}

function choicesOf(values: readonly Json[]): Choices {
  return {
    count: values.length,
    spelled: values.map(value => spelling(bytesOf(JSON.stringify(value)))),
    texts: values.map(value => (typeof value === 'string' ? bytesOf(value) : null)),
    numbers: Float64Array.from(values, value => (typeof value === 'number' ? value : Number.NaN)),
    deep: values.some(value => typeof value === 'object' && value !== null),
  }
}

/** The properties in the shape's order, then those that only assertions on presence name. */
function namesOf(shape: Shape): string[] {
  const names = new Set([...(shape.properties?.keys() ?? []), ...(shape.required ?? [])])
  for (const [name, needs] of shape.dependentRequired ?? []) for (const one of [name, ...needs]) names.add(one)
  for (const name of shape.dependentSchemas?.keys() ?? []) names.add(name)
  return [...names]
}

/** The plans that a plan holds and whose captures count. */
function within(plan: Plan): Plan[] {
  const { members, elements, steps } = plan
  const all = [members.additional, ...members.named.map(one => one.plan), ...members.patterns.map(one => one.plan)]
  all.push(...members.dependentPlans.map(one => one.plan), elements.items, ...elements.prefix)
  if (steps !== null) {
    all.push(...steps.all, ...steps.any, ...steps.one)
    for (const one of [steps.then, steps.otherwise]) if (one !== null) all.push(one)
  }
  return all
}

// Stand in for what is filled in as soon as the plan can be referred to.
const NO_MEMBERS = {} as Members
const NO_ELEMENTS = {} as Elements
