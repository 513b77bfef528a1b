import { LearnError } from '../base/error.ts'
import type { Matrix } from '../base/matrix.ts'
import { picked } from '../base/rows.ts'
import { medianAndDeviation } from '../linear/index.ts'
import { type Recipe, type Scorer, scoreRows, type TrainedRecipe } from '../series/scorer.ts'
import { type Removal, told } from './removal.ts'

/** Rows that are left after a filter, which of the old rows they are, and what was taken out. */
export interface Filtered {
  readonly rows: Matrix
  readonly kept: readonly number[]
  readonly removals: readonly Removal[]
}

/** Above this share, rows that differ are no outliers but another way of working: the filter takes only the worst of them. */
const MOST = 0.1
const LIMIT = 6

/**
 * Takes rows out of a training set that a scorer, learned from the set itself, finds unlike the others: an isolation forest, a distance. See `filterBy`.
 * Errors: `value_missing`, and those of the recipe.
 */
export function filterRows(recipe: Recipe, rows: Matrix, limit = LIMIT): Filtered {
  checkWhole(rows)
  return filterBy(recipe.fit([rows]), rows, limit)
}

/** The same by a scorer whose learning takes its time: an autoencoder. */
export async function filterRowsTrained(recipe: TrainedRecipe, rows: Matrix, limit = LIMIT): Promise<Filtered> {
  checkWhole(rows)
  return filterBy(await recipe.fit([rows]), rows, limit)
}

function checkWhole({ data, columns }: Matrix): void {
  const missing = data.findIndex(value => !Number.isFinite(value))
  if (missing < 0) return
  throw new LearnError('value_missing', `row ${Math.floor(missing / columns)} has a missing value: take it out first`)
}

/**
 * Takes rows out by a scorer. A row goes whose score's logarithm is more than six spreads (by the median deviation) above the median: scores are positive and skewed, and how many rows are
 * wrong is not known beforehand. At most a tenth of all rows goes.
 */
function filterBy(scorer: Scorer, rows: Matrix, limit: number): Filtered {
  const logs = scoreRows(scorer, rows).map(score => Math.log(Math.max(score, Number.MIN_VALUE)))
  const known = logs.filter(value => !Number.isNaN(value))
  const { median, deviation } = medianAndDeviation(known)
  const worst = Array.from(logs.keys())
    .filter(row => logs[row]! > median + limit * deviation && deviation > 0)
    .sort((a, b) => logs[b]! - logs[a]!)
    .slice(0, Math.floor(MOST * rows.rows))
    .sort((a, b) => a - b)
  const gone = new Set(worst)
  const kept = Array.from({ length: rows.rows }, (_, row) => row).filter(row => !gone.has(row))
  const removals = worst.map((row): Removal => {
    const score = Math.exp(logs[row]!)
    const why = `${scorer.name} scores it ${told(score)}, where ${told(Math.exp(median))} is usual`
    return { code: 'outlier', from: row, to: row + 1, column: -1, value: score, why }
  })
  return { rows: picked(rows, kept), kept, removals }
}
