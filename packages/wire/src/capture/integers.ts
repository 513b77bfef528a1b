/** A 16-bit number in network byte order. */
export function net16(bytes: Uint8Array, at: number): number {
  return (bytes[at] << 8) | bytes[at + 1]
}

/** A 32-bit number in network byte order, as a signed one: sequence numbers and parts of addresses are compared, not counted. */
export function net32(bytes: Uint8Array, at: number): number {
  return (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3]
}

/** A 16-bit number in either byte order. */
export function u16(bytes: Uint8Array, at: number, little: boolean): number {
  return little ? bytes[at] | (bytes[at + 1] << 8) : net16(bytes, at)
}

/** A 32-bit number in either byte order. */
export function u32(bytes: Uint8Array, at: number, little: boolean): number {
  if (!little) return net32(bytes, at) >>> 0
  return (bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24)) >>> 0
}
