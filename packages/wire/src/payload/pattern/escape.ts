import { CLASS_ESCAPES, type CodePoints, LAST_CODE_POINT } from './set.ts'
import type { Source } from './source.ts'

const CONTROLS: Readonly<Record<string, number>> = { t: 0x09, n: 0x0a, v: 0x0b, f: 0x0c, r: 0x0d }
const SYNTAX_CHARACTERS = '^$\\.*+?()[]{}|/'

/** Reads what follows a backslash (ECMA-262, AtomEscape and ClassEscape with `u`): one code point, or a class. */
export function readEscape(source: Source, inClass: boolean): number | CodePoints {
  const at = source.at - 1
  const letter = source.advance()
  const set = CLASS_ESCAPES.get(letter)
  if (set !== undefined) return set
  if (letter === 'b' && inClass) return 0x08
  if (letter === 'b' || letter === 'B') source.unsupported('word boundaries are not supported', at)
  if (letter === 'p' || letter === 'P') source.unsupported('properties of Unicode are not supported', at)
  if (letter === 'k' || /^[1-9]$/.test(letter)) source.unsupported('references to groups are not supported', at)
  if (letter === '0') {
    if (/^[0-9]$/.test(source.next)) source.syntax('\\0 must not be followed by a digit', at)
    return 0
  }
  if (Object.hasOwn(CONTROLS, letter)) return CONTROLS[letter]
  if (letter === 'c') {
    const control = source.advance()
    return /^[A-Za-z]$/.test(control) ? control.charCodeAt(0) & 31 : source.syntax('\\c takes a letter', at)
  }
  if (letter === 'x') return source.hex(2) ?? source.syntax('\\x takes two hexadecimal digits', at)
  if (letter === 'u') return unicode(source, at)
  if (letter !== '' && (SYNTAX_CHARACTERS.includes(letter) || (inClass && letter === '-'))) return letter.charCodeAt(0)
  return source.syntax(`\\${letter} is no escape`, at)
}

function unicode(source: Source, at: number): number {
  const point = source.take('{') ? braced(source, at) : paired(source, at)
  if (point >= 0xd800 && point <= 0xdfff) source.unsupported('half of a surrogate pair matches no UTF-8 text', at)
  return point
}

function braced(source: Source, at: number): number {
  let point = 0
  let digits = 0
  for (let digit = source.hex(1); digit !== null; digit = source.hex(1)) {
    point = Math.min(point * 16 + digit, LAST_CODE_POINT + 1)
    digits++
  }
  if (digits === 0 || point > LAST_CODE_POINT || !source.take('}')) {
    source.syntax('\\u{} takes hexadecimal digits up to 10FFFF', at)
  }
  return point
}

function paired(source: Source, at: number): number {
  const high = source.hex(4) ?? source.syntax('\\u takes four hexadecimal digits', at)
  if (high < 0xd800 || high > 0xdbff) return high
  const behind = source.at
  if (!source.take('\\u')) return high
  const low = source.hex(4)
  if (low !== null && low >= 0xdc00 && low <= 0xdfff) return 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00)
  source.at = behind
  return high
}
