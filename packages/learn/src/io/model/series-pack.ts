import { LearnError } from '../../base/error.ts'
import { isList, isObject, type Kept, type NumberArray } from '../../base/fields.ts'
import type { Json } from './canonical.ts'
import { ArrayBook, type NamedArray } from './tensors.ts'

/** Plain data, in which `{"tensor": NAME}` stands for each array of numbers, and the arrays by their names: where they stood. */
export interface Packed {
  readonly json: Json
  readonly arrays: readonly NamedArray[]
}

/** Takes arrays of numbers out of plain data. Error: `model_value` where a number is not finite, when it is written. */
export function pack(kept: Kept): Packed {
  const arrays: NamedArray[] = []
  const packed = (each: Kept, path: string): Json => {
    if (isNumbers(each)) {
      arrays.push({ name: path, shape: [each.length], data: each })
      return { tensor: path }
    }
    if (isList(each)) return each.map((item, i) => packed(item, `${path}[${i}]`))
    if (!isObject(each)) return each as Json
    const fields = Object.entries(each).flatMap(([name, held]) =>
      held === undefined ? [] : [[name, packed(held, path === '' ? name : `${path}.${name}`)] as const],
    )
    return Object.fromEntries(fields)
  }
  return { json: packed(kept, ''), arrays }
}

/** Puts arrays back to where they stood. Error: `model_tensor` where one is named that is not there or stood elsewhere, or none is named that is there. */
export function unpack({ json, arrays }: Packed): Kept {
  const book = new ArrayBook(arrays)
  const unpacked = (each: Json | undefined, path: string): Kept => {
    if (Array.isArray(each)) return each.map((item, i) => unpacked(item, `${path}[${i}]`))
    if (typeof each !== 'object' || each === null) return each ?? null
    const { tensor } = each as { readonly tensor?: Json }
    if (typeof tensor === 'string' && Object.keys(each).length === 1) {
      if (tensor === path) return book.numbers(tensor)
      throw new LearnError('model_tensor', `the tensor '${tensor}' is named at '${path}', and not where it stood`)
    }
    const fields = Object.entries(each).map(([name, held]) => {
      return [name, unpacked(held, path === '' ? name : `${path}.${name}`)] as const
    })
    return Object.fromEntries(fields)
  }
  const kept = unpacked(json, '')
  book.end()
  return kept
}

const isNumbers = (kept: Kept): kept is NumberArray => ArrayBuffer.isView(kept)
