import type { Matrix } from '../base/matrix.ts'
import { rowOf } from '../base/matrix.ts'
import { picked } from '../base/rows.ts'
import { boundaryAttack } from './boundary.ts'
import { coordinateSearch } from './coordinate.ts'
import type { Feasible } from './feasible.ts'
import { type PgdOptions, pgd } from './pgd.ts'
import type { Reach } from './rules.ts'
import { type Attacked, type Differentiable, marginsOf } from './target.ts'
import type { Whole } from './whole.ts'
import { pick } from './worst.ts'

/** How hard each attack tries. */
export interface StrongestOptions extends Reach {
  readonly feasible: Feasible
  /** Nets that somebody else trained, for attacks that carry over; none if absent. */
  readonly surrogates?: readonly Differentiable[]
  /** Of PGD. 40 and 5; along a surrogate's slope it starts twice at most. */
  readonly steps?: number
  readonly restarts?: number
  /** Of the search; 30 and 12. */
  readonly rounds?: number
  readonly tries?: number
  /** Of the black box; 10. 0 leaves it out. */
  readonly iterations?: number
  readonly seed?: number
  readonly progress?: (attack: AttackName) => void
}

export type AttackName = 'pgd' | 'transfer' | 'search' | 'search after pgd' | 'black box'

/** What one attack came to, by itself. */
export interface AttackFigure {
  readonly name: AttackName
  readonly accuracy: number
  readonly queries: number
}

/** Of each row the worst that any attack made of it. */
export interface Strongest extends Attacked {
  readonly each: readonly AttackFigure[]
}

const DEFAULTS = { steps: 40, restarts: 5, rounds: 30, tries: 12, iterations: 10, seed: 1 }

/**
 * Attacks rows in every way there is, each from the clean rows (but `search after pgd`, which goes on where PGD ended), and takes of each row the worst: PGD along the net's slope judged by the whole, every
 * other restart down to the rival class; PGD on other nets; a search over the trees' cuts; and the black box that sees classes alone. Errors: `attack_invalid`.
 */
export function strongest(
  { decider, slope, cuts }: Whole,
  rows: Matrix,
  labels: Int32Array,
  options: StrongestOptions,
): Strongest {
  const { surrogates = [], steps, restarts, rounds, tries, iterations, seed, ...reach } = { ...DEFAULTS, ...options }
  const each: AttackFigure[] = []
  const found: Matrix[] = [rows]
  const told = (name: AttackName, { rows: made, accuracy, queries }: Attacked): Matrix => {
    each.push({ name, accuracy, queries })
    found.push(made)
    return made
  }
  const climb: PgdOptions = { ...reach, steps, restarts, seed, judge: decider }
  const search = { ...reach, rounds, tries, seed, ...(cuts === undefined ? {} : { cuts }) }
  const begin = (name: AttackName): void => options.progress?.(name)
  let climbed: Matrix | null = null
  if (slope !== undefined) {
    begin('pgd')
    climbed = told('pgd', pgd(slope, rows, labels, climb))
  }
  if (surrogates.length > 0) {
    begin('transfer')
    const made = surrogates.map(surrogate =>
      pgd(surrogate, rows, labels, { ...climb, restarts: Math.min(2, restarts) }),
    )
    told('transfer', worstOf(decider, [rows, ...made.map(one => one.rows)], labels, queriesOf(made)))
  }
  begin('search')
  told('search', coordinateSearch(decider, rows, labels, search))
  if (climbed !== null) {
    begin('search after pgd')
    told('search after pgd', coordinateSearch(decider, rows, labels, { ...search, descents: 0, start: climbed }))
  }
  if (iterations > 0) {
    begin('black box')
    told('black box', boundaryAttack(decider, rows, labels, { ...reach, iterations, seed }))
  }
  return { ...worstOf(decider, found, labels, queriesOf(each)), each }
}

const queriesOf = (list: readonly { readonly queries: number }[]): number =>
  list.reduce((sum, { queries }) => sum + queries, 0)

/** Of each row that which is worst for the target. */
function worstOf(target: Whole['decider'], found: readonly Matrix[], labels: Int32Array, queries: number): Attacked {
  const rows = { ...found[0], data: found[0].data.slice() }
  const best = marginsOf(target, rows, labels)
  for (const made of found.slice(1)) {
    for (const [row, margin] of marginsOf(target, made, labels).entries()) {
      if (!(margin > best[row])) continue
      best[row] = margin
      rowOf(rows, row).set(rowOf(made, row))
    }
  }
  const right = best.reduce((sum, margin) => sum + Number(margin < 0), 0)
  return { rows, accuracy: right / Math.max(1, rows.rows), queries }
}

/** The first rows of a table, for attacks that cost much. */
export function firstRows(rows: Matrix, labels: Int32Array, count: number): { rows: Matrix; labels: Int32Array } {
  const which = Array.from({ length: Math.min(count, rows.rows) }, (_, row) => row)
  return { rows: picked(rows, which), labels: pick(labels, which) }
}
