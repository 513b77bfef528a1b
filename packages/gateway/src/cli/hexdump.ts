const WIDTH = 16

/** Bytes as lines of offset, hex and printable ASCII. */
export function hexdump(bytes: Uint8Array): string[] {
  const lines: string[] = []
  for (let at = 0; at < bytes.length; at += WIDTH) {
    const row = Array.from(bytes.subarray(at, at + WIDTH))
    const hex = row.map(byte => byte.toString(16).padStart(2, '0')).join(' ')
    const text = row.map(byte => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('')
    lines.push(`  ${at.toString(16).padStart(4, '0')}  ${hex.padEnd(WIDTH * 3)} ${text}`)
  }
  return lines
}
