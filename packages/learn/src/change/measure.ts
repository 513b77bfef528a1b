/** How well found changes agree with one or more people's. All are first rows of new pieces; the series' first row is always one. */
export interface Agreement {
  readonly precision: number
  readonly recall: number
  readonly f1: number
}

/**
 * F1 as the Turing Change Point Dataset's benchmark has it (van den Burg and Williams 2020): row 0 is a change for everybody; a found
 * change is right where it lies within `margin` rows of one in the union of all people's, each true one matched once; recall is the mean over the people's.
 */
export function agreementOf(found: readonly number[], people: readonly (readonly number[])[], margin = 5): Agreement {
  const own = withStart(found)
  const union = withStart(people.flat())
  const precision = matched(union, own, margin) / own.length
  const recalls = people.map(one => matched(withStart(one), own, margin) / withStart(one).length)
  const recall = recalls.reduce((sum, value) => sum + value, 0) / recalls.length
  return { precision, recall, f1: (2 * precision * recall) / (precision + recall) }
}

/** Covering: for each true piece the best overlap (Jaccard) with a found one, weighted by its length; the mean over the people. */
export function coveringOf(found: readonly number[], people: readonly (readonly number[])[], rows: number): number {
  const pieces = piecesOf(found, rows)
  const each = people.map(one => {
    let sum = 0
    let first = 0
    for (const [from, to] of piecesOf(one, rows)) {
      while (pieces[first]![1] <= from) first++
      let best = 0
      for (let i = first; i < pieces.length && pieces[i]![0] < to; i++) {
        const [start, end] = pieces[i]!
        const common = Math.min(to, end) - Math.max(from, start)
        best = Math.max(best, common / (Math.max(to, end) - Math.min(from, start)))
      }
      sum += (to - from) * best
    }
    return sum / rows
  })
  return each.reduce((sum, value) => sum + value, 0) / each.length
}

/** How many of `truth` have a found change of their own within the margin: the nearest one that is not taken. Both ascend. */
function matched(truth: readonly number[], found: readonly number[], margin: number): number {
  const taken = new Uint8Array(found.length)
  let count = 0
  let first = 0
  for (const one of truth) {
    while (first < found.length && found[first]! < one - margin) first++
    let nearest = -1
    for (let i = first; i < found.length && found[i]! <= one + margin; i++) {
      if (taken[i] === 1) continue
      if (nearest < 0 || Math.abs(found[i]! - one) < Math.abs(found[nearest]! - one)) nearest = i
    }
    if (nearest < 0) continue
    taken[nearest] = 1
    count++
  }
  return count
}

function withStart(changes: readonly number[]): number[] {
  return [...new Set([0, ...changes])].sort((a, b) => a - b)
}

function piecesOf(changes: readonly number[], rows: number): [from: number, to: number][] {
  const starts = withStart(changes)
  return starts.map((from, i) => [from, starts[i + 1] ?? rows])
}
