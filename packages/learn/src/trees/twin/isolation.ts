/** `range`: the least and the greatest value of rows, without those that are missing. */
export function rangeOf(values: ArrayLike<number>, index: readonly number[]): { low: number; high: number } | null {
  const there = index.map(row => values[row]!).filter(value => !Number.isNaN(value))
  return there.length === 0 ? null : { low: Math.min(...there), high: Math.max(...there) }
}

/** `divide`: rows below a threshold and the others; what is missing goes with most of them. */
export function divideAt(
  values: ArrayLike<number>,
  index: readonly number[],
  threshold: number,
): { left: number[]; right: number[]; missingLeft: boolean } {
  const below = index.filter(row => values[row]! < threshold)
  const above = index.filter(row => values[row]! >= threshold)
  const missingLeft = below.length > above.length
  const goesLeft = (row: number): boolean => (Number.isNaN(values[row]!) ? missingLeft : values[row]! < threshold)
  const right = index.filter(row => !goesLeft(row))
  if (!missingLeft) return { left: below, right, missingLeft }
  // Those that are missing come behind the rows that are below.
  return { left: [...below, ...index.filter(row => Number.isNaN(values[row]!))], right, missingLeft }
}
