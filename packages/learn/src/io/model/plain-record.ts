import { type Matrix, rowsOf } from '../../base/matrix.ts'
import type { Numbers } from '../table/index.ts'
import { canonical, digestOf } from './canonical.ts'
import { rangeOf } from './range.ts'
import type { ModelRecord } from './record.ts'

/** What a record says of a model that takes the columns of a table as they are. */
export function plainRecord({ names, matrix }: Numbers): Pick<ModelRecord, 'schema' | 'preprocessing'> {
  return {
    schema: names.map((name, column) => ({
      name,
      kind: 'number',
      role: 'feature',
      ...rangeOf(valuesOf(matrix, column)),
    })),
    preprocessing: { steps: names.map(from => ({ from, kind: 'number', mean: 0, scale: 1, missing: null })) },
  }
}

function* valuesOf({ rows, columns, data }: Matrix, column: number): Generator<number> {
  for (let row = 0; row < rows; row++) yield data[row * columns + column]!
}

/** SHA-256 of rows and of the names of their columns. */
export function digestOfRows(names: readonly string[], { data }: Matrix): Promise<string> {
  const head = new TextEncoder().encode(canonical(names))
  const bytes = new Uint8Array(head.length + data.byteLength)
  bytes.set(head)
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), head.length)
  return digestOf(bytes)
}

/** How many of the first rows are those that a model learned from: all of them, or none. */
export async function ownRows({ training, preprocessing }: ModelRecord, matrix: Matrix): Promise<number> {
  const { rows, data } = training
  const names = preprocessing.steps.map(({ from }) => from)
  return matrix.rows >= rows && (await digestOfRows(names, rowsOf(matrix, 0, rows))) === data ? rows : 0
}
