/** A 16-bit number in either byte order. */
export function u16(bytes: Uint8Array, at: number, little: boolean): number {
  return little ? bytes[at] | (bytes[at + 1] << 8) : (bytes[at] << 8) | bytes[at + 1]
}

/** A 32-bit number in either byte order. */
export function u32(bytes: Uint8Array, at: number, little: boolean): number {
  const low = little ? u16(bytes, at, true) : u16(bytes, at + 2, false)
  const high = little ? u16(bytes, at + 2, true) : u16(bytes, at, false)
  return ((high << 16) | low) >>> 0
}
