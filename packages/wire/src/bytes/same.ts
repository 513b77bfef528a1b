/** Whether two ranges of bytes are the same. */
export function sameBytes(a: Uint8Array, start: number, end: number, b: Uint8Array, from: number, to: number): boolean {
  const length = end - start
  if (length !== to - from) return false
  for (let i = 0; i < length; i++) if (a[start + i] !== b[from + i]) return false
  return true
}
