import type { Matrix } from '../base/matrix.ts'
import { pooled } from './pool.ts'
import type { Tail } from './tail.ts'

/** What may tell an attack: the members' odds against normal, how far the nearest normal row is, and what a forest says that knows normal rows from shuffled ones. */
export type Sign = 'odds' | 'distance' | 'contrast'

export const SIGNS: readonly Sign[] = ['odds', 'distance', 'contrast']

/** A number of each row by each sign. */
export type Signed = Readonly<Record<Sign, Float64Array>>

/** A tail of each sign, among normal rows that were held out. */
export type SignTails = Readonly<Record<Sign, Tail>>

/** So that odds stay finite. */
const LEAST = 1e-7

/** Of the members' mean: weights that were learned on known attacks would trust whoever is surest of those. */
export function oddsAgainst(members: readonly Matrix[], normal: number): Float64Array {
  const weights = new Float64Array(members.length).fill(1 / members.length)
  const { rows, columns, data } = pooled({ kind: 'vote', weights }, members)
  return Float64Array.from({ length: rows }, (_, row) => {
    const p = Math.min(1 - LEAST, Math.max(LEAST, data[row * columns + normal]!))
    return Math.log((1 - p) / p)
  })
}

/** P-values joined by Fisher's method (1932): -2 times the sum of their logs. @param own whether the tails were made of these rows: then each is set among the others */
export function fisher(signs: readonly Sign[], tails: SignTails, { odds, distance, contrast }: Signed, own = false) {
  const values = { odds, distance, contrast }
  return odds.map((_, row) =>
    signs.reduce((sum, sign) => {
      const score = values[sign][row]!
      return sum - 2 * Math.log(own ? tails[sign].ownP(score) : tails[sign].p(score))
    }, 0),
  )
}
