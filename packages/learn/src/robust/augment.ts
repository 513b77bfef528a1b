import type { Matrix } from '../base/matrix.ts'
import { coordinateSearch } from './coordinate.ts'
import type { Feasible } from './feasible.ts'
import { pgd } from './pgd.ts'
import type { Reach } from './rules.ts'
import type { Whole } from './whole.ts'

/** How hard rows are attacked that a model then learns from: less than those that it is judged by. */
export interface AugmentOptions extends Reach {
  readonly feasible: Feasible
  readonly seed: number
}

const STEPS = 10
const SEARCH = { rounds: 6, tries: 6, descents: 0 }

/** Rows as attackers of some models make them: by the slope of each that has one, by a search over the cuts of each that has trees. One table an attack, each of as many rows as were given. */
export function attackedRows(
  models: readonly Whole[],
  rows: Matrix,
  labels: Int32Array,
  options: AugmentOptions,
): Matrix[] {
  return models.flatMap(({ decider, slope, cuts }, i) => {
    const seed = options.seed + i
    const climbed =
      slope === undefined
        ? []
        : [pgd(slope, rows, labels, { ...options, seed, steps: STEPS, randomStart: true, judge: decider }).rows]
    const searched =
      cuts === undefined ? [] : [coordinateSearch(decider, rows, labels, { ...options, ...SEARCH, seed, cuts }).rows]
    return [...climbed, ...searched]
  })
}

/** Rows below one another, with the same labels again for each table. */
export function stacked(tables: readonly Matrix[], labels: readonly Int32Array[]): { x: Matrix; codes: Int32Array } {
  const rows = tables.reduce((sum, each) => sum + each.rows, 0)
  const { columns } = tables[0]
  const data = new Float32Array(rows * columns)
  const codes = new Int32Array(rows)
  let at = 0
  for (const [i, table] of tables.entries()) {
    data.set(table.data, at * columns)
    codes.set(labels[i], at)
    at += table.rows
  }
  return { x: { rows, columns, data }, codes }
}
