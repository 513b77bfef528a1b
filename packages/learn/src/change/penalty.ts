import { LearnError } from '../base/error.ts'
import { medianOf } from '../linear/index.ts'
import { type Columns, differencesOf } from './columns.ts'
import type { Cost } from './costs/cost.ts'

/**
 * What one more cut must gain. `bic`: (parameters + 1) ln rows. `mbic`: (parameters + 2) ln rows, and pieces of uneven lengths cost more (Zhang
 * and Siegmund 2007). `auto`: BIC times the inflation by the noise's autocorrelation. A number: that.
 */
export type Penalty = 'auto' | 'bic' | 'mbic' | number

/** The cost to minimize and the penalty of a cut. Error: `penalty_not_positive`. */
export function penalized(cost: Cost, penalty: Penalty, columns: Columns): { cost: Cost; penalty: number } {
  const log = Math.log(cost.rows)
  if (penalty === 'bic') return { cost, penalty: (cost.parameters + 1) * log }
  if (penalty === 'mbic') return { cost: withLengths(cost), penalty: (cost.parameters + 2) * log }
  if (penalty === 'auto') return { cost, penalty: inflationOf(columns) * (cost.parameters + 1) * log }
  if (penalty > 0 && penalty < Infinity) return { cost, penalty }
  throw new LearnError('penalty_not_positive', `a penalty of ${penalty}`)
}

/** MBIC's second part: ln(length / rows) of each piece. Two halves of all that there is cost ln 4 less than it: the slack. */
function withLengths(cost: Cost): Cost {
  const between = (from: number, to: number): number => cost.between(from, to) + Math.log((to - from) / cost.rows)
  return { ...cost, slack: cost.slack + Math.log(4 / cost.rows), between }
}

/** The greatest autocorrelation that is believed: beyond it a series is a random walk, and its steps say nothing of its levels. */
const MOST = 0.95

/**
 * How much more often noise with this autocorrelation r seems to change than white noise does: (1 + r) / (1 - r)^2 in units of the noise of
 * differences, at least 1, the median over the columns. The r is that of an autoregression of first order, told from the differences alone, so
 * that changes of level do not pass for it.
 */
export function inflationOf({ values }: Columns): number {
  const each = values.map(column => {
    const steps = differencesOf(column).filter(value => !Number.isNaN(value))
    let square = 0
    let product = 0
    for (let i = 0; i < steps.length; i++) {
      square += steps[i]! ** 2
      if (i > 0) product += steps[i]! * steps[i - 1]!
    }
    const r = square > 0 ? Math.min(MOST, Math.max(0, 1 + (2 * product) / square)) : 0
    return (1 + r) / (1 - r) ** 2
  })
  return each.length === 0 ? 1 : medianOf(each)
}
