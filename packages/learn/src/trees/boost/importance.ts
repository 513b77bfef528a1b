import type { Tree } from '../tree.ts'

/** XGBoost's kinds: the mean or total gain of a column's splits, their mean or total cover, or how many they are. */
export type Importance = 'gain' | 'total_gain' | 'cover' | 'total_cover' | 'weight'

/** How much each column counts; 0 where it is not asked. */
export function importancesOf(trees: readonly Tree[], columns: number, kind: Importance): Float64Array {
  const counts = new Float64Array(columns)
  const sums = new Float64Array(columns)
  for (const { feature, gain, cover } of trees) {
    for (const [node, column] of feature.entries()) {
      if (column < 0) continue
      counts[column]!++
      sums[column]! += kind === 'gain' || kind === 'total_gain' ? gain[node]! : cover[node]!
    }
  }
  if (kind === 'weight') return counts
  if (kind === 'total_gain' || kind === 'total_cover') return sums
  return sums.map((sum, column) => (counts[column] === 0 ? 0 : sum / counts[column]!))
}
