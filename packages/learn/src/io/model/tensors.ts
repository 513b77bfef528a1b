import { LearnError } from '../../base/error.ts'

const KINDS = { f32: Float32Array, f64: Float64Array, i32: Int32Array, u8: Uint8Array } as const

export type NumberArray = Float32Array | Float64Array | Int32Array | Uint8Array

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

const PIECE = 8_192

export function storeArray({ name, shape, data }: NamedArray): StoredArray {
  const [type] = Object.entries(KINDS).find(([, kind]) => data instanceof kind) as [StoredArray['type'], unknown]
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  let text = ''
  for (let at = 0; at < bytes.length; at += PIECE) text += String.fromCharCode(...bytes.subarray(at, at + PIECE))
  return { name, type, shape, data: btoa(text) }
}

/** Error: `model_tensor` where shape and numbers do not fit. */
export function loadArray({ name, type, shape, data }: StoredArray): NamedArray {
  const wrong = (what: string): LearnError => new LearnError('model_tensor', `the tensor '${name}' ${what}`)
  if (!Object.hasOwn(KINDS, type)) throw wrong(`has numbers of an unknown type ${type}`)
  if (!Array.isArray(shape) || !shape.every(each => Number.isInteger(each) && each >= 0)) throw wrong('has no shape')
  let bytes: Uint8Array<ArrayBuffer>
  try {
    bytes = Uint8Array.from(atob(data), letter => letter.charCodeAt(0))
  } catch {
    throw wrong('is no base64')
  }
  const Kind = KINDS[type]
  const count = shape.reduce((product: number, each: number) => product * each, 1)
  if (bytes.length !== count * Kind.BYTES_PER_ELEMENT)
    throw wrong(`of ${shape.join(' x ')} has ${bytes.length} bytes, not ${count * Kind.BYTES_PER_ELEMENT}`)
  return { name, shape, data: new Kind(bytes.buffer) }
}

/** Finds arrays by their names and kinds. */
export class ArrayBook {
  readonly #arrays: ReadonlyMap<string, NamedArray>

  constructor(arrays: readonly NamedArray[]) {
    this.#arrays = new Map(arrays.map(each => [each.name, each]))
  }

  /** Error: `model_tensor`. */
  get<Kind extends NumberArray>(name: string, kind: new (length: number) => Kind): Kind {
    const found = this.#arrays.get(name)?.data
    if (found instanceof kind) return found
    throw new LearnError('model_tensor', `the tensor '${name}' is not there, or of another type`)
  }
}
