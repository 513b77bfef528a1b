import type { Matrix } from '../base/matrix.ts'
import { coarseOf } from './coarse.ts'
import { type Columns, columnsOf, deviationOf, meanOf } from './columns.ts'
import type { Cost } from './costs/cost.ts'
import { meanCost, meanVarianceCost } from './costs/normal.ts'
import { trendCost } from './costs/trend.ts'
import { agreementOf, coveringOf } from './measure.ts'
import { type Cuts, pelt } from './pelt.ts'
import { withoutSpikes } from './spikes.ts'

/** What BIC's penalty is multiplied by, in half octaves: from where most see too many changes to where most see none. */
const BY_LEVEL = [0.5, 0.7, 1, 1.4, 2, 2.8, 4, 5.6]
const BY_VARIANCE = [4, 5.6, 8, 11, 16, 22, 32]
/** So many of the voters see no change in any series. */
const CONTENT = 2
/** The shortest piece: this share of the rows, at most so many rows. */
const SHORTEST = 0.03
const SHORT_ENOUGH = 30
/** Of so few rows half a penalty is asked: in units of the spread a cut can gain no more than the rows, and ln rows would be beyond most of it. */
const FEW = 20
/** Rows up to which every row may be a cut: there are more than twenty searches. */
const MOST_PLACES = 2_000
/** Cuts that lie so near to each other are one cut. */
export const MARGIN = 5

/** What the voters agree on. */
export interface Consensus {
  readonly cuts: Cuts
  /** For each cut, the share of the voters that have one near it. */
  readonly support: readonly number[]
  /** The series as the voters saw it. */
  readonly columns: Columns
}

/**
 * Changes as people mark them, without a penalty to choose: PELT with three costs (level, straight line, level and variance) and a wide
 * range of penalties, in units of each column's spread, gives segmentations; the one is taken that agrees best with all of them, by F1 and covering
 * (the choice of least Bayes risk). No single cost or penalty then decides.
 */
export function consensusOf(matrix: Matrix): Consensus {
  const columns = seenOf(matrix)
  const { rows } = columns
  const shortest = Math.max(2, Math.min(Math.round(SHORTEST * rows), SHORT_ENOUGH))
  const voters: Cuts[] = Array.from({ length: CONTENT }, () => [])
  let margin = MARGIN
  const vote = (full: Cost, factors: readonly number[]): void => {
    const { cost, step, refine } = coarseOf(full, MOST_PLACES)
    margin = Math.max(margin, step)
    const penalty = ((cost.parameters + 1) * Math.log(rows) * rows) / (rows + FEW)
    for (const factor of factors) {
      const own = factor * penalty
      voters.push(refine(pelt(cost, own, Math.ceil(shortest / step)), own))
    }
  }
  if (columns.values.length > 0) {
    vote(meanCost(columns), BY_LEVEL)
    vote(trendCost(columns), BY_LEVEL)
    vote(meanVarianceCost(columns), BY_VARIANCE)
  }
  const cuts = central(voters, rows, margin)
  const near = (cut: number, voter: Cuts): boolean => voter.some(other => Math.abs(other - cut) <= margin)
  const support = cuts.map(cut => voters.filter(voter => near(cut, voter)).length / voters.length)
  return { cuts, support, columns }
}

/** The voter that agrees best with all of them; of equal ones the first. */
function central(voters: readonly Cuts[], rows: number, margin: number): Cuts {
  const groups = Map.groupBy(voters, voter => voter.join())
  let best: Cuts = []
  let most = -Infinity
  for (const [candidate] of groups.values()) {
    let utility = 0
    for (const [other, ...same] of groups.values()) {
      const agreement = agreementOf(candidate!, [other!], margin).f1 + coveringOf(candidate!, [other!], rows)
      utility += (1 + same.length) * agreement
    }
    if (utility <= most) continue
    most = utility
    best = candidate!
  }
  return best
}

/** Columns in units of their spread, without spikes; the spread is then measured again, or a spike would make all else small. */
function seenOf(matrix: Matrix): Columns {
  const columns = columnsOf(matrix, 'spread')
  const values = columns.values.map(withoutSpikes).map(column => {
    const present = column.filter(value => !Number.isNaN(value))
    const mean = meanOf(present)
    // Nothing but spikes: what is left is constant.
    const deviation = deviationOf(present) || 1
    return column.map(value => (value - mean) / deviation)
  })
  return { ...columns, values }
}
