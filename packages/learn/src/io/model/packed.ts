import { LearnError } from '../../base/error.ts'
import type { ArrayBook, NamedArray } from './tensors.ts'

/** More different numbers are kept as they are. */
const MOST_CODES = 65_536

/** Whole numbers from 0 on, in as few bytes as the largest takes. */
export function wholeArray(name: string, values: Int32Array): NamedArray {
  const most = values.reduce((one, other) => Math.max(one, other), 0)
  const data = most < 256 ? Uint8Array.from(values) : most < 65_536 ? Uint16Array.from(values) : values
  return { name, shape: [values.length], data }
}

/** Numbers of single precision; where few of them differ, those (`NAME.table`) and which each one is (`NAME.codes`). */
export function floatArrays(name: string, values: Float32Array): NamedArray[] {
  // By their bits, so that -0 stays what it is.
  const bits = new Int32Array(values.buffer, values.byteOffset, values.length)
  const places = new Map<number, number>()
  const codes = new Int32Array(values.length)
  for (const [i, each] of bits.entries()) {
    let place = places.get(each)
    if (place === undefined) {
      place = places.size
      // A table must not be larger than what it spares.
      if (place === MOST_CODES || 4 * place > values.length) return [{ name, shape: [values.length], data: values }]
      places.set(each, place)
    }
    codes[i] = place
  }
  const table = new Float32Array(Int32Array.from(places.keys()).buffer)
  return [{ name: `${name}.table`, shape: [table.length], data: table }, wholeArray(`${name}.codes`, codes)]
}

/** The numbers that `floatArrays` made arrays of. Error: `model_tensor`. */
export function floatsOf(book: ArrayBook, name: string): Float32Array {
  if (!book.has(`${name}.codes`)) return book.get(name, Float32Array)
  const table = book.get(`${name}.table`, Float32Array)
  const codes = book.whole(`${name}.codes`)
  const values = new Float32Array(codes.length)
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i]!
    if (!(code >= 0 && code < table.length))
      throw new LearnError('model_tensor', `the tensor '${name}.codes' names number ${code} of ${table.length}`)
    values[i] = table[code]!
  }
  return values
}

/** Takes the numbers of a list one after another. */
export class Reader<List extends ArrayLike<number>> {
  readonly #name: string
  readonly #list: List
  #at = 0

  constructor(name: string, list: List) {
    this.#name = name
    this.#list = list
  }

  get left(): number {
    return this.#list.length - this.#at
  }

  /** Error: `model_tensor` where there is none left. */
  next(): number {
    if (this.#at === this.#list.length)
      throw new LearnError('model_tensor', `the tensor '${this.#name}' has ${this.#at} numbers, and more are needed`)
    return this.#list[this.#at++]!
  }

  /** Error: `model_tensor` where some are left. */
  end(): void {
    if (this.left > 0)
      throw new LearnError('model_tensor', `the tensor '${this.#name}' has ${this.left} numbers too many`)
  }
}
