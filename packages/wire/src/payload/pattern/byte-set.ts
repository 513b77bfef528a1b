import { type CodePoints, codePoints } from './set.ts'

/** Sets of bytes, as PCRE has them without its Unicode mode: ranges within 0 to 255. */

/** All bytes that are not in the set. */
export function otherBytes(set: CodePoints): CodePoints {
  const rest: number[] = []
  let next = 0
  for (let i = 0; i < set.length; i += 2) {
    if (set[i] > next) rest.push(next, set[i] - 1)
    next = set[i + 1] + 1
  }
  if (next <= 0xff) rest.push(next, 0xff)
  return rest
}

/** The set with the other case of each of its ASCII letters. */
export function bothCases(set: CodePoints): CodePoints {
  const ranges = [...set]
  for (let i = 0; i < set.length; i += 2) {
    for (const [from, to, shift] of [
      [0x41, 0x5a, 0x20],
      [0x61, 0x7a, -0x20],
    ]) {
      const first = Math.max(set[i], from)
      const last = Math.min(set[i + 1], to)
      if (first <= last) ranges.push(first + shift, last + shift)
    }
  }
  return codePoints(ranges)
}

const DIGITS: CodePoints = [0x30, 0x39]
export const WORD: CodePoints = [0x30, 0x39, 0x41, 0x5a, 0x5f, 0x5f, 0x61, 0x7a]
const SPACE: CodePoints = [0x09, 0x0d, 0x20, 0x20]
const HORIZONTAL: CodePoints = [0x09, 0x09, 0x20, 0x20, 0xa0, 0xa0]
const VERTICAL: CodePoints = [0x0a, 0x0d, 0x85, 0x85]
export const LINE_FEED: CodePoints = [0x0a, 0x0a]
export const EVERY_BYTE: CodePoints = [0, 0xff]

/** What the class escapes stand for, by their letter (pcre2pattern, "Generic character types"). */
export const BYTE_CLASSES: ReadonlyMap<string, CodePoints> = new Map([
  ['d', DIGITS],
  ['D', otherBytes(DIGITS)],
  ['w', WORD],
  ['W', otherBytes(WORD)],
  ['s', SPACE],
  ['S', otherBytes(SPACE)],
  ['h', HORIZONTAL],
  ['H', otherBytes(HORIZONTAL)],
  ['v', VERTICAL],
  ['V', otherBytes(VERTICAL)],
  ['N', otherBytes(LINE_FEED)],
])

/** The POSIX classes of PCRE, by name. */
export const POSIX_CLASSES: ReadonlyMap<string, CodePoints> = new Map([
  ['alnum', [0x30, 0x39, 0x41, 0x5a, 0x61, 0x7a]],
  ['alpha', [0x41, 0x5a, 0x61, 0x7a]],
  ['ascii', [0, 0x7f]],
  ['blank', [0x09, 0x09, 0x20, 0x20]],
  ['cntrl', [0, 0x1f, 0x7f, 0x7f]],
  ['digit', DIGITS],
  ['graph', [0x21, 0x7e]],
  ['lower', [0x61, 0x7a]],
  ['print', [0x20, 0x7e]],
  ['punct', [0x21, 0x2f, 0x3a, 0x40, 0x5b, 0x60, 0x7b, 0x7e]],
  ['space', SPACE],
  ['upper', [0x41, 0x5a]],
  ['word', WORD],
  ['xdigit', [0x30, 0x39, 0x41, 0x46, 0x61, 0x66]],
])
