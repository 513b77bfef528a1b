const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const BAD = 0xff
const VALUES = new Uint8Array(256).fill(BAD)
for (let i = 0; i < ALPHABET.length; i++) VALUES[ALPHABET.charCodeAt(i)] = i

/** Base64url without padding (RFC 4648, section 5). */
export function toBase64url(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += 3) {
    const left = bytes.length - at
    const word = (bytes[at] << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0)
    text += ALPHABET[word >> 18] + ALPHABET[(word >> 12) & 63]
    if (left > 1) text += ALPHABET[(word >> 6) & 63]
    if (left > 2) text += ALPHABET[word & 63]
  }
  return text
}

/**
 * Reads base64url at `[start, end)` into `into`, without allocating. The count of bytes, or -1 where there is a character that is
 * none of it, bits are left over that are not 0, or `into` has too little room: so there is one spelling only.
 */
export function fromBase64url(bytes: Uint8Array, start: number, end: number, into: Uint8Array): number {
  const length = end - start
  const count = (length * 3) >> 2
  if ((length & 3) === 1 || count > into.length) return -1
  let at = start
  let out = 0
  let bad = 0
  for (; at + 4 <= end; at += 4, out += 3) {
    const a = VALUES[bytes[at]]
    const b = VALUES[bytes[at + 1]]
    const c = VALUES[bytes[at + 2]]
    const d = VALUES[bytes[at + 3]]
    bad |= a | b | c | d
    into[out] = (a << 2) | (b >> 4)
    into[out + 1] = (b << 4) | (c >> 2)
    into[out + 2] = (c << 6) | d
  }
  if (at < end) {
    const a = VALUES[bytes[at]]
    const b = VALUES[bytes[at + 1]]
    const c = end - at === 3 ? VALUES[bytes[at + 2]] : 0
    bad |= a | b | c
    into[out++] = (a << 2) | (b >> 4)
    if (end - at === 3) into[out++] = (b << 4) | (c >> 2)
    const left = end - at === 3 ? c & 3 : b & 15
    if (left !== 0) return -1
  }
  return bad > 63 ? -1 : out
}
