import { type Matrix, randomOf } from '../../../packages/learn/src/index.ts'
import type { Trigger } from '../../../packages/learn/src/robust/poison/index.ts'

/**
 * A trigger that nobody chose: columns drawn by the seed, and in each the value in the middle of the widest gap between the values that it takes, a whole number where all are. So a value that the column could have, and that no row has.
 */
export function drawnTrigger(rows: Matrix, count: number, seed: number): Trigger {
  const random = randomOf(seed)
  const free = Array.from({ length: rows.columns }, (_, column) => ({ column, value: freeValue(rows, column) }))
  const left = free.filter(({ value }) => value !== null)
  const drawn = Array.from({ length: count }, () => left.splice(random.below(left.length), 1)[0]!)
  return { columns: drawn.map(({ column }) => column), values: drawn.map(({ value }) => value!) }
}

/** Null where the column has no gap. */
function freeValue({ rows, columns, data }: Matrix, column: number): number | null {
  const all = Array.from({ length: rows }, (_, row) => data[row * columns + column]!)
  const values = [...new Set(all)].filter(value => !Number.isNaN(value)).sort((a, b) => a - b)
  let [low, high] = [0, 0]
  for (const [i, value] of values.slice(1).entries())
    if (value - values[i]! > high - low) [low, high] = [values[i]!, value]
  const middle = Math.fround((low + high) / 2)
  const value = values.every(Number.isInteger) ? Math.round(middle) : middle
  return value > low && value < high ? value : null
}
