import { compileCel, type Run, type Scope } from '../cel/index.ts'
import type { SeriesType } from '../types.ts'
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

/** Places at which a law that is no sum of weighted values shows it, and how far off, of the largest part, still is rounding. */
const PROBES = 24
const SLACK = 1e-9

/**
 * A law's residual as a sum of weighted values; or why it is none. What looks back, holds only at times, or is bent is left to the guard. Whether it is straight is tried, not proven: at places of
 * both signs and of sizes from .001 to 1,000.
 */
export function linearOf(law: LawSource, find: (series: string) => SeriesType | undefined): LinearLaw | string {
  const { residual, tolerance, when } = law
  if (residual === undefined || tolerance === undefined) return 'it is a check, not a residual'
  if (when !== undefined) return 'it holds only at times (when)'
  const names = Object.keys(law.values)
  const run = compiled(residual, names, name => find(law.values[name]!))
  if (run === null) return 'it looks back at earlier values'
  const at = (values: readonly number[]): number => run(Float64Array.from(values))
  const constant = at(names.map(() => 0))
  const weights = names.map((_, i) => at(names.map((_, j) => Number(i === j))) - constant)
  if (!weights.every(Number.isFinite)) return 'it is no sum of weighted values'
  for (let probe = 1; probe <= PROBES; probe++) {
    const values = names.map((_, i) => Math.sin(12.9898 * probe + 78.233 * i) * 10 ** ((probe % 7) - 3))
    const parts = [constant, ...values.map((value, i) => value * weights[i]!)]
    const most = Math.max(1, ...parts.map(Math.abs))
    const sum = parts.reduce((all, part) => all + part, 0)
    if (!(Math.abs(at(values) - sum) <= SLACK * most)) return 'it is no sum of weighted values'
  }
  const summed = new Map<string, number>()
  for (const [i, name] of names.entries()) {
    const series = law.values[name]!
    summed.set(series, (summed.get(series) ?? 0) + weights[i]!)
  }
  return { name: law.name, weights: summed, constant, tolerance }
}

/** The residual of a law that was compiled before; null where it looks back. */
function compiled(
  residual: string,
  names: readonly string[],
  find: (name: string) => SeriesType | undefined,
): Run | null {
  let looksBack = false
  const scope: Scope = {
    names,
    find: name => {
      if (name === 'dt') looksBack = true
      return { slot: Math.max(0, names.indexOf(name)), states: find(name)?.states ?? [] }
    },
    derivations: DERIVATIONS,
    derive: () => {
      looksBack = true
      return 0
    },
  }
  const { run } = compileCel(residual, scope)
  return looksBack ? null : run
}
