/** So many names are told; a table may have thousands. */
const MOST = 5
/** Letters of a name that are told and compared. */
const LONGEST = 40

/** What a table has instead of a column: all names where they are few, else their number and those that are written most alike. */
export function foundInstead(name: string, names: readonly string[]): string {
  const shown = (some: readonly string[]): string => some.map(each => each.slice(0, LONGEST)).join(', ')
  if (names.length <= MOST) return `found ${shown(names)}`
  const distances = new Map(names.map(each => [each, distanceOf(name, each)]))
  const nearest = names.toSorted((a, b) => distances.get(a)! - distances.get(b)!).slice(0, MOST)
  return `found ${names.length} others, the most alike ${shown(nearest)}`
}

/** How many letters must be put in, left out or exchanged (Levenshtein 1966), in any case, to make one name the other. */
function distanceOf(one: string, other: string): number {
  const from = one.toLowerCase().slice(0, LONGEST)
  const to = other.toLowerCase().slice(0, LONGEST)
  let before = Array.from({ length: to.length + 1 }, (_, i) => i)
  for (let i = 1; i <= from.length; i++) {
    const row = [i]
    for (let j = 1; j <= to.length; j++) {
      const exchanged = before[j - 1]! + Number(from[i - 1] !== to[j - 1])
      row.push(Math.min(exchanged, before[j]! + 1, row[j - 1]! + 1))
    }
    before = row
  }
  return before[to.length]!
}
