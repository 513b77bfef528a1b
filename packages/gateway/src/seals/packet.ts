/** Where the parts of a PUBLISH lie; offsets into its bytes, ends exclusive. */
export interface Placed {
  start: number
  end: number
  topicStart: number
  topicEnd: number
  propertiesStart: number
  propertiesEnd: number
  payloadStart: number
}

export const unplaced = (): Placed => ({
  start: 0,
  end: 0,
  topicStart: 0,
  topicEnd: 0,
  propertiesStart: 0,
  propertiesEnd: 0,
  payloadStart: 0,
})

const PUBLISH = 3
/** Bytes of a remaining length, and of a length of properties, at most (MQTT 5.0, section 1.5.5). */
const LONGEST = 4

/**
 * Finds the parts of a PUBLISH that begins at `start`; false where none lies there whole. It says nothing about whether the packet is legal: that
 * is for the scanner, which comes to it later.
 */
export function placePublish(bytes: Uint8Array, start: number, limit: number, version: number, into: Placed): boolean {
  if (start >= limit || bytes[start] >> 4 !== PUBLISH) return false
  const body = number(bytes, start + 1, limit)
  if (body < 0) return false
  const end = body + value
  if (end > limit || body + 2 > end) return false
  const topicEnd = body + 2 + ((bytes[body] << 8) | bytes[body + 1])
  let at = topicEnd + ((bytes[start] & 0x06) === 0 ? 0 : 2)
  into.propertiesStart = at
  into.propertiesEnd = at
  if (version === 5) {
    at = number(bytes, at, end)
    if (at < 0) return false
    into.propertiesStart = at
    at += value
    into.propertiesEnd = at
  }
  if (at > end) return false
  into.start = start
  into.end = end
  into.topicStart = body + 2
  into.topicEnd = topicEnd
  into.payloadStart = at
  return true
}

/** What `number` has read. */
let value = 0

/** Reads a variable byte integer. @returns where it ends, or -1 */
function number(bytes: Uint8Array, start: number, limit: number): number {
  value = 0
  for (let i = 0; i < LONGEST && start + i < limit; i++) {
    const byte = bytes[start + i]
    value += (byte & 0x7f) << (7 * i)
    if (byte < 0x80) return start + i + 1
  }
  return -1
}
