/** What `variableAt` answers where no value could be read. */
export const VARIABLE_TRUNCATED = -1
export const VARIABLE_MALFORMED = -2

/**
 * Reads a Variable Byte Integer (MQTT-1.5.5) without allocating: the value in the high bits, then one bit that says
 * that more bytes than necessary were used, then two bits with the bytes used less one. Negative where it failed.
 */
export function variableAt(bytes: Uint8Array, at: number, end: number): number {
  let value = 0
  for (let size = 0; size < 4; size++) {
    if (at + size >= end) return VARIABLE_TRUNCATED
    const byte = bytes[at + size]
    value += (byte & 0x7f) * 2 ** (7 * size)
    if (byte < 0x80) return value * 8 + (byte === 0 && size > 0 ? 4 : 0) + size
  }
  return VARIABLE_MALFORMED
}

export function variableValue(read: number): number {
  return Math.floor(read / 8)
}

export function variableSize(read: number): number {
  return (read % 4) + 1
}

/** False where the encoding has more bytes than its value needs (MQTT-1.5.5-1). */
export function variableMinimal(read: number): boolean {
  return read % 8 < 4
}

/** Bytes that a value takes as a Variable Byte Integer. */
export function variableLength(value: number): number {
  return value < 0x80 ? 1 : value < 0x4000 ? 2 : value < 0x200000 ? 3 : 4
}
