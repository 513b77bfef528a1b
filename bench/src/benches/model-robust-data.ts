import type { Matrix } from '../../../packages/learn/src/index.ts'
import { type ColumnRule, Feasible } from '../../../packages/learn/src/robust/index.ts'
import { cutAt, type Nsl } from './model-data.ts'

/** NSL-KDD as models take it, and what somebody who sends traffic can do to a row. */
export interface Attackable {
  readonly train: Matrix
  readonly trainLabels: Int32Array
  readonly test: Matrix
  readonly testLabels: Int32Array
  readonly feasible: Feasible
  /** What is feasible, column by column. */
  readonly rules: readonly ColumnRule[]
  /** Rows that heavy attacks are judged on, and those where attacks are many: the first of those to judge. */
  readonly heavy: number
  readonly light: number
}

const ALL = { most: Number.POSITIVE_INFINITY, heavy: 1_500, light: 300 }
/** Of a smoke run. */
const QUICK = { most: 2_500, heavy: 60, light: 30 }

/** Flags of a host's state: not in a sender's hand. */
const FLAGS = new Set(['land', 'logged_in', 'root_shell', 'su_attempted', 'is_host_login', 'is_guest_login'])
const SHARE = 0.7

/**
 * The first 70 % of rows to learn. Numbers become log(1 + value), less their mean, over their deviation (of the rows to learn), so that an epsilon counts in deviations. Words and flags
 * are fixed, numbers stay within the ranges of the rows to learn and move by whole steps: 1, and .01 for rates.
 */
export function attackable({ columns, rows: raw, labels }: Nsl, quick: boolean): Attackable {
  const { most, heavy, light } = quick ? QUICK : ALL
  const cut = cutAt(raw.rows, SHARE)
  const [learned, judged] = [cut.learned.slice(0, most), cut.judged.slice(0, most)]
  const width = columns.length
  const bent = raw.data.map((value, at) => (columns[at % width]!.word === null ? Math.log1p(value) : value))
  const forms = columns.map(({ word }, column) => {
    const values = learned.map(row => bent[row * width + column]!)
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
    const [least, most] = [Math.min(...values), Math.max(...values)]
    return word === null ? { mean, deviation: Math.sqrt(variance) || 1, least, most } : null
  })
  const data = bent.map((value, at) => {
    const form = forms[at % width]!
    return form === null ? value : (value - form.mean) / form.deviation
  })
  const rules = forms.map((form, column): ColumnRule => {
    const { name } = columns[column]!
    if (form === null || FLAGS.has(name)) return { fixed: true }
    const { mean, deviation } = form
    return {
      least: (form.least - mean) / deviation,
      most: (form.most - mean) / deviation,
      step: name.endsWith('_rate') ? 0.01 : 1,
      own: {
        from: value => Math.expm1(value * deviation + mean),
        to: own => (Math.log1p(Math.max(0, own)) - mean) / deviation,
      },
    }
  })
  const part = (which: readonly number[]): Matrix => {
    const out = new Float32Array(which.length * width)
    for (const [at, row] of which.entries()) out.set(data.subarray(row * width, (row + 1) * width), at * width)
    return { rows: which.length, columns: width, data: out }
  }
  const labelsOf = (which: readonly number[]): Int32Array => Int32Array.from(which, row => labels[row]!)
  return {
    train: part(learned),
    trainLabels: labelsOf(learned),
    test: part(judged),
    testLabels: labelsOf(judged),
    feasible: new Feasible({ columns: width, rules }),
    rules,
    heavy,
    light,
  }
}
