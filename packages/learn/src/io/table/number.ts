/** Powers of ten that a double holds exactly. */
const POWERS = Array.from({ length: 23 }, (_, i) => 10 ** i)
const LARGEST_EXACT = Number.MAX_SAFE_INTEGER / 10 - 1
const MISSING = new Set(['', 'nan', 'na', 'n/a', '#n/a', 'null', '?'])
const LONGEST_MISSING = 4

/** What stands for a value that is not there: nothing, NaN, NA, N/A, null or a question mark, in any case. */
export function isMissing(text: string): boolean {
  return text.length <= LONGEST_MISSING && MISSING.has(text.toLowerCase())
}

/** What `inf`, `-Infinity` and the like stand for; NaN where a text is none of them. */
export function infinityOf(text: string): number {
  if (!/^[+-]?inf(?:inity)?$/i.test(text)) return Number.NaN
  return text.startsWith('-') ? -Infinity : Infinity
}

/**
 * The number that bytes are, with blanks around it; NaN where they are none, infinite where no double is so large. The result is the double nearest to what is written: short ones are worked out
 * in whole numbers, others by `Number`.
 * @param mark the byte of the decimal mark
 */
export function numberOf(bytes: Uint8Array, start: number, end: number, mark: number): number {
  let at = start
  let to = end
  while (at < to && isBlank(bytes[at]!)) at++
  while (to > at && isBlank(bytes[to - 1]!)) to--
  const first = at
  const negative = bytes[at] === 0x2d
  if (negative || bytes[at] === 0x2b) at++
  let whole = 0
  let digits = 0
  let behind = 0
  let marks = 0
  for (; at < to; at++) {
    const byte = bytes[at]!
    if (byte >= 0x30 && byte <= 0x39) {
      if (whole > LARGEST_EXACT) return slowly(bytes, first, to, mark)
      whole = whole * 10 + (byte - 0x30)
      digits++
      behind += marks
    } else if (byte === mark && marks === 0) marks = 1
    else return slowly(bytes, first, to, mark)
  }
  if (digits === 0 || behind >= POWERS.length) return slowly(bytes, first, to, mark)
  const value = whole / POWERS[behind]!
  return negative ? -value : value
}

const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/

function slowly(bytes: Uint8Array, start: number, end: number, mark: number): number {
  if (end - start > 400) return Number.NaN
  let text = ''
  for (let i = start; i < end; i++) {
    const byte = bytes[i]!
    if (mark !== 0x2e && byte === 0x2e) return Number.NaN
    text += byte === mark ? '.' : String.fromCharCode(byte)
  }
  return NUMBER.test(text) ? Number(text) : Number.NaN
}

const isBlank = (byte: number): boolean => byte === 0x20 || byte === 0x09
