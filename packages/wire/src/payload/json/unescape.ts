import { hexDigit } from '../../bytes/hex.ts'
import { Character } from './characters.ts'

/** What `escapedPoint` answers where there is no escape of JSON, or half of a surrogate pair. */
export const ESCAPE_PROBLEM = -1
export const SURROGATE_PROBLEM = -2

/** The code point that the escape at `at`, a backslash, stands for, or one of the problems (RFC 8259, section 7). */
export function escapedPoint(bytes: Uint8Array, at: number, end: number): number {
  if (at + 1 >= end) return ESCAPE_PROBLEM
  switch (bytes[at + 1]) {
    case 0x22:
    case 0x5c:
    case 0x2f:
      return bytes[at + 1]
    case 0x62:
      return 0x08
    case 0x66:
      return 0x0c
    case 0x6e:
      return 0x0a
    case 0x72:
      return 0x0d
    case 0x74:
      return 0x09
    case 0x75:
      return unicode(bytes, at, end)
    default:
      return ESCAPE_PROBLEM
  }
}

/** How many bytes the escape takes that stands for the code point. */
export function escapeLength(bytes: Uint8Array, at: number, point: number): number {
  return bytes[at + 1] !== 0x75 ? 2 : point < 0x10000 ? 6 : 12
}

/** Writes the UTF-8 of a checked string's inside into `into`, which must be as long; answers where it ends there. */
export function withoutEscapes(bytes: Uint8Array, start: number, end: number, into: Uint8Array): number {
  let to = 0
  let at = start
  while (at < end) {
    if (bytes[at] !== Character.BACKSLASH) {
      into[to++] = bytes[at++]
      continue
    }
    const point = escapedPoint(bytes, at, end)
    at += escapeLength(bytes, at, point)
    to = put(point, into, to)
  }
  return to
}

function put(point: number, into: Uint8Array, at: number): number {
  let to = at
  if (point < 0x80) {
    into[to++] = point
    return to
  }
  if (point < 0x800) into[to++] = 0xc0 | (point >> 6)
  else {
    if (point < 0x10000) into[to++] = 0xe0 | (point >> 12)
    else {
      into[to++] = 0xf0 | (point >> 18)
      into[to++] = 0x80 | ((point >> 12) & 63)
    }
    into[to++] = 0x80 | ((point >> 6) & 63)
  }
  into[to++] = 0x80 | (point & 63)
  return to
}

function unicode(bytes: Uint8Array, at: number, end: number): number {
  const unit = codeUnit(bytes, at, end)
  if (unit < 0xd800 || unit > 0xdfff) return unit
  if (unit > 0xdbff || at + 8 > end || bytes[at + 6] !== Character.BACKSLASH || bytes[at + 7] !== 0x75) {
    return SURROGATE_PROBLEM
  }
  const low = codeUnit(bytes, at + 6, end)
  if (low < 0) return ESCAPE_PROBLEM
  return low >= 0xdc00 && low <= 0xdfff ? 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00) : SURROGATE_PROBLEM
}

function codeUnit(bytes: Uint8Array, at: number, end: number): number {
  if (at + 6 > end) return ESCAPE_PROBLEM
  let unit = 0
  for (let i = at + 2; i < at + 6; i++) {
    const digit = hexDigit(bytes[i])
    if (digit < 0) return ESCAPE_PROBLEM
    unit = unit * 16 + digit
  }
  return unit
}
