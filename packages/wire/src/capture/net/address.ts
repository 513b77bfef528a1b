import { net16 } from '../integers.ts'

/** The address at `at` as text: dotted for IPv4, as RFC 5952 wants it for IPv6. */
export function addressText(bytes: Uint8Array, at: number, version: 4 | 6): string {
  return version === 4 ? `${bytes[at]}.${bytes[at + 1]}.${bytes[at + 2]}.${bytes[at + 3]}` : ip6Text(bytes, at)
}

function ip6Text(bytes: Uint8Array, at: number): string {
  const groups = Array.from({ length: 8 }, (_, i) => net16(bytes, at + 2 * i))
  const [start, end] = longestZeroes(groups)
  const text = (from: number, to: number) =>
    groups
      .slice(from, to)
      .map(group => group.toString(16))
      .join(':')
  return end - start < 2 ? text(0, 8) : `${text(0, start)}::${text(end, 8)}`
}

/** The first of the longest runs of zero groups. */
function longestZeroes(groups: readonly number[]): [start: number, end: number] {
  let best: [number, number] = [0, 0]
  for (let i = 0; i < groups.length; i++) {
    let end = i
    while (end < groups.length && groups[end] === 0) end++
    if (end - i > best[1] - best[0]) best = [i, end]
  }
  return best
}
