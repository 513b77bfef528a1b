import type { Chosen } from './learn-columns.ts'

/** A sensor that stopped telling anything, from a row on. */
export interface Silent {
  readonly sensor: string
  readonly row: number
  /** How many rows on end it has no value in. */
  readonly rows: number
}

/** Fewer rows without a value are a gap. */
const FEWEST = 10
/** So many times as long as the longest gap before it is no gap of the usual kind. */
const FACTOR = 3

/**
 * The sensors that are silent in the rows that are judged: without a value in ten of them or more on end, and three times as long as ever before. Of each the longest such run.
 * @param from the first row that is judged
 */
export function silentIn({ names, matrix }: Pick<Chosen, 'names' | 'matrix'>, from: number): Silent[] {
  const { rows, columns, data } = matrix
  return names.flatMap((sensor, column) => {
    let found: Silent | null = null
    let longest = 0
    let gap = 0
    for (let row = 0; row <= rows; row++) {
      if (row < rows && Number.isNaN(data[row * columns + column]!)) {
        gap++
        continue
      }
      const first = Math.max(from, row - gap)
      const judged = row - first
      if (judged >= FEWEST && gap >= FACTOR * longest && judged > (found?.rows ?? 0)) {
        found = { sensor, row: first, rows: judged }
      }
      longest = Math.max(longest, gap)
      gap = 0
    }
    return found === null ? [] : [found]
  })
}
