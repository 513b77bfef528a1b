/** The number of single-character changes (insert, delete, replace, swap of neighbors) between two texts. */
export function distance(a: string, b: string): number {
  let before: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let row = 1; row <= a.length; row++) {
    const line = [row]
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1]
      let least = Math.min(last[column]! + 1, line[column - 1]! + 1, last[column - 1]! + (same ? 0 : 1))
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]
      if (swapped) least = Math.min(least, before[column - 2]! + 1)
      line.push(least)
    }
    before = last
    last = line
  }
  return last[b.length]!
}

// Longer texts are never slips of a known word, and their distance would cost time.
const LONGEST_SLIP = 40

/** The known word that a wrong one most likely meant, if any is near. */
export function nearest(wrong: string, known: readonly string[]): string | undefined {
  if (wrong.length > LONGEST_SLIP) return undefined
  const ranked = known
    .map(word => ({ word, off: distance(wrong.toLowerCase(), word.toLowerCase()) }))
    .filter(({ word, off }) => off <= Math.max(1, Math.floor(word.length / 3)))
    .toSorted((a, b) => a.off - b.off)
  return ranked[0]?.word
}

/** `Did you mean x?` or, where nothing is near, the known words. */
export function suggestion(wrong: string, known: readonly string[]): string {
  const near = nearest(wrong, known)
  if (near !== undefined) return `Did you mean ${near}?`
  return known.length === 0 ? 'Remove it.' : `Known here: ${known.join(', ')}.`
}
