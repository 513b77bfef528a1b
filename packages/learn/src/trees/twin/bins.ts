/** `bin`: how many cuts are at most a value; `none` where it is missing. */
export function binOf(value: number, cuts: ArrayLike<number>, none: number): number {
  if (Number.isNaN(value)) return none
  return Array.from(cuts).filter(cut => cut <= value).length
}

/** `partition`: rows whose bin is at most `last`, or is `none`, and the others. */
export function partitionOf(
  index: readonly number[],
  bins: ArrayLike<number>,
  last: number,
  none: number,
): { left: number[]; right: number[] } {
  const goesLeft = (row: number): boolean => bins[row]! <= last || bins[row] === none
  return { left: index.filter(goesLeft), right: index.filter(row => !goesLeft(row)) }
}
