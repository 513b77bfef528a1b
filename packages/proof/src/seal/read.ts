import { CHAIN_BYTES, HEAD, LAST_SEQUENCE, type SealView, TAG_BYTES, VERSION } from './layout.ts'

/**
 * Reads a seal that begins at `start` into `into`, without allocating. False where the bytes are none of the one spelling that
 * `layout.ts` describes: nothing is guessed. Whether its MAC is right is not looked at.
 */
export function readSeal(bytes: Uint8Array, start: number, end: number, into: SealView): boolean {
  into.bytes = bytes
  let at = start
  if (at + 4 > end || bytes[at] !== HEAD[0] || bytes[at + 1] !== HEAD[1]) return false
  at += 2
  // The protected headers are shorter than 256 bytes, and than 24 where a chain begins before the clock is set.
  const isLong = bytes[at] === 0x58
  const length = isLong ? bytes[at + 1] : bytes[at] - 0x40
  if (length < 0 || length < 24 === isLong) return false
  into.securedStart = at + (isLong ? 2 : 1)
  into.securedEnd = into.securedStart + length
  if (into.securedEnd > end || !readSecured(bytes, into)) return false
  at = into.securedEnd
  if (at >= end || bytes[at++] !== 0xa0) return false
  at = readPayload(bytes, at, end, into)
  if (at < 0 || at + 2 + TAG_BYTES > end || bytes[at] !== 0x58 || bytes[at + 1] !== TAG_BYTES) return false
  into.tagStart = at + 2
  into.end = at + 2 + TAG_BYTES
  return true
}

function readSecured(bytes: Uint8Array, into: SealView): boolean {
  const end = into.securedEnd
  let at = into.securedStart
  if (bytes[at] !== 0xa5 || bytes[at + 1] !== 0x01 || bytes[at + 2] !== 0x05 || bytes[at + 3] !== 0x04) return false
  at += 4
  const kid = bytes[at] - 0x40
  if (kid < 2 || kid > 5 || bytes[at + 1] !== VERSION) return false
  into.epoch = minimal(bytes, at + 2, at + 1 + kid, end)
  at += 1 + kid
  const iv = bytes[at + 1] - 0x40
  if (bytes[at] !== 0x06 || iv < 1 || iv > 7) return false
  into.sequence = minimal(bytes, at + 2, at + 2 + iv, end)
  at += 2 + iv
  if (!(into.epoch > 0) || !(into.sequence > 0) || into.sequence > LAST_SEQUENCE) return false
  if (bytes[at] !== 0x0f || bytes[at + 1] !== 0xa1 || bytes[at + 2] !== 0x06) return false
  at = readTime(bytes, at + 3, end, into)
  if (at < 0 || at + 6 > end) return false
  const isLabel =
    bytes[at] === 0x3a && bytes[at + 1] === 0 && bytes[at + 2] === 1 && bytes[at + 3] === 0 && bytes[at + 4] === 0
  const length = bytes[at + 5] - 0x40
  if (!isLabel || (length !== 0 && length !== CHAIN_BYTES)) return false
  into.previousStart = at + 6
  into.previousEnd = at + 6 + length
  return into.previousEnd === end
}

/** A number in its fewest bytes; -1 where it is not, or does not end in time. */
function minimal(bytes: Uint8Array, start: number, stop: number, end: number): number {
  if (stop > end || (bytes[start] === 0 && stop - start > 1)) return -1
  let value = 0
  for (let at = start; at < stop; at++) value = value * 256 + bytes[at]
  return value
}

/** An unsigned integer in the fewest bytes that CBOR has for it. @returns where it ends, or -1 */
function readTime(bytes: Uint8Array, at: number, end: number, into: SealView): number {
  const first = at < end ? bytes[at] : 0xff
  if (first > 0x1b) return -1
  const size = first < 0x18 ? 0 : 2 ** (first - 0x18)
  if (at + 1 + size > end) return -1
  let value = size === 0 ? first : 0
  for (let i = at + 1; i <= at + size; i++) value = value * 256 + bytes[i]
  if (value > LAST_SEQUENCE || value < leastOf(size)) return -1
  into.time = value
  return at + 1 + size
}

/** The least number that needs so many bytes behind its head. */
function leastOf(size: number): number {
  return size === 0 ? 0 : size === 1 ? 24 : 256 ** (size / 2)
}

/** The payload as a byte string, or null. @returns where it ends, or -1 */
function readPayload(bytes: Uint8Array, at: number, end: number, into: SealView): number {
  into.payloadStart = -1
  into.payloadEnd = -1
  if (at >= end) return -1
  const first = bytes[at]
  if (first === 0xf6) return at + 1
  const more = first - 0x40
  if (more < 0 || more > 0x1a) return -1
  const size = more < 0x18 ? 0 : 2 ** (more - 0x18)
  if (at + 1 + size > end) return -1
  let length = more
  if (size > 0) {
    length = 0
    for (let i = at + 1; i <= at + size; i++) length = length * 256 + bytes[i]
    if (length < leastOf(size)) return -1
  }
  into.payloadStart = at + 1 + size
  into.payloadEnd = into.payloadStart + length
  return into.payloadEnd > end ? -1 : into.payloadEnd
}
