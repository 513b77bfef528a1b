/** The first key that stands twice in one object of a JSON text, which must be one; null where none does. `JSON.parse` keeps the last and says nothing. */
export function twiceIn(text: string): string | null {
  const open: (Set<string> | null)[] = []
  // Strings with what stands behind them, and brackets: a string before a colon is a key.
  for (const [found, quoted, colon] of text.matchAll(/("(?:[^"\\]|\\.)*")(\s*:)?|[{}[\]]/g)) {
    if (found === '{') open.push(new Set())
    else if (found === '[') open.push(null)
    else if (found === '}' || found === ']') open.pop()
    else if (colon !== undefined) {
      const key = String(JSON.parse(quoted!))
      const keys = open.at(-1)
      if (keys?.has(key) === true) return key
      keys?.add(key)
    }
  }
  return null
}
