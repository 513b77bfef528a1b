import type { Matrix } from '@ringwall/learn'
import type { LoadedModel } from '@ringwall/learn/io'
import type { Feature } from '../../evidence/alarm.ts'
import { COLUMN_NAMES, SIZE_COLUMNS, type WindowSize } from '../../evidence/sessions/index.ts'

/** How a column of a session becomes an input of a model. */
interface Input extends Scale {
  readonly name: string
  /** Its place in a row; -1 of the size of the windows. */
  readonly column: number
  /** What it is in all rows, of the size of the windows; NaN of others. */
  readonly same: number
}

interface Scale {
  readonly mean: number
  readonly scale: number
  readonly missing: number | null
}

/** What a model takes of a session's row. */
export class Inputs {
  readonly #steps: readonly Input[]
  readonly #row: Matrix & { readonly data: Float32Array }

  constructor({ preprocessing }: LoadedModel, { span, most }: WindowSize) {
    const sizes = [span / 1_000, most]
    this.#steps = preprocessing.steps.map(step => inputOf(step.from, step as Scale, sizes))
    this.#row = { rows: 1, columns: this.#steps.length, data: new Float32Array(this.#steps.length) }
  }

  /** The row as the model takes it: the same table each time, written anew. */
  of(values: Float64Array): Matrix {
    for (const [at, { column, same, mean, scale, missing }] of this.#steps.entries()) {
      const value = column < 0 ? same : values[column]
      this.#row.data[at] = Number.isNaN(value) ? (missing ?? Number.NaN) : (value - mean) / scale
    }
    return this.#row
  }

  /** The inputs that speak most, with their values in a row. @param parts by how much each speaks */
  features(parts: Float64Array, values: Float64Array, most: number): Feature[] {
    return Array.from(this.#steps.keys())
      .filter(at => this.#steps[at].column >= 0 && parts[at] > 0)
      .sort((a, b) => parts[b] - parts[a])
      .slice(0, most)
      .map(at => {
        const { name, column } = this.#steps[at]
        const value = values[column]
        return { name, value: Number.isNaN(value) ? null : value, contribution: parts[at] }
      })
  }
}

function inputOf(name: string, { mean, scale, missing }: Scale, sizes: readonly number[]): Input {
  const size = (SIZE_COLUMNS as readonly string[]).indexOf(name)
  const column = size < 0 ? COLUMN_NAMES.indexOf(name) : -1
  return { name, column, same: sizes[size] ?? Number.NaN, mean, scale, missing }
}
