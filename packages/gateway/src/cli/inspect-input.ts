/** A line of the input that holds a stream: its bytes, or null where it is no hex. Lines count from 1. */
export interface HexLine {
  readonly line: number
  readonly bytes: Uint8Array | null
  /** What is wrong with it. */
  readonly why: string
}

/**
 * Reads lines of hex. Spaces and colons between digits are skipped, what follows a `#` is a comment, and lines without anything
 * else count but give nothing.
 */
export function hexLines(text: string): HexLine[] {
  const lines: HexLine[] = []
  for (const [index, whole] of text
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .entries()) {
    const digits = whole.replace(/#.*$/s, '').replace(/[\s:]/g, '')
    if (digits !== '') lines.push({ line: index + 1, ...readHex(digits) })
  }
  return lines
}

function readHex(digits: string): Omit<HexLine, 'line'> {
  const wrong = /[^0-9a-fA-F]/u.exec(digits)
  if (wrong !== null) {
    const why = `${JSON.stringify(wrong[0])} is no hex digit (digit ${wrong.index + 1} of the line)`
    return { bytes: null, why }
  }
  if (digits.length % 2 === 1) return { bytes: null, why: `${digits.length} hex digits, a byte has two` }
  return { bytes: new Uint8Array(Buffer.from(digits, 'hex')), why: '' }
}
