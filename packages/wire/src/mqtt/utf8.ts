// A leading U+FEFF is part of the text and must not be stripped (MQTT-1.5.4-3).
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
const encoder = new TextEncoder()

/** What is wrong with a string's bytes. */
export const TextProblem = { NONE: 0, MALFORMED: 1, NULL: 2, WILDCARD: 3 } as const

/**
 * Length of the multi-byte UTF-8 sequence at `at`, or 0 where it is not well formed: overlong, a surrogate, above
 * U+10FFFF or cut off (RFC 3629, section 4).
 */
export function sequenceLength(bytes: Uint8Array, at: number, end: number): number {
  const lead = bytes[at]
  if (lead < 0xc2 || lead > 0xf4) return 0
  const length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4
  if (at + length > end) return 0
  const second = bytes[at + 1]
  let low = 0x80
  let high = 0xbf
  if (lead === 0xe0) low = 0xa0
  else if (lead === 0xed) high = 0x9f
  else if (lead === 0xf0) low = 0x90
  else if (lead === 0xf4) high = 0x8f
  if (second < low || second > high) return 0
  for (let i = at + 2; i < at + length; i++) if ((bytes[i] & 0xc0) !== 0x80) return 0
  return length
}

/** Checks the bytes of a UTF-8 Encoded String; answers the first of the `TextProblem`s, `WILDCARD` never. */
export function textProblem(bytes: Uint8Array, start: number, end: number): number {
  let at = start
  while (at < end) {
    const byte = bytes[at]
    if (byte === 0) return TextProblem.NULL
    if (byte < 0x80) at++
    else {
      const length = sequenceLength(bytes, at, end)
      if (length === 0) return TextProblem.MALFORMED
      at += length
    }
  }
  return TextProblem.NONE
}

/**
 * Where the first character of well-formed UTF-8 stands that a receiver may refuse though it need not (MQTT 5.0, 1.5.4): a
 * control character (U+0001 to U+001F, U+007F to U+009F) or one that Unicode has no character for (U+FDD0 to U+FDEF, and the
 * last two of each plane). -1 where there is none.
 */
export function oddCharacter(bytes: Uint8Array, start: number, end: number): number {
  for (let at = start; at < end; at++) {
    const byte = bytes[at]
    // Each that is refused begins with a byte of its own; continuation bytes are none of them.
    if (byte >= 0x20 && byte < 0x7f) continue
    if (byte < 0x80 || oddSequence(bytes, at)) return at
  }
  return -1
}

/** Whether the well-formed multi-byte sequence at `at` is such a character. A continuation byte is none. */
export function oddSequence(bytes: Uint8Array, at: number): boolean {
  const lead = bytes[at]
  if (lead === 0xc2) return bytes[at + 1] < 0xa0
  if (lead === 0xef) {
    const second = bytes[at + 1]
    const third = bytes[at + 2]
    return (second === 0xb7 && third >= 0x90 && third <= 0xaf) || (second === 0xbf && third >= 0xbe)
  }
  return lead >= 0xf0 && (bytes[at + 1] & 0x0f) === 0x0f && bytes[at + 2] === 0xbf && bytes[at + 3] >= 0xbe
}

/** Whether bytes are well-formed UTF-8; U+0000 is a character like others here. */
export function wellFormed(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; ) {
    if (bytes[at] < 0x80) at++
    else {
      const length = sequenceLength(bytes, at, end)
      if (length === 0) return false
      at += length
    }
  }
  return true
}

/** The text of checked bytes. */
export function textOf(bytes: Uint8Array, start: number, end: number): string {
  return decoder.decode(bytes.subarray(start, end))
}

/** The UTF-8 bytes of a text; a lone surrogate becomes U+FFFD. */
export function bytesOf(text: string): Uint8Array {
  return encoder.encode(text)
}
