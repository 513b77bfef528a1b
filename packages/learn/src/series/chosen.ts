import type { Fields } from '../base/fields.ts'
import type { Matrix } from '../base/matrix.ts'
import type { Piece } from './scorer.ts'

/** Most sensors that are judged together: what every sensor has to do with every other one is learned, in time that grows with more than the square of their number. */
export const MOST_SENSORS = 256

/** The rows of all pieces in one table, with the chosen columns only. */
export function chosenColumns(pieces: readonly Piece[], sensors: readonly number[]): Matrix {
  const rows = pieces.reduce((sum, piece) => sum + piece.rows, 0)
  const data = new Float32Array(rows * sensors.length)
  let at = 0
  for (const { rows: count, columns, data: values } of pieces)
    for (let row = 0; row < count; row++) for (const sensor of sensors) data[at++] = values[row * columns + sensor]!
  return { rows, columns: sensors.length, data }
}

/** How many of the chosen sensors are heard. */
export function heardOf(chosen: readonly number[], unheard: ArrayLike<number> | undefined): number {
  if (unheard === undefined) return chosen.length
  let heard = 0
  for (const sensor of chosen) if (unheard[sensor] !== 1) heard++
  return heard
}

/** How many values a kept scorer takes, and which of them it looks at. */
export function chosenIn(fields: Fields): { readonly sensors: number; readonly chosen: readonly number[] } {
  const sensors = fields.whole('sensors', { least: 1, most: MOST_SENSORS })
  const range = { least: 0, most: sensors - 1 }
  return { sensors, chosen: Array.from(fields.numbers('chosen', Int32Array, { least: 1, most: sensors }, range)) }
}
