/** A word, a string or a mark of TypeScript source, with its line from 1. A string's text is its content. */
export interface Token {
  readonly kind: 'word' | 'string' | 'mark'
  readonly text: string
  readonly line: number
}

const WORD = /[\p{ID_Start}\p{ID_Continue}$_#@]+/uy
const BEFORE_REGEX = new Set('return typeof case in of delete void throw new else do yield await instanceof'.split(' '))

/**
 * Splits source text into tokens, dropping comments, white space, regular expressions and the fixed parts of template
 * literals (what stands in their `${}` is kept). Enough to find imports with certainty; not a parser.
 */
export function tokenize(source: string): Token[] {
  const tokens: Token[] = []
  // How many braces are open in each `${}` that the reader is inside of.
  const templates: number[] = []
  let line = 1
  let at = 0

  const push = (kind: Token['kind'], text: string) => tokens.push({ kind, text, line })
  const skipTo = (end: number) => {
    for (; at < end; at++) if (source[at] === '\n') line++
  }

  while (at < source.length) {
    const char = source[at]
    const pair = source.slice(at, at + 2)
    if (/\s/.test(char)) skipTo(at + 1)
    else if (pair === '//') skipTo(endOf(source, '\n', at))
    else if (pair === '/*') skipTo(endOf(source, '*/', at + 2) + 2)
    else if (char === "'" || char === '"') {
      const end = closing(source, at + 1, char)
      push('string', source.slice(at + 1, end))
      skipTo(end + 1)
    } else if (char === '`') template(at + 1, true)
    else if (char === '/' && regexMayStart(tokens.at(-1))) skipTo(endOfRegex(source, at + 1))
    else if (char === '}' && templates.at(-1) === 0) {
      templates.pop()
      template(at + 1, false)
    } else {
      if (char === '{' && templates.length > 0) templates[templates.length - 1]++
      if (char === '}' && templates.length > 0) templates[templates.length - 1]--
      WORD.lastIndex = at
      const word = WORD.exec(source)?.[0]
      push(word === undefined ? 'mark' : 'word', word ?? char)
      skipTo(at + (word ?? char).length)
    }
  }
  return tokens

  // Reads a template's fixed part. A template without `${}` counts as a string.
  function template(start: number, opening: boolean): void {
    const end = closing(source, start, '`', '${')
    if (source[end] === '$') {
      push('mark', '`')
      templates.push(0)
      skipTo(end + 2)
    } else {
      if (opening) push('string', source.slice(start, end))
      else push('mark', '`')
      skipTo(end + 1)
    }
  }
}

function endOf(source: string, what: string, from: number): number {
  const found = source.indexOf(what, from)
  return found === -1 ? source.length : found
}

function closing(source: string, from: number, ...ends: string[]): number {
  for (let at = from; at < source.length; at++) {
    if (source[at] === '\\') at++
    else if (ends.some(end => source.startsWith(end, at))) return at
  }
  return source.length
}

function endOfRegex(source: string, from: number): number {
  let inClass = false
  for (let at = from; at < source.length; at++) {
    if (source[at] === '\\') at++
    else if (source[at] === '[') inClass = true
    else if (source[at] === ']') inClass = false
    else if (source[at] === '/' && !inClass) return at + 1
    else if (source[at] === '\n') return at
  }
  return source.length
}

function regexMayStart(before: Token | undefined): boolean {
  if (before === undefined) return true
  if (before.kind === 'mark') return !/[)\]}`]/.test(before.text)
  return before.kind === 'word' && BEFORE_REGEX.has(before.text)
}
