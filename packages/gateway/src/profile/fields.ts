import type { CaptureForm } from '@ringwall/wire'
import { suggestion } from '../config/near.ts'
import { Flaw, quote } from '../config/problem.ts'
import type { Part } from './part.ts'

/** A value of the payload that is captured. */
export interface Captured {
  readonly slot: number
  readonly form: CaptureForm
}

/** The schema of one payload: finds the values that a profile speaks of, and gives each a slot. */
export class Fields {
  /** By the schema object of the value. */
  readonly captured = new Map<object, Captured>()
  /** The schema objects that `walk` came by. */
  readonly reached = new Set<object>()
  /** Slot of a SenML pack's time, -1 where nobody asks for it. */
  time = -1
  readonly #root: Part

  constructor(root: Part) {
    this.#root = root
  }

  get slots(): number {
    return this.captured.size
  }

  /** Gives the pack's own time a slot. */
  captureTime(): number {
    if (this.time === -1) {
      this.time = this.captured.size
      this.captured.set(this, { slot: this.time, form: 'value' })
    }
    return this.time
  }

  /** The schema of the value at a pointer into the payload, by way of `properties` and `prefixItems`. */
  find(pointer: string): Part | Flaw {
    let part = this.#root
    if (pointer === '') return part
    if (!pointer.startsWith('/')) return new Flaw(`${quote(pointer)} is no JSON pointer`, 'Write it as /value.')
    for (const step of pointer.slice(1).split('/')) {
      const key = step.replaceAll('~1', '/').replaceAll('~0', '~')
      const isIndex = /^\d+$/.test(key) && part.at('prefixItems').there
      const next = isIndex ? part.at('prefixItems').at(Number(key)) : part.at('properties').at(key)
      if (!next.isObject) {
        const known = part.at('properties')
        const hint = known.isObject ? suggestion(key, Object.keys(known.value as object)) : 'Describe it in the schema.'
        return new Flaw(`the payload has no ${quote(pointer)}`, hint)
      }
      part = next
    }
    return part
  }

  /** Whether a payload cannot leave out the value at a pointer. */
  isRequired(pointer: string): boolean {
    const steps = pointer.split('/').slice(1)
    for (let depth = 0; depth < steps.length; depth++) {
      const parent = this.find(
        steps
          .slice(0, depth)
          .map(step => `/${step}`)
          .join(''),
      )
      if (parent instanceof Flaw) return false
      const required = parent.at('required').value
      const name = steps[depth]!.replaceAll('~1', '/').replaceAll('~0', '~')
      if (parent.at('properties').there && !(Array.isArray(required) && required.includes(name))) return false
    }
    return true
  }

  /** The same for a schema that `walk` gave. */
  isAlways({ pointer }: Part): boolean {
    // Every other step of its place in the profile is one into the payload: /properties/value.
    const steps = pointer.slice(this.#root.pointer.length).split('/').slice(1)
    return this.isRequired(
      steps
        .filter((_, index) => index % 2 === 1)
        .map(step => `/${step}`)
        .join(''),
    )
  }

  /** Gives a value its slot; the same each time. */
  capture(part: Part, form: CaptureForm = 'value'): number {
    const schema = part.value as object
    const known = this.captured.get(schema)
    if (known !== undefined) {
      if (known.form !== form)
        part.fail('it is read in two ways', 'Name it once, or with one encoding.', 'profile_field')
      return known.slot
    }
    const slot = this.captured.size
    this.captured.set(schema, { slot, form })
    return slot
  }

  /** Every schema whose value always stands at one pointer into the payload: the ones in which Ringwall's terms mean something. */
  *walk(part: Part = this.#root): Generator<Part> {
    this.reached.add(part.value as object)
    yield part
    const members = part.at('properties').isObject
      ? part
          .at('properties')
          .entries()
          .map(([, inner]) => inner)
      : []
    const items = Array.isArray(part.at('prefixItems').value) ? part.at('prefixItems').items() : []
    for (const inner of [...members, ...items]) if (inner.isObject) yield* this.walk(inner)
  }
}

/** The texts that a value may have, where it is an `enum` or a `const` of texts or a boolean; null where it is none of these. */
export function statesOf(part: Part): readonly string[] | null {
  const { value } = part.at('enum')
  if (Array.isArray(value) && value.every(each => typeof each === 'string')) return value
  const only = part.at('const').value
  if (typeof only === 'string' && !only.includes('${')) return [only]
  return part.at('type').value === 'boolean' ? ['false', 'true'] : null
}

/** Whether a value is a number. */
export function isNumeric(part: Part): boolean {
  const type = part.at('type').value
  return type === 'number' || type === 'integer'
}
