import { readByteEscape } from './byte-escape.ts'
import { bothCases, otherBytes, POSIX_CLASSES } from './byte-set.ts'
import { type CodePoints, codePoints } from './set.ts'
import type { Source } from './source.ts'

/**
 * Reads a class of Perl's kind behind its opening bracket.
 * @param caseless what it names counts in both cases, before it is negated
 */
export function readByteClass(source: Source, at: number, caseless: boolean): CodePoints {
  const negated = source.take('^')
  const ranges: number[] = []
  // A closing bracket that comes first is one of the class.
  for (let first = true; first || !source.take(']'); first = false) {
    if (source.done) source.syntax('the class has no end', at)
    const low = classAtom(source)
    const dash = source.at
    if (source.next !== '-' || source.points[dash + 1] === ']' || dash + 1 >= source.points.length) {
      ranges.push(...(typeof low === 'number' ? [low, low] : low))
      continue
    }
    source.at++
    const high = classAtom(source)
    if (typeof low !== 'number' || typeof high !== 'number') return source.syntax('a class ends no range', dash)
    if (high < low) source.syntax('the range is out of order', dash)
    ranges.push(low, high)
  }
  const set = caseless ? bothCases(codePoints(ranges)) : codePoints(ranges)
  return negated ? otherBytes(set) : set
}

function classAtom(source: Source): number | CodePoints {
  const at = source.at
  if (source.take('[:')) {
    const rest = source.points.slice(source.at, source.at + 16).join('')
    const found = /^(\^?)([a-z]+):\]/.exec(rest)
    const set = found === null ? undefined : POSIX_CLASSES.get(found[2])
    if (found === null || set === undefined) return source.syntax('no such class of POSIX', at)
    source.at += found[0].length
    return found[1] === '^' ? otherBytes(set) : set
  }
  const character = source.advance()
  return character === '\\' ? readByteEscape(source, true) : character.charCodeAt(0)
}
