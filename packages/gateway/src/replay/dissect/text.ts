import { isUtf8 } from 'node:buffer'

// A leading U+FEFF is part of the text (MQTT-1.5.4-3).
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/** A JSON string of bytes that should be UTF-8; what is not becomes U+FFFD. */
export function textJson(bytes: Uint8Array, start: number, end: number, limit: number): string {
  return JSON.stringify(limited(decoder.decode(bytes.subarray(start, end)), limit))
}

/** A JSON string of bytes that may be anything: text where they are UTF-8, else ASCII with the other bytes as `\xff`. */
export function bytesJson(bytes: Uint8Array, start: number, end: number, limit: number): string {
  const part = bytes.subarray(start, end)
  const text = isUtf8(part) ? decoder.decode(part) : escaped(part)
  return JSON.stringify(limited(text, limit))
}

function escaped(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += byte < 0x80 ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`
  return text
}

/** At most `limit` bytes of a text (0: all), at a character's edge, and how many were left out, in Suricata's words. */
function limited(text: string, limit: number): string {
  if (limit === 0 || text.length * 3 <= limit) return text
  const bytes = Buffer.from(text)
  if (bytes.length <= limit) return text
  let edge = limit
  while (edge > 0 && (bytes[edge] & 0xc0) === 0x80) edge--
  return `${bytes.toString('utf8', 0, edge)}[truncated ${bytes.length - edge} additional bytes]`
}
