/** The ASCII characters that JSON is made of. */
export const Character = {
  SPACE: 0x20,
  QUOTE: 0x22,
  PLUS: 0x2b,
  COMMA: 0x2c,
  MINUS: 0x2d,
  POINT: 0x2e,
  ZERO: 0x30,
  COLON: 0x3a,
  OPEN_ARRAY: 0x5b,
  BACKSLASH: 0x5c,
  CLOSE_ARRAY: 0x5d,
  OPEN_OBJECT: 0x7b,
  CLOSE_OBJECT: 0x7d,
} as const

/** What a byte within a string is; 0 is a character of ASCII that stands for itself. */
export const InString = { PLAIN: 0, SPECIAL: 1, WIDE: 2 } as const

/** `InString` by byte: the quote, the backslash and control characters are special, bytes from 0x80 on are wide. */
export const IN_STRING = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte >= 0x80 ? InString.WIDE : byte < 0x20 || byte === 0x22 || byte === 0x5c ? InString.SPECIAL : InString.PLAIN,
)

/** Where the whitespace that begins at `at` ends. */
export function space(bytes: Uint8Array, at: number, end: number): number {
  let next = at
  while (next < end) {
    const byte = bytes[next]
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) break
    next++
  }
  return next
}
