import { LearnError } from '../../base/error.ts'
import type { Matrix } from '../../base/matrix.ts'
import { medianOf } from '../../linear/index.ts'
import { told } from '../../sanitize/removal.ts'

/** When a baseline is said to walk. */
export interface AnchorOptions {
  /** Rows of a block, of which means are taken; 50. */
  readonly block?: number
  /** How far the center may be from the anchor's, in deviations of the anchor's block means; 4. */
  readonly limit?: number
}

/** A column that has walked from its anchor. */
export interface Walk {
  readonly code: 'baseline_walked'
  readonly column: number
  readonly anchor: number
  readonly now: number
  /** How far, in deviations of the anchor's block means. */
  readonly deviations: number
  readonly why: string
}

const DEFAULTS = { block: 50, limit: 4 }
const FEWEST = 6

/**
 * A frozen reference for a baseline that is learned anew as time goes on. Each window that is to be learned from is compared with it, never with the window before: an attacker who drifts a sensor a little at a
 * time moves every window by nothing much, and all of them together by as much as he likes. Centers are medians of block means, which a minority of absurd rows does not move.
 */
export class Anchor {
  readonly #centers: Float64Array
  readonly #spreads: Float64Array
  readonly #options: typeof DEFAULTS

  private constructor(centers: Float64Array, spreads: Float64Array, options: typeof DEFAULTS) {
    this.#centers = centers
    this.#spreads = spreads
    this.#options = options
  }

  /** Freezes rows that are known to be good. Errors: `rows_too_few`, `option_wrong`. */
  static freeze(rows: Matrix, options: AnchorOptions = {}): Anchor {
    const all = { ...DEFAULTS, ...options }
    if (!Number.isInteger(all.block) || all.block < 1 || !(all.limit > 0))
      throw new LearnError('option_wrong', `blocks of ${all.block} rows and a limit of ${all.limit}: both are above 0`)
    const means = blockMeans(rows, all.block)
    const centers = Float64Array.from(means, column => medianOf(column))
    const spreads = Float64Array.from(means, (column, i) => deviationOf(column, centers[i]))
    return new Anchor(centers, spreads, all)
  }

  /** The columns that a window has walked away in; none where it may be learned from. Errors: `rows_too_few`, `row_width`. */
  compare(window: Matrix): Walk[] {
    if (window.columns !== this.#centers.length)
      throw new LearnError(
        'row_width',
        `a window has ${window.columns} columns, and the anchor ${this.#centers.length}`,
      )
    return blockMeans(window, this.#options.block).flatMap((means, column) => {
      const anchor = this.#centers[column]
      const now = medianOf(means)
      const spread = this.#spreads[column]
      const deviations = now === anchor ? 0 : Math.abs(now - anchor) / spread
      if (deviations <= this.#options.limit) return []
      const why = `column ${column} was ${told(anchor)} and is ${told(now)}, ${told(deviations)} deviations away: ${told(this.#options.limit)} are allowed`
      return [{ code: 'baseline_walked' as const, column, anchor, now, deviations, why }]
    })
  }
}

/** The means of whole blocks, by column; missing values do not count. */
function blockMeans({ rows, columns, data }: Matrix, block: number): Float64Array[] {
  const blocks = Math.floor(rows / block)
  if (blocks < FEWEST)
    throw new LearnError('rows_too_few', `${rows} rows are ${blocks} blocks of ${block}: at least ${FEWEST} are needed`)
  return Array.from({ length: columns }, (_, column) => {
    const means = Float64Array.from({ length: blocks }, (_, at) => {
      let sum = 0
      let count = 0
      for (let row = at * block; row < (at + 1) * block; row++) {
        const value = data[row * columns + column]
        if (Number.isNaN(value)) continue
        sum += value
        count++
      }
      return sum / count
    })
    const known = means.filter(mean => !Number.isNaN(mean))
    if (known.length < FEWEST)
      throw new LearnError(
        'rows_too_few',
        `column ${column} has values in ${known.length} blocks: at least ${FEWEST} are needed`,
      )
    return known
  })
}

function deviationOf(values: Float64Array, center: number): number {
  return Math.sqrt(values.reduce((sum, value) => sum + (value - center) ** 2, 0) / (values.length - 1))
}
