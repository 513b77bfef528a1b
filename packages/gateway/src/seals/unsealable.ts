import { type CborValue, decodeFirst } from '@ringwall/proof'

/**
 * What stands for a seal and is none: another algorithm than the one of the version, a tag that is cut, or none of the one spelling. Each is
 * refused alike; telling them apart is for whoever looks into it.
 */
export type Unsealable = 'algorithm' | 'truncated' | 'malformed'

/** COSE_Mac0 (RFC 9052, section 6.2): tag 17, an array of four. */
const HEAD = [0xd1, 0x84] as const
const ALGORITHM = 1
const HMAC_256 = 5
/** The header that only seals have: the tag of the message before. */
const PREVIOUS = -65_537
const TAG_BYTES = 32
const MARK = 'rw1.'
/** Characters of a text that are looked into. */
const LONGEST = 4_096

/**
 * Why a payload, or with `isText` the value of a user property, is no seal; null where a payload was not meant to be one. To be called where it
 * could not be read: this is slower, and follows CBOR wherever it leads.
 */
export function whyNoSeal(bytes: Uint8Array, start: number, end: number, isText = false): Unsealable | null {
  const text = isText ? decoded(bytes, start, end) : envelope(bytes, start, end)
  if (text !== null) return why(text) ?? 'malformed'
  if (bytes[start] !== HEAD[0] || bytes[start + 1] !== HEAD[1]) return null
  return why(bytes.subarray(start, end))
}

/** The seal in an envelope; null where this is none. */
function envelope(bytes: Uint8Array, start: number, end: number): Uint8Array | null {
  for (let i = 0; i < MARK.length; i++) if (bytes[start + i] !== MARK.charCodeAt(i) || start + i >= end) return null
  const from = start + MARK.length
  const dot = bytes.subarray(from, Math.min(end, from + LONGEST)).indexOf('.'.charCodeAt(0))
  return decoded(bytes, from, dot < 0 ? from : from + dot)
}

function decoded(bytes: Uint8Array, start: number, end: number): Uint8Array {
  const { buffer, byteOffset } = bytes
  return Buffer.from(
    Buffer.from(buffer, byteOffset + start, Math.min(LONGEST, end - start)).toString('latin1'),
    'base64url',
  )
}

/** Null where the bytes do not even have a seal's headers. */
function why(bytes: Uint8Array): Unsealable | null {
  const secured = bytes[0] === HEAD[0] && bytes[1] === HEAD[1] ? first(bytes.subarray(2)) : null
  const headers = secured?.value instanceof Uint8Array ? first(secured.value)?.value : null
  if (secured === null || !(headers instanceof Map) || !headers.has(PREVIOUS)) return null
  if (headers.get(ALGORITHM) !== HMAC_256) return 'algorithm'
  let rest = bytes.subarray(2 + secured.end)
  let tag: CborValue = null
  for (let part = 0; part < PARTS_BEHIND; part++) {
    const found = first(rest)
    if (found === null) return 'truncated'
    tag = found.value
    rest = rest.subarray(found.end)
  }
  return tag instanceof Uint8Array && tag.length < TAG_BYTES ? 'truncated' : 'malformed'
}

/** Open headers, payload and tag. */
const PARTS_BEHIND = 3

function first(bytes: Uint8Array): { readonly value: CborValue; readonly end: number } | null {
  try {
    return decodeFirst(bytes)
  } catch {
    return null
  }
}
