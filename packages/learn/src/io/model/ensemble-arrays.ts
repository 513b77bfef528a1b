import { LearnError } from '../../base/error.ts'
import { Neighbors, type Scaling, Tail } from '../../ensemble/index.ts'
import type { ArrayBook, NamedArray } from './tensors.ts'

export const floats = (name: string, data: Float32Array | Float64Array): NamedArray => ({
  name,
  shape: [data.length],
  data,
})

/** Arrays of a part, with its name before theirs. */
export const within = (prefix: string, arrays: readonly NamedArray[]): NamedArray[] =>
  arrays.map(({ name, ...rest }) => ({ ...rest, name: `${prefix}/${name}` }))

/** Those of a part, by their own names. */
export const arraysBehind = (prefix: string, arrays: readonly NamedArray[]): NamedArray[] =>
  arrays.flatMap(each =>
    each.name.startsWith(`${prefix}/`) ? [{ ...each, name: each.name.slice(prefix.length + 1) }] : [],
  )

/** Error: `model_tensor`. */
export const numbersOf = (name: string, book: ArrayBook): Float64Array => finite(name, book.get(name, Float64Array))

export const tailArrays = (name: string, { scores, above }: Tail): NamedArray[] => [
  floats(`${name}/scores`, scores),
  floats(`${name}/above`, above),
]

/** Errors: `model_tensor`, `tail_wrong`. */
export const tailOf = (name: string, book: ArrayBook, count: number): Tail =>
  new Tail(numbersOf(`${name}/scores`, book), numbersOf(`${name}/above`, book), count)

export const neighborArrays = ({ scaling, references: { rows, columns, data } }: Neighbors): NamedArray[] => [
  ...scalingArrays('neighbors', scaling),
  { name: 'neighbors/references', shape: [rows, columns], data },
]

/** Error: `model_tensor`. */
export function neighborsOf(book: ArrayBook, columns: number): Neighbors {
  const data = finite('neighbors/references', book.get('neighbors/references', Float32Array))
  const rows = data.length / Math.max(1, columns)
  if (!Number.isInteger(rows) || rows === 0)
    throw new LearnError('model_tensor', `the tensor 'neighbors/references' has no whole rows of ${columns}`)
  return new Neighbors(scalingOf('neighbors', book, columns), { rows, columns, data })
}

const SCALING = ['center', 'spread', 'mean', 'deviation'] as const

export const scalingArrays = (prefix: string, scaling: Scaling): NamedArray[] =>
  SCALING.map(name => floats(`${prefix}/scaling/${name}`, scaling[name]))

/** Error: `model_tensor`. */
export function scalingOf(prefix: string, book: ArrayBook, columns: number): Scaling {
  const [center, spread, mean, deviation] = SCALING.map(name => {
    const data = numbersOf(`${prefix}/scaling/${name}`, book)
    if (data.length !== columns)
      throw new LearnError(
        'model_tensor',
        `the tensor '${prefix}/scaling/${name}' has ${data.length} numbers for ${columns} columns`,
      )
    if ((name === 'spread' || name === 'deviation') && data.some(each => each <= 0))
      throw new LearnError('model_tensor', `the tensor '${prefix}/scaling/${name}' holds a number that is not above 0`)
    return data
  }) as [Float64Array, Float64Array, Float64Array, Float64Array]
  return { center, spread, mean, deviation }
}

function finite<Kind extends Float32Array | Float64Array>(name: string, data: Kind): Kind {
  if (data.every(each => Number.isFinite(each))) return data
  throw new LearnError('model_tensor', `the tensor '${name}' holds what is no number`)
}
