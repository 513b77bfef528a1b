import type { SchemaColumn } from './record.ts'

/** The range of the numbers that were seen, absent where there is none, and how many are missing: infinite ones count as such. */
export function rangeOf(values: Iterable<number>): Pick<SchemaColumn, 'least' | 'most' | 'missing'> {
  let [least, most, missing] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0]
  for (const value of values) {
    if (Number.isFinite(value)) {
      least = Math.min(least, value)
      most = Math.max(most, value)
    } else missing++
  }
  return { missing, ...(least <= most ? { least, most } : {}) }
}
