/** Code points as ascending ranges that neither overlap nor touch: first, last, first, last … */
export type CodePoints = readonly number[]

export const LAST_CODE_POINT = 0x10ffff

/** The set of some ranges, which may overlap and be in any order. */
export function codePoints(ranges: CodePoints): CodePoints {
  const pairs: [number, number][] = []
  for (let i = 0; i < ranges.length; i += 2) pairs.push([ranges[i], ranges[i + 1]])
  pairs.sort(([a], [b]) => a - b)
  const set: number[] = []
  for (const [first, last] of pairs) {
    if (set.length > 0 && first <= set[set.length - 1] + 1) {
      set[set.length - 1] = Math.max(set[set.length - 1], last)
    } else set.push(first, last)
  }
  return set
}

/** All code points that are not in the set. */
export function inverted(set: CodePoints): CodePoints {
  const rest: number[] = []
  let next = 0
  for (let i = 0; i < set.length; i += 2) {
    if (set[i] > next) rest.push(next, set[i] - 1)
    next = set[i + 1] + 1
  }
  if (next <= LAST_CODE_POINT) rest.push(next, LAST_CODE_POINT)
  return rest
}

export function hasCodePoint(set: CodePoints, point: number): boolean {
  for (let i = 0; i < set.length; i += 2) if (point >= set[i] && point <= set[i + 1]) return true
  return false
}

const DIGITS: CodePoints = [0x30, 0x39]
const WORD: CodePoints = [0x30, 0x39, 0x41, 0x5a, 0x5f, 0x5f, 0x61, 0x7a]
// ECMA-262: WhiteSpace and LineTerminator.
const SPACE = codePoints([
  0x09, 0x0d, 0x20, 0x20, 0xa0, 0xa0, 0x1680, 0x1680, 0x2000, 0x200a, 0x2028, 0x2029, 0x202f, 0x202f, 0x205f, 0x205f,
  0x3000, 0x3000, 0xfeff, 0xfeff,
])

/** What `.` stands for: all but the line terminators. */
export const DOT = inverted([0x0a, 0x0a, 0x0d, 0x0d, 0x2028, 0x2029])

/** What the class escapes stand for, by their letter. */
export const CLASS_ESCAPES: ReadonlyMap<string, CodePoints> = new Map([
  ['d', DIGITS],
  ['D', inverted(DIGITS)],
  ['w', WORD],
  ['W', inverted(WORD)],
  ['s', SPACE],
  ['S', inverted(SPACE)],
])
