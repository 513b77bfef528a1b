/** FNV-1a over bytes: a signed 32-bit number. */
export function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5 | 0
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ bytes[i], 0x01000193)
  return hash
}

/** A table of indices by the hash of their keys, at most half full, probed one by one. */
export function hashTable(keys: readonly Uint8Array[]): Int32Array {
  let size = 2
  while (size < 2 * keys.length) size *= 2
  const table = new Int32Array(size).fill(-1)
  for (const [index, key] of keys.entries()) {
    let slot = hashOf(key, 0, key.length) & (size - 1)
    while (table[slot] >= 0) slot = (slot + 1) & (size - 1)
    table[slot] = index
  }
  return table
}
