/** A row as a forest's split sees it: its bin, to which sum it adds what, and how much it counts. */
export interface Drawn {
  readonly bin: number
  readonly sum: number
  readonly amount: number
  readonly weight: number
}

/** What `forestSplit` finds. */
export interface ForestSplit {
  readonly score: number
  /** The last bin on the left. */
  readonly bin: number
  /** The sums on the left, their weight and the rows. */
  readonly left: readonly number[]
}

/** The sums of rows, their weight, and how many they are. */
export function recordOf(rows: readonly Drawn[], sums: number): number[] {
  const record = new Array<number>(sums + 2).fill(0)
  for (const { sum, amount, weight } of rows) {
    record[sum]! += amount
    record[sums]! += weight
    record[sums + 1]!++
  }
  return record
}

/** Sums of squares over the weight, or less the weighted entropy. */
export function nodeScore(record: readonly number[], entropy: boolean): number {
  const [weight] = record.slice(-2)
  const sums = record.slice(0, -2)
  const information = (x: number): number => (x > 0 ? x * Math.log(x) : 0)
  if (entropy) return sums.reduce((sum, each) => sum + information(each), -information(weight!))
  return sums.reduce((sum, each) => sum + each ** 2, 0) / weight!
}

/** `forestSplit`: all cuts between bins that are there, half way between the two. */
export function forestSplitOf(
  rows: readonly Drawn[],
  sums: number,
  least: number,
  entropy: boolean,
  best: number,
): ForestSplit | null {
  const bins = [...new Set(rows.map(({ bin }) => bin))].sort((a, b) => a - b)
  let found: ForestSplit | null = null
  for (const [i, bin] of bins.slice(0, -1).entries()) {
    const left = rows.filter(row => row.bin <= bin)
    const right = rows.filter(row => row.bin > bin)
    if (left.length < least || right.length < least) continue
    const record = recordOf(left, sums)
    const score = nodeScore(record, entropy) + nodeScore(recordOf(right, sums), entropy)
    if (score > (found?.score ?? best)) found = { score, bin: (bin + bins[i + 1]! - 1) >> 1, left: record }
  }
  return found
}
