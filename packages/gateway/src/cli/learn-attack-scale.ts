import type { Matrix } from '@ringwall/learn'
import type { LoadedModel, ModelRecord, Step } from '@ringwall/learn/io'
import type { Spread } from '@ringwall/learn/robust'
import { inputsOf } from './learn-constraints.ts'

/** By what the columns of attacked rows are measured. */
export interface Yardstick {
  /** The deviation of each input, as the model takes it; 1 where it does not move. */
  readonly scale: readonly number[]
  /** Whether deviations are those of the rows that the model learned, as its file says, or of the rows that are attacked. */
  readonly scaleOf: 'training rows' | 'attacked rows'
  /** Inputs that do not move. */
  readonly still: readonly boolean[]
  /** By how much an epsilon of 1 moves each column, in its own unit. */
  readonly units: Readonly<Record<string, number>>
  /** Columns whose kept deviation is nothing like that of the attacked rows. */
  readonly unlike: readonly { readonly column: string; readonly kept: number; readonly attacked: number }[]
}

/** So many times as large, or as small, a kept deviation is nothing like the measured one. */
const UNLIKE = 10

/** Winsorized deviations: one wild cell would make an attacker's reach as wide as it likes. */
export function yardstickOf(
  { preprocessing, training }: ModelRecord | LoadedModel,
  rows: Matrix,
  spreadOf: (rows: Matrix, column: number) => Spread,
): Yardstick {
  const inputs = inputsOf(preprocessing.steps)
  const measured = deviationsOf(inputs, rows, spreadOf)
  const kept = inputs.map(step => (step.kind === 'number' ? keptDeviation(training.options, step.from) : 1))
  const isKept = kept.every(each => each !== null)
  const deviations = inputs.map((_, i) => kept[i] ?? measured[i]!)
  return {
    scale: deviations.map(each => each || 1),
    scaleOf: isKept ? 'training rows' : 'attacked rows',
    still: deviations.map(each => each === 0),
    units: Object.fromEntries(
      inputs.flatMap((step, i) => (step.kind === 'number' ? [[step.from, deviations[i]! * step.scale] as const] : [])),
    ),
    unlike: inputs.flatMap(({ from: column }, i) => {
      const [one, other] = [kept[i], measured[i]!]
      if (one === null || one === undefined) return []
      return one > UNLIKE * other || other > UNLIKE * one ? [{ column, kept: one, attacked: other }] : []
    }),
  }
}

/** The deviation of each input; 1 of what comes from words. */
export function deviationsOf(
  inputs: readonly Step[],
  rows: Matrix,
  spreadOf: (rows: Matrix, column: number) => Spread,
): number[] {
  return inputs.map((step, column) => (step.kind === 'number' ? spreadOf(rows, column).winsorized.deviation : 1))
}

/** What `learn harden` wrote down of a column; null where nothing is. */
function keptDeviation(options: unknown, name: string): number | null {
  const { harden } = (options ?? {}) as {
    readonly harden?: { readonly deviations?: Readonly<Record<string, unknown>> }
  }
  const found = harden?.deviations?.[name]
  return typeof found === 'number' && found >= 0 && Number.isFinite(found) ? found : null
}
