import { LearnError } from '../../base/error.ts'

/** A value of a parsed JSON document, and where in it that is. */
export class Field {
  readonly value: unknown
  readonly path: string

  constructor(value: unknown, path: string) {
    this.value = value
    this.path = path
  }

  /** A member, or what comes to nothing where there is none. Error: `model_field` where this is no object. */
  get(name: string): Field {
    if (typeof this.value !== 'object' || this.value === null || Array.isArray(this.value))
      throw this.wrong('an object')
    const path = this.path === '' ? name : `${this.path}.${name}`
    return new Field(Object.hasOwn(this.value, name) ? (this.value as Record<string, unknown>)[name] : undefined, path)
  }

  get isThere(): boolean {
    return this.value !== undefined
  }

  /** Error: `model_field`. */
  list(): Field[] {
    if (!Array.isArray(this.value)) throw this.wrong('a list')
    return this.value.map((value, i) => new Field(value, `${this.path}[${i}]`))
  }

  /** Error: `model_field`. */
  text(): string {
    if (typeof this.value !== 'string') throw this.wrong('a string')
    return this.value
  }

  /** A number, or a string that says one, as XGBoost writes its parameters. Errors: `model_field`. */
  number(): number {
    const { value } = this
    // XGBoost 3 writes a list of one.
    const found = typeof value === 'string' && value.trim() !== '' ? Number(value.replace(/^\[(.*)\]$/, '$1')) : value
    if (typeof found !== 'number' || !Number.isFinite(found)) throw this.wrong('a finite number')
    return found
  }

  /** A whole number from `least` to `most`. Error: `model_field`. */
  whole(least: number, most: number): number {
    const found = this.number()
    if (!Number.isInteger(found) || found < least || found > most)
      throw this.wrong(`a whole number from ${least} to ${most}`)
    return found
  }

  /** A list of numbers, which may be true and false for 1 and 0. Error: `model_field`. */
  numbers(): number[] {
    if (!Array.isArray(this.value)) throw this.wrong('a list')
    for (const [i, each] of this.value.entries()) {
      if (typeof each === 'boolean' || (typeof each === 'number' && Number.isFinite(each))) continue
      throw new Field(each, `${this.path}[${i}]`).wrong('a finite number')
    }
    return this.value.map(Number)
  }

  /** What to throw where something else was expected. */
  wrong(expected: string): LearnError {
    const { value } = this
    const found = value === undefined ? 'nothing' : (JSON.stringify(value) ?? String(value))
    const short = found.length > 60 ? `${found.slice(0, 60)}...` : found
    return new LearnError('model_field', `${this.path || 'the file'} is ${short}, and must be ${expected}`)
  }
}
