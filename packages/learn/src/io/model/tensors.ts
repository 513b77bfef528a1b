import { LearnError } from '../../base/error.ts'
import type { NumberArray } from '../../base/fields.ts'

const KINDS = { f32: Float32Array, f64: Float64Array, i32: Int32Array, u16: Uint16Array, u8: Uint8Array } as const

/** A named array of numbers with its shape. */
export interface NamedArray {
  readonly name: string
  readonly shape: readonly number[]
  readonly data: NumberArray
}

/** The same in a file: numbers little-endian, in base64. */
export interface StoredArray {
  readonly name: string
  readonly type: keyof typeof KINDS
  readonly shape: readonly number[]
  readonly data: string
}

export function storeArray({ name, shape, data }: NamedArray): StoredArray {
  const [type] = Object.entries(KINDS).find(([, kind]) => data instanceof kind) as [StoredArray['type'], unknown]
  return { name, type, shape, data: base64Of(new Uint8Array(data.buffer, data.byteOffset, data.byteLength)) }
}

/** Error: `model_tensor` where shape and numbers do not fit. */
export function loadArray({ name, type, shape, data }: StoredArray): NamedArray {
  const wrong = (what: string): LearnError => new LearnError('model_tensor', `the tensor '${name}' ${what}`)
  if (!Object.hasOwn(KINDS, type)) throw wrong(`has numbers of an unknown type ${type}`)
  if (!Array.isArray(shape) || !shape.every(each => Number.isInteger(each) && each >= 0)) throw wrong('has no shape')
  let bytes: Uint8Array<ArrayBuffer>
  try {
    bytes = bytesOf(data)
  } catch {
    throw wrong('is no base64')
  }
  const Kind = KINDS[type]
  const count = shape.reduce((product: number, each: number) => product * each, 1)
  if (bytes.length !== count * Kind.BYTES_PER_ELEMENT)
    throw wrong(`of ${shape.join(' x ')} has ${bytes.length} bytes, not ${count * Kind.BYTES_PER_ELEMENT}`)
  return { name, shape, data: new Kind(bytes.buffer) }
}

/** ECMAScript 2026, which browsers of 2024 and Node 24 do not have yet. */
interface Base64 {
  fromBase64?(text: string): Uint8Array<ArrayBuffer>
}

const PIECE = 8_192

function base64Of(bytes: Uint8Array & { toBase64?(): string }): string {
  if (bytes.toBase64 !== undefined) return bytes.toBase64()
  let text = ''
  for (let at = 0; at < bytes.length; at += PIECE) text += String.fromCharCode(...bytes.subarray(at, at + PIECE))
  return btoa(text)
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  const native = Uint8Array as unknown as Base64
  if (native.fromBase64 !== undefined) return native.fromBase64(base64)
  const letters = atob(base64)
  const bytes = new Uint8Array(letters.length)
  for (let i = 0; i < bytes.length; i++) bytes[i] = letters.charCodeAt(i)
  return bytes
}

/** Finds arrays by their names and kinds, and knows which ones were asked for. */
export class ArrayBook {
  readonly #arrays: ReadonlyMap<string, NamedArray>
  readonly #left: Set<string>

  /** Error: `model_tensor` where two have one name. */
  constructor(arrays: readonly NamedArray[]) {
    this.#arrays = new Map(arrays.map(each => [each.name, each]))
    this.#left = new Set(this.#arrays.keys())
    const twice = arrays.find(each => this.#arrays.get(each.name) !== each)
    if (twice !== undefined) throw new LearnError('model_tensor', `two tensors are called '${twice.name}'`)
  }

  has(name: string): boolean {
    return this.#arrays.has(name)
  }

  /** Error: `model_tensor`. */
  get<Kind extends NumberArray>(name: string, kind: new (length: number) => Kind): Kind {
    const found = this.#arrays.get(name)?.data
    this.#left.delete(name)
    if (found instanceof kind) return found
    throw new LearnError('model_tensor', `the tensor '${name}' is not there, or of another type`)
  }

  /** Numbers of whichever type. Error: `model_tensor`. */
  numbers(name: string): NumberArray {
    const found = this.#arrays.get(name)?.data
    this.#left.delete(name)
    if (found !== undefined) return found
    throw new LearnError('model_tensor', `the tensor '${name}' is not there`)
  }

  /** Whole numbers, of whichever width. Error: `model_tensor`. */
  whole(name: string): Int32Array | Uint16Array | Uint8Array {
    const found = this.#arrays.get(name)?.data
    this.#left.delete(name)
    if (found instanceof Int32Array || found instanceof Uint16Array || found instanceof Uint8Array) return found
    throw new LearnError('model_tensor', `the tensor '${name}' is not there, or holds no whole numbers`)
  }

  /** Makes sure that all were asked for: what no model reads has no business in its file. Error: `model_tensor`. */
  end(): void {
    const [surplus] = this.#left
    if (surplus !== undefined)
      throw new LearnError('model_tensor', `the tensor '${surplus}' belongs to no part of the model`)
  }
}
