/** A condition on a whole number, as Suricata's integer keywords have it (its ranges leave their ends out). */
export type NumberTest = (value: number) => boolean

const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  kb: 1024,
  kib: 1024,
  mb: 1024 ** 2,
  mib: 1024 ** 2,
  gb: 1024 ** 3,
  gib: 1024 ** 3,
}

/**
 * Reads a condition: `5`, `=5`, `!5`, `>5`, `>=5`, `<5`, `<=5`, `3-7` or `3<>7` (4 to 6), `!3-7`, `&0xc0=0x80`.
 * Null where the text is none, or a number is above `most`.
 * @param names numbers by their names, in small letters, for keywords that count something up
 */
export function readNumberTest(
  text: string,
  most: number,
  names: ReadonlyMap<string, number> = new Map(),
): NumberTest | null {
  const number = (part: string) => names.get(part.trim().toLowerCase()) ?? readNumber(part.trim(), most)
  const masked = /^&\s*([^=!]+?)\s*(!?=)\s*(.+)$/.exec(text)
  if (masked !== null) {
    const mask = number(masked[1])
    const wanted = number(masked[3])
    if (mask === null || wanted === null || (wanted & ~mask) !== 0) return null
    return masked[2] === '=' ? value => (value & mask) === wanted : value => (value & mask) !== wanted
  }
  const range = /^(!?)\s*([0-9a-zA-Z]+)\s*(?:-|<>)\s*([0-9a-zA-Z]+)$/.exec(text)
  if (range !== null) {
    const low = number(range[2])
    const high = number(range[3])
    if (low === null || high === null || high - low < 2) return null
    return range[1] === '' ? value => value > low && value < high : value => value <= low || value >= high
  }
  const plain = /^(>=|<=|!=|==|[<>=!]?)\s*([0-9a-zA-Z_]+)$/.exec(text)
  const limit = plain === null ? null : number(plain[2])
  if (plain === null || limit === null) return null
  switch (plain[1]) {
    case '>':
      return value => value > limit
    case '>=':
      return value => value >= limit
    case '<':
      return value => value < limit
    case '<=':
      return value => value <= limit
    case '!':
    case '!=':
      return value => value !== limit
    default:
      return value => value === limit
  }
}

/** A number in decimal or, behind `0x`, hexadecimal digits, perhaps with a unit; null where it is none or above `most`. */
export function readNumber(text: string, most: number): number | null {
  const found = /^(?:0x([0-9a-f]+)|(\d+)\s*([kmg]i?b)?)$/i.exec(text)
  if (found === null) return null
  const value =
    found[1] === undefined ? Number(found[2]) * UNITS[(found[3] ?? '').toLowerCase()] : Number.parseInt(found[1], 16)
  return value <= most ? value : null
}
