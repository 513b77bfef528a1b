import { affineOf, namesIn } from '../cel/index.ts'
import { DERIVATIONS } from './frame.ts'
import type { LawSource } from './source.ts'

/** A law that holds of values at one moment: `constant` and the weighted values together are at most `tolerance` from 0. */
export interface LinearLaw {
  readonly name: string
  /** By the name of the series (`device/name`). */
  readonly weights: ReadonlyMap<string, number>
  readonly constant: number
  readonly tolerance: number
}

/** A law's residual as a sum of weighted values, by its form; or why it is none. What looks back, holds only at times, or is bent is left to the guard. */
export function linearOf({ name, residual, tolerance, when, values }: LawSource): LinearLaw | string {
  if (residual === undefined || tolerance === undefined) return 'it is a check, not a residual'
  if (when !== undefined) return 'it holds only at times (when)'
  const said = namesIn(residual)
  if (['dt', ...DERIVATIONS].some(each => said.has(each))) return 'it looks back at earlier values'
  const found = affineOf(residual)
  if (found === null) return 'it is no sum of weighted values'
  const weights = new Map<string, number>()
  for (const [value, weight] of found.weights) {
    const series = values[value]!
    weights.set(series, (weights.get(series) ?? 0) + weight)
  }
  return { name, weights, constant: found.constant, tolerance }
}
