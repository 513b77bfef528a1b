export function u16(bytes: Uint8Array, at: number): number {
  return (bytes[at] << 8) | bytes[at + 1]
}

/** Where the properties at `at` end, if the connection's version has any; behind `end` where they are not whole. */
export function propertiesEnd(version: number, bytes: Uint8Array, at: number, end: number): number {
  if (version !== 5) return at
  let length = 0
  for (let i = 0; i < 4 && at + i < end; i++) {
    length |= (bytes[at + i] & 0x7f) << (7 * i)
    if (bytes[at + i] < 0x80) return at + i + 1 + length
  }
  return end + 1
}

/** Whether bytes that are kept are those at `[start, end)`. */
export function isSame(kept: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (kept.length !== end - start) return false
  for (let i = 0; i < kept.length; i++) if (kept[i] !== bytes[start + i]) return false
  return true
}
