import { suggestion } from '../config/near.ts'
import { Flaw, type Problem, quote } from '../config/problem.ts'
import { parseUnit, type Unit, WRITTEN } from '../config/units.ts'

/** Takes a problem down, at a JSON pointer of a file. */
export type Complain = (code: string, flaw: Flaw, pointer: string) => void

/** Collects the problems of one file. */
export function complaints(file: string, problems: Problem[]): Complain {
  return (code, { what, hint }, pointer) => {
    // Values are read by more than one part of the compiler.
    const told = problems.some(each => each.place.file === file && each.place.field === pointer && each.what === what)
    if (!told && problems.length < MOST) problems.push({ code, what, hint, place: { file, field: pointer } })
  }
}

/** More would help nobody. */
const MOST = 100

/** A value of a profile with its JSON pointer (RFC 6901). What is wrong with it is taken down, and undefined comes back. */
export class Part {
  readonly value: unknown
  readonly pointer: string
  readonly #complain: Complain

  constructor(value: unknown, pointer: string, complain: Complain) {
    this.value = value
    this.pointer = pointer
    this.#complain = complain
  }

  get there(): boolean {
    return this.value !== undefined
  }

  /** A member or an item, which may be missing. */
  at(key: string | number): Part {
    const held = typeof this.value === 'object' && this.value !== null && Object.hasOwn(this.value, key)
    const value = held ? (this.value as Record<string | number, unknown>)[key] : undefined
    return new Part(value, `${this.pointer}/${escaped(String(key))}`, this.#complain)
  }

  /** Another value, for what this part says. */
  with(value: unknown): Part {
    return new Part(value, this.pointer, this.#complain)
  }

  fail(what: string, hint: string, code = 'profile_value'): undefined {
    this.#complain(code, new Flaw(what, hint), this.pointer)
  }

  /** Takes down what somebody else found, whose field is a JSON pointer from the root. */
  pass({ code, what, hint, place }: Problem): void {
    this.#complain(code, new Flaw(what, hint), place.field ?? this.pointer)
  }

  flaw({ what, hint }: Flaw, code = 'profile_value'): undefined {
    return this.fail(what, hint, code)
  }

  /** Complains unless it is there. */
  need(what: string, hint: string): this {
    if (!this.there) this.fail(what, hint, 'profile_missing')
    return this
  }

  text(): string | undefined {
    if (!this.there) return undefined
    return typeof this.value === 'string' && this.value !== '' ? this.value : this.#wrong('text')
  }

  number(least = Number.NEGATIVE_INFINITY): number | undefined {
    if (!this.there) return undefined
    if (typeof this.value !== 'number' || !Number.isFinite(this.value)) return this.#wrong('a number')
    return this.value >= least ? this.value : this.fail(`${this.value} is too small`, `At least ${least}.`)
  }

  flag(): boolean | undefined {
    if (!this.there) return undefined
    return typeof this.value === 'boolean' ? this.value : this.#wrong('true or false')
  }

  oneOf<const Word extends string>(words: readonly Word[]): Word | undefined {
    const text = this.text()
    if (text === undefined) return undefined
    const word = words.find(each => each === text)
    return word ?? this.fail(`${quote(text)} is not one of ${words.join(', ')}`, suggestion(text, words))
  }

  /** A text with its unit: milliseconds, bytes, or so many a second. */
  measure(unit: Unit): number | undefined {
    if (!this.there) return undefined
    const value = parseUnit(unit, this.value)
    return value ?? this.fail(`${quote(this.value)} is not a ${unit}`, `Write ${WRITTEN[unit]}.`)
  }

  /** A text or a list of texts. */
  texts(): string[] {
    if (!this.there) return []
    const parts = Array.isArray(this.value) ? this.items() : [this]
    return parts.map(part => part.text()).filter(text => text !== undefined)
  }

  items(): Part[] {
    if (!this.there) return []
    if (!Array.isArray(this.value)) return this.#wrong('a list') ?? []
    return this.value.map((_, index) => this.at(index))
  }

  entries(): [string, Part][] {
    if (!this.there) return []
    if (!this.isObject) return this.#wrong('an object') ?? []
    return Object.keys(this.value as object).map(key => [key, this.at(key)])
  }

  get isObject(): boolean {
    return typeof this.value === 'object' && this.value !== null && !Array.isArray(this.value)
  }

  /** Refuses the members that are not known: all of them, or those with a prefix that is Ringwall's or the binding's. */
  limitTo(known: readonly string[], which: 'all' | 'prefixed' = 'all'): void {
    for (const [key, part] of this.entries()) {
      if (known.includes(key) || (which === 'prefixed' && !/^(rw|mqv):/.test(key))) continue
      const candidates = known.filter(each => which === 'all' || each.startsWith(key.slice(0, 3)))
      part.fail(`${quote(key)} is not known here`, suggestion(key, candidates), 'profile_unknown_term')
    }
  }

  /** Refuses the members without a prefix that are not known: those of other vocabularies have one. */
  plain(known: readonly string[], hint = ''): void {
    for (const [key, part] of this.entries()) {
      if (/^@|:/.test(key) || known.includes(key)) continue
      part.fail(`${quote(key)} says nothing here`, `${hint}${suggestion(key, known)}`, 'profile_unknown_term')
    }
  }

  #wrong(wanted: string): undefined {
    this.fail(`${quote(this.value)} is not ${wanted}`, `Write ${wanted}.`)
  }
}

const escaped = (key: string) => key.replaceAll('~', '~0').replaceAll('/', '~1')
