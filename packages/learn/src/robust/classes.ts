import type { Matrix } from '../base/matrix.ts'
import { evenly } from '../base/rows.ts'
import { liftBy } from '../ensemble/index.ts'

/** The share of each class's rows that is told rightly; NaN of a class without rows. */
export function recallsOf(right: ArrayLike<boolean>, codes: ArrayLike<number>, classes: number): Float64Array {
  const [hits, all] = [new Float64Array(classes), new Float64Array(classes)]
  for (let row = 0; row < codes.length; row++) {
    all[codes[row]]++
    hits[codes[row]] += Number(right[row])
  }
  return hits.map((count, k) => count / all[k])
}

/** Balanced accuracy: the mean of the classes' shares, over classes that have rows. */
export function balancedOf(recalls: Float64Array): number {
  const known = recalls.filter(each => !Number.isNaN(each))
  return known.reduce((sum, each) => sum + each, 0) / known.length
}

/** Places of so many rows, ascending, or of all: of each class its share, of a class's rows at equal steps. Of each class one at least, even if that makes more. */
export function spreadRows(codes: Int32Array, classes: number, most: number): Int32Array {
  if (codes.length <= most) return Int32Array.from(codes.keys())
  const lists = rowsOfEach(codes, classes)
  const shares = lists.map(rows => (rows.length * most) / codes.length)
  const left = most - shares.reduce((sum, share) => sum + Math.floor(share), 0)
  const byRest = Array.from(shares.keys()).sort((a, b) => (shares[b] % 1) - (shares[a] % 1) || a - b)
  const more = new Set(byRest.slice(0, left))
  const taken = lists.map((rows, k) => evenly(rows, Math.max(1, Math.floor(shares[k]) + Number(more.has(k)))))
  return Int32Array.from(taken.flatMap(rows => Array.from(rows))).sort()
}

/** A class is rare that has fewer rows than this share of the commonest one's. */
const RARE = 0.5
const REPEATS = 8
/** Of all rows, so many times as many at most. */
const LONGER = 2

/** Places of all rows, ascending; those of rare classes again and again, up to as many as the commonest has: who learns from attacks on these rows learns what becomes of rare ones, too. */
export function repeatedRows(codes: Int32Array, classes: number): Int32Array {
  const counts = rowsOfEach(codes, classes).map(rows => rows.length)
  const largest = Math.max(...counts)
  const timesOf = (count: number, most: number): number =>
    count < RARE * largest ? Math.min(most, Math.floor(largest / count)) : 1
  const rowsAt = (most: number): number =>
    counts.reduce((sum, count) => sum + count * (count && timesOf(count, most)), 0)
  let most = REPEATS
  while (most > 1 && rowsAt(most) > LONGER * codes.length) most--
  return Int32Array.from(
    Array.from(codes).flatMap((code, row) => new Array<number>(timesOf(counts[code], most)).fill(row)),
  )
}

/** By how much each class is lifted, by the best balanced accuracy. @param shares of each class in what was learned */
export function liftOf(probabilities: Matrix, codes: Int32Array, shares: Float64Array): Float64Array {
  const isRight = (told: Int32Array): boolean[] => Array.from(told, (code, row) => code === codes[row])
  return liftBy(probabilities, shares, told => balancedOf(recallsOf(isRight(told), codes, shares.length)))
}

function rowsOfEach(codes: Int32Array, classes: number): Int32Array[] {
  return Array.from({ length: classes }, (_, k) => Int32Array.from(codes.keys()).filter(row => codes[row] === k))
}
