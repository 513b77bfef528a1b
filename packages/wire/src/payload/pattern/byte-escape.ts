import { BYTE_CLASSES } from './byte-set.ts'
import { Op } from './program.ts'
import type { CodePoints } from './set.ts'
import type { Source } from './source.ts'
import type { Expression } from './syntax.ts'

const CONTROLS: Readonly<Record<string, number>> = { a: 0x07, e: 0x1b, f: 0x0c, n: 0x0a, r: 0x0d, t: 0x09 }

/** The escapes that stand for a place. */
const PLACES: Readonly<Record<string, Expression>> = {
  A: { kind: 'start' },
  G: { kind: 'start' },
  z: { kind: 'end' },
  Z: { kind: 'assert', op: Op.LAST_LINE_END },
  b: { kind: 'assert', op: Op.BOUNDARY },
  B: { kind: 'assert', op: Op.NOT_BOUNDARY },
}

/** Reads what follows a backslash outside of a class, where it is no byte and no set of bytes; null where it is one. */
export function readPlace(source: Source): Expression | null {
  const letter = source.next
  if (!Object.hasOwn(PLACES, letter)) return null
  source.at++
  return PLACES[letter]
}

/** Reads what follows a backslash (pcre2pattern, "Backslash"): one byte, or a set of bytes. */
export function readByteEscape(source: Source, inClass: boolean): number | CodePoints {
  const at = source.at - 1
  const letter = source.advance()
  const set = BYTE_CLASSES.get(letter)
  if (set !== undefined && !(inClass && letter === 'N')) return set
  if (letter === 'b' && inClass) return 0x08
  if (Object.hasOwn(CONTROLS, letter)) return CONTROLS[letter]
  if (letter === 'x') return hexadecimal(source, at)
  if (letter === 'c') {
    const control = source.advance().toUpperCase()
    if (control < ' ' || control > '~') return source.syntax('\\c takes a printable character', at)
    return control.charCodeAt(0) ^ 0x40
  }
  if (letter === '0' || (inClass && /^[1-7]$/.test(letter))) return octal(source, letter)
  if (/^[1-9gk]$/.test(letter)) return source.unsupported('back-references are not supported', at)
  if (/^[pPX]$/.test(letter)) return source.unsupported('properties of Unicode are not supported', at)
  if (letter === '' || /^[a-zA-Z]$/.test(letter)) return source.unsupported(`\\${letter} is not supported`, at)
  return letter.charCodeAt(0)
}

function hexadecimal(source: Source, at: number): number {
  if (!source.take('{')) return source.hex(2) ?? source.hex(1) ?? 0
  const from = source.at
  while (source.hex(1) !== null);
  const value = Number.parseInt(source.points.slice(from, source.at).join(''), 16)
  if (!source.take('}') || !(value <= 0xff)) return source.syntax('\\x{} takes hexadecimal digits up to ff', at)
  return value
}

function octal(source: Source, first: string): number {
  let digits = first
  while (digits.length < 3 && /^[0-7]$/.test(source.next)) digits += source.advance()
  return Number.parseInt(digits, 8) & 0xff
}
