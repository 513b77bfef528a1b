const SHARE = 0.2
/** A class of fewer rows is not split. */
const FEWEST = 5

/** How many of a class's rows judge. */
export const judgedOf = (count: number): number => (count < FEWEST ? 0 : Math.floor(count * SHARE))

/**
 * Rows to learn from and rows to judge by: of each class the last fifth of its rows, in the order of the file. Rows that follow one another are much alike in
 * telemetry; a random split would judge by rows whose neighbors were learned.
 */
export function splitRows(codes: Int32Array, classes: number): { learned: Int32Array; judged: Int32Array } {
  const counts = new Int32Array(classes)
  for (const code of codes) counts[code]!++
  const keep = counts.map(count => count - judgedOf(count))
  const seen = new Int32Array(classes)
  const rows = Int32Array.from(codes.keys())
  const isLearned = rows.map(row => Number(seen[codes[row]!]!++ < keep[codes[row]!]!))
  return { learned: rows.filter(row => isLearned[row] === 1), judged: rows.filter(row => isLearned[row] === 0) }
}
