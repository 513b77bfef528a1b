/** One rule of a file, joined from its lines. */
export interface RuleText {
  readonly text: string
  /** Line and column, from 1, of an offset into `text`. */
  place(at: number): { readonly line: number; readonly column: number }
}

/**
 * Splits a file of rules: one a line, going on behind a backslash at its end; what begins with `#` is a comment.
 * Blanks before a rule's first word are left out of its text.
 */
export function rulesOf(text: string): RuleText[] {
  const rules: RuleText[] = []
  const lines = text.replace(/^\ufeff/, '').split(/\r?\n/)
  for (let index = 0; index < lines.length; index++) {
    if (/^\s*(#|$)/.test(lines[index])) continue
    const starts: number[] = []
    const first = index
    let joined = ''
    for (;;) {
      const line = lines[index]
      const goesOn = /\\\s*$/.test(line) && index + 1 < lines.length
      starts.push(joined.length)
      joined += goesOn ? line.replace(/\\\s*$/, '') : line
      if (!goesOn) break
      index++
    }
    const place = (at: number) => {
      const row = starts.findLastIndex(start => start <= at)
      return { line: first + row + 1, column: at - starts[row] + 1 }
    }
    rules.push({ text: joined, place })
  }
  return rules
}
