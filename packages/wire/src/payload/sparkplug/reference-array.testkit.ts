/** Whether bytes are what an array type of Sparkplug 3.0, section 6.4.17, may have; written apart from the reader. */
export function checkArray(bytes: Uint8Array, type: number): boolean {
  if (type < 22) return true
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (type === 32) return bytes.length >= 4 && bytes.length === 4 + Math.ceil(view.getUint32(0, true) / 8)
  if (type === 33) return strings(bytes)
  const size = { 22: 1, 23: 2, 24: 4, 25: 8, 26: 1, 27: 2, 28: 4, 29: 8, 30: 4, 31: 8, 34: 8 }[type] ?? 1
  if (bytes.length % size !== 0) return false
  for (let at = 0; at < bytes.length; at += size) {
    if (type === 30 && !Number.isFinite(view.getFloat32(at, true))) return false
    if (type === 31 && !Number.isFinite(view.getFloat64(at, true))) return false
  }
  return true
}

function strings(bytes: Uint8Array): boolean {
  if (bytes.length > 0 && bytes.at(-1) !== 0) return false
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return true
  } catch {
    return false
  }
}
