/** FNV-1a of 32 bits over some bytes, begun with a seed. */
export function hashOf(bytes: Uint8Array, start: number, end: number, seed: number): number {
  let hash = 0x811c9dc5 ^ seed
  for (let at = start; at < end; at++) hash = Math.imul(hash ^ bytes[at], 0x01000193)
  hash ^= hash >>> 15
  return hash >>> 0
}
