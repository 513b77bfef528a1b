import { LearnError } from './error.ts'

export type NumberArray = Float32Array | Float64Array | Int32Array | Uint16Array | Uint8Array

/** What a learned thing is made of: plain data, and arrays of numbers. */
export type Kept =
  | null
  | boolean
  | number
  | string
  | NumberArray
  | readonly Kept[]
  | { readonly [name: string]: Kept | undefined }

/** From where to where a number, or a length, may go; both included. */
export interface Range {
  readonly least?: number
  readonly most?: number
}

/** No number that is kept is larger: beyond all readings and what divides by their spread, while products of a few are still finite. */
export const LARGEST = 1e40

/**
 * Reads what was kept field by field, and trusts none of it. Each refusal is a `model_field` that names the field by its path. It knows which fields were asked for: see `end`.
 */
export class Fields {
  readonly #held: { readonly [name: string]: Kept | undefined }
  readonly #path: string
  readonly #isList: boolean
  readonly #asked = new Set<string>()
  readonly #inner = new Map<string, Fields>()

  /**
   * @param path what stands before the names of fields: empty at the root
   * @param isList whether they are the items of a list, and their names are places in it
   */
  constructor(kept: Kept | undefined, path = '', isList = false) {
    if (!isObject(kept)) throw new LearnError('model_field', `'${path}' is missing, or no object`)
    this.#held = kept
    this.#path = path
    this.#isList = isList
  }

  has(name: string): boolean {
    return (this.#get(name) ?? null) !== null
  }

  of(name: string): Fields {
    return this.#inside(name, this.#get(name))
  }

  list(name: string, lengths: Range): Fields[] {
    return this.items(name, lengths, (fields, place) => fields.of(place))
  }

  /** A list of so many items, each as `read` has it: the list as fields, and the item's place as the name of one. */
  items<Item>(
    name: string,
    { least = 0, most = LARGEST }: Range,
    read: (fields: Fields, place: string) => Item,
  ): Item[] {
    const found = this.#get(name)
    if (!isList(found) || found.length < least || found.length > most)
      throw this.wrong(name, `is no list of ${least === most ? least : `${least} to ${most}`}`)
    const fields = this.#inside(name, Object.fromEntries(found.entries()), true)
    return Array.from(found.keys(), place => read(fields, String(place)))
  }

  text(name: string): string {
    const found = this.#get(name)
    if (typeof found !== 'string') throw this.wrong(name, 'is no text')
    return found
  }

  oneOf<Word extends string>(name: string, words: readonly Word[]): Word {
    const found = words.find(word => word === this.#get(name))
    if (found === undefined) throw this.wrong(name, `is none of ${words.join(', ')}`)
    return found
  }

  /** A list of some of the words, one at least and none of them twice. */
  words<Word extends string>(name: string, words: readonly Word[]): Word[] {
    const found = this.#get(name)
    const known = isList(found) ? words.filter(word => found.includes(word)) : []
    if (!isList(found) || known.length === 0 || known.length !== found.length)
      throw this.wrong(name, `is no list of ${words.join(', ')}`)
    return found.map(word => known.find(each => each === word)!)
  }

  number(name: string, { least = -LARGEST, most = LARGEST }: Range = {}): number {
    const found = this.#get(name)
    if (typeof found !== 'number' || !(found >= least && found <= most))
      throw this.wrong(name, `is ${shown(found)}, no number from ${least} to ${most}`)
    return found
  }

  whole(name: string, range: Range): number {
    const found = this.number(name, range)
    if (!Number.isInteger(found)) throw this.wrong(name, `is ${found}, no whole number`)
    return found
  }

  /** An array of one type, with so many numbers, each within a range. */
  numbers<Kind extends NumberArray>(
    name: string,
    kind: new (length: number) => Kind,
    length: number | Range,
    { least = -LARGEST, most = LARGEST }: Range = {},
  ): Kind {
    const found = this.#get(name)
    if (!(found instanceof kind)) throw this.wrong(name, `is no ${kind.name}`)
    const lengths = typeof length === 'number' ? { least: length, most: length } : length
    if (found.length < (lengths.least ?? 0) || found.length > (lengths.most ?? LARGEST))
      throw this.wrong(name, `has ${found.length} numbers, not ${lengthText(lengths)}`)
    const bad = found.findIndex(value => !(value >= least && value <= most))
    if (bad >= 0) throw this.wrong(`${name}[${bad}]`, `is ${found[bad]}, no number from ${least} to ${most}`)
    return found
  }

  wrong(name: string, what: string): LearnError {
    return new LearnError('model_field', `'${this.#pathOf(name)}' ${what}`)
  }

  /** Makes sure that every field, of objects and lists within too, was asked for: what nobody reads may mean something that is not done. Error: `model_field`. */
  end(): void {
    const surplus = Object.keys(this.#held).find(name => this.#held[name] !== undefined && !this.#asked.has(name))
    if (surplus !== undefined) throw this.wrong(surplus, 'is a field that no part of the model has')
    for (const fields of this.#inner.values()) fields.end()
  }

  #get(name: string): Kept | undefined {
    this.#asked.add(name)
    return Object.hasOwn(this.#held, name) ? this.#held[name] : undefined
  }

  /** The same fields at each call, so that they know all that was asked for. */
  #inside(name: string, kept: Kept | undefined, isList = false): Fields {
    const fields = this.#inner.get(name) ?? new Fields(kept, this.#pathOf(name), isList)
    this.#inner.set(name, fields)
    return fields
  }

  #pathOf(name: string): string {
    if (this.#isList) return `${this.#path}[${name}]`
    return this.#path === '' ? name : `${this.#path}.${name}`
  }
}

export const isList = (kept: Kept | undefined): kept is readonly Kept[] => Array.isArray(kept)

export const isObject = (kept: Kept | undefined): kept is { readonly [name: string]: Kept | undefined } =>
  typeof kept === 'object' && kept !== null && !isList(kept) && !ArrayBuffer.isView(kept)

const shown = (kept: Kept | undefined): string =>
  kept === undefined ? 'missing' : typeof kept === 'number' ? `${kept}` : 'of another type'

const lengthText = ({ least = 0, most = LARGEST }: Range): string =>
  least === most ? `${least}` : `${least} to ${most}`
