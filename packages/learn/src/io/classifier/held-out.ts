import type { CoveragePoint } from '../../ensemble/index.ts'
import type { ModelRecord } from '../model/index.ts'
import { judgedOf } from './split.ts'

/** How a classifier did on rows that it had not learned when it told them, as its record says. */
export interface HeldOut {
  readonly rows: number
  readonly accuracy: number
  /** What it would be to tell always the class that most training rows had. */
  readonly baseline: { readonly class: string; readonly accuracy: number }
  /** Whether it is better than that by more than chance: two standard errors of the share that is right. */
  readonly isBetter: boolean
  /** Of an ensemble: how many of the rows that it decides are right, from all rows down. */
  readonly coverage: readonly CoveragePoint[]
}

const ERRORS = 2
const AT = 'accuracy at coverage '

/** Null where the record does not say it: of a model that was hardened after it was fitted, or is no classifier. */
export function heldOutOf({ classes, training }: Pick<ModelRecord, 'classes' | 'training'>): HeldOut | null {
  const { figures = {}, classRows, options } = training
  const { algorithm } = options as { readonly algorithm?: unknown }
  const isEnsemble = algorithm === 'ensemble'
  const accuracy = figures[isEnsemble ? 'accuracy' : `${algorithm} accuracy`]
  const rows = figures[isEnsemble ? 'rows held out' : 'rows judged by']
  if (accuracy === undefined || rows === undefined || rows === 0 || classRows === undefined) return null
  const most = classRows.indexOf(classRows.reduce((one, other) => Math.max(one, other), 0))
  const share = (isEnsemble ? classRows[most]! : judgedOf(classRows[most]!)) / rows
  const coverage = Object.entries(figures)
    .filter(([name]) => name.startsWith(AT))
    .map(([name, value]) => ({ coverage: Number(name.slice(AT.length)), accuracy: value }))
    .sort((a, b) => b.coverage - a.coverage)
  return {
    rows,
    accuracy,
    baseline: { class: classes[most]!, accuracy: share },
    isBetter: accuracy > share + ERRORS * Math.sqrt((share * (1 - share)) / rows),
    coverage,
  }
}
