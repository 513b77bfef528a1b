import { LearnError } from '../base/error.ts'
import { largest } from '../base/largest.ts'
import type { Matrix } from '../base/matrix.ts'
import { binarySegmentation } from './binary.ts'
import { coarseOf, MOST_PLACES } from './coarse.ts'
import { type Columns, columnsOf } from './columns.ts'
import { consensusOf } from './consensus.ts'
import type { Cost } from './costs/cost.ts'
import { kernelCost } from './costs/kernel.ts'
import { meanCost, meanVarianceCost, varianceCost } from './costs/normal.ts'
import { rankCost } from './costs/rank.ts'
import { trendCost } from './costs/trend.ts'
import { type Cuts, pelt } from './pelt.ts'
import { type Penalty, penalized } from './penalty.ts'

/** What a piece keeps: its mean, its variance about the column's mean, both, its straight line, its ranks' mean, or its whole distribution. */
export type CostName = 'mean' | 'variance' | 'mean-variance' | 'trend' | 'rank' | 'kernel'

/** How a series is cut. Without any: the consensus. */
export interface SegmentOptions {
  /** `consensus` (the default) takes no cost and no penalty. */
  readonly method?: 'consensus' | 'pelt' | 'binary'
  /** `rank` where nothing is said. */
  readonly cost?: CostName
  /** `auto` where nothing is said: BIC, corrected for the noise's autocorrelation. */
  readonly penalty?: Penalty
  /** Fewest rows of a piece, at least what the cost needs. */
  readonly least?: number
  /** Most changes, for binary segmentation. */
  readonly most?: number
}

/** One change of a series. */
export interface Change {
  /** The first row of the new piece. */
  readonly row: number
  /** 0 to 1. Consensus: the share of the voters that see it. Others: the posterior that BIC gives the cut against none. */
  readonly confidence: number
  /** The column that gains most by it. */
  readonly column: number
  /** Rows, counted from `row`, after which the change would have been found had the series ended there. */
  readonly delay: number
}

const COSTS: Readonly<Record<CostName, (columns: Columns) => Cost>> = {
  mean: meanCost,
  variance: varianceCost,
  'mean-variance': meanVarianceCost,
  trend: trendCost,
  rank: rankCost,
  kernel: kernelCost,
}

/**
 * The changes of a series of rows in even steps of time, ascending; missing values are NaN. A series that is too short or constant has none.
 * A long one is searched coarsely, then each cut is set to its row, so that time stays bounded: pieces shorter than a 4,000th (consensus: a 2,000th) of it are not told apart.
 * Errors: `series_empty`, `series_not_finite`, `series_long` (kernel), `penalty_not_positive`, `change_options`, `matrix_ragged`.
 */
export function segment(matrix: Matrix, options: SegmentOptions = {}): Change[] {
  requireOptions(options)
  const method = options.method ?? 'consensus'
  if (method === 'consensus') {
    const { cuts, support, columns } = consensusOf(matrix)
    const penalty = 2 * Math.log(matrix.rows)
    return described(cuts, columns, meanCost, penalty).map((change, i) => ({ ...change, confidence: support[i]! }))
  }
  const columns = columnsOf(matrix)
  if (columns.values.length === 0) return []
  const make = COSTS[options.cost ?? 'rank']
  const { cost, penalty } = penalized(make(columns), options.penalty ?? 'auto', columns)
  const least = Math.max(options.least ?? 0, cost.least)
  const search = method === 'pelt' ? coarsePelt : binarySegmentation
  return described(search({ ...cost, least }, penalty, options.most), columns, make, penalty)
}

function coarsePelt(cost: Cost, penalty: number): Cuts {
  const { cost: coarse, refine } = coarseOf(cost, MOST_PLACES)
  return refine(pelt(coarse, penalty), penalty)
}

function described(cuts: Cuts, columns: Columns, make: (columns: Columns) => Cost, penalty: number): Change[] {
  if (cuts.length === 0) return []
  const cost = make(columns)
  const edges = cuts.map((row, i) => ({ from: cuts[i - 1] ?? 0, row, to: cuts[i + 1] ?? columns.rows }))
  // Column by column: a kernel's sums are large, and one column's are enough at a time.
  const gains = columns.values.map(values => {
    const own = make({ ...columns, values: [values] })
    return edges.map(({ from, row, to }) => gainOf(own, from, row, to))
  })
  return edges.map(({ from, row, to }, i) => {
    const each = gains.map(own => own[i]!)
    return {
      row,
      confidence: 1 / (1 + Math.exp((penalty - gainOf(cost, from, row, to)) / 2)),
      column: columns.origin[largest(each)]!,
      delay: delayOf(cost, from, row, to, penalty),
    }
  })
}

function gainOf(cost: Cost, from: number, row: number, to: number): number {
  return cost.between(from, to) - cost.between(from, row) - cost.between(row, to)
}

function delayOf(cost: Cost, from: number, row: number, to: number, penalty: number): number {
  let end = row + cost.least
  while (end < to && gainOf(cost, from, row, end) <= penalty) end++
  return end - row
}

function requireOptions({ method, cost, penalty, least, most }: SegmentOptions): void {
  const wrong = (what: string): never => {
    throw new LearnError('change_options', what)
  }
  if (method !== undefined && !['consensus', 'pelt', 'binary'].includes(method)) wrong(`no method ${method}`)
  if (cost !== undefined && !Object.hasOwn(COSTS, cost)) wrong(`no cost ${cost}`)
  if (typeof penalty === 'string' && !['auto', 'bic', 'mbic'].includes(penalty)) wrong(`no penalty ${penalty}`)
  if (least !== undefined && !(Number.isInteger(least) && least >= 1)) wrong(`pieces of at least ${least} rows`)
  if (most !== undefined && !(Number.isInteger(most) && most >= 0)) wrong(`at most ${most} changes`)
  const given = cost !== undefined || penalty !== undefined || least !== undefined || most !== undefined
  if (given && (method ?? 'consensus') === 'consensus') wrong('the consensus takes no cost, penalty, least or most')
  if (most !== undefined && method !== 'binary') wrong('only binary segmentation takes a number of changes')
}
