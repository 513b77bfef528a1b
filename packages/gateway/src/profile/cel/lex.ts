import { CelError } from './fault.ts'
import { CEL_LIMITS } from './node.ts'

export type Token =
  | { readonly kind: 'number'; readonly value: number; readonly column: number }
  | { readonly kind: 'text'; readonly value: string; readonly column: number }
  | { readonly kind: 'name'; readonly value: string; readonly column: number }
  | { readonly kind: 'sign'; readonly value: string; readonly column: number }
  | { readonly kind: 'end'; readonly value: ''; readonly column: number }

const SPACE = /[ \t\n\f\r]+/y
const NUMBER = /(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?/y
const NAME = /[A-Za-z_][A-Za-z0-9_]*/y
const SIGN = /\|\||&&|==|!=|<=|>=|[<>!+\-*/?:()[\],]/y
/** A text without escapes: states that need them cannot be written, which keeps one spelling for each. */
const TEXT = /'[^'\\\n\r]*'|"[^"\\\n\r]*"/y

/** Cuts a source into tokens (CEL specification, section Syntax); the last is of kind `end`. */
export function lex(source: string): readonly Token[] {
  if (source.length > CEL_LIMITS.length) {
    const what = `the expression has ${source.length} characters, more than ${CEL_LIMITS.length}`
    throw new CelError('cel_cost', what, 'Split it into several laws.', CEL_LIMITS.length + 1)
  }
  const tokens: Token[] = []
  let at = 0
  const take = (pattern: RegExp): string | null => {
    pattern.lastIndex = at
    return pattern.exec(source)?.[0] ?? null
  }
  while (at < source.length) {
    const column = at + 1
    const space = take(SPACE)
    if (space !== null) {
      at += space.length
      continue
    }
    const found = take(NUMBER) ?? take(NAME) ?? take(TEXT) ?? take(SIGN)
    if (found === null) throw unreadable(source, at)
    at += found.length
    tokens.push(tokenOf(found, source[at] ?? '', column))
  }
  tokens.push({ kind: 'end', value: '', column: source.length + 1 })
  return tokens
}

function tokenOf(found: string, next: string, column: number): Token {
  const first = found[0]
  if (/[A-Za-z_]/.test(first)) return { kind: 'name', value: found, column }
  if (first === "'" || first === '"') return { kind: 'text', value: found.slice(1, -1), column }
  if (!/[0-9]/.test(first) && !/^\.[0-9]/.test(found)) return { kind: 'sign', value: found, column }
  const value = Number(found)
  if (!Number.isFinite(value)) {
    throw new CelError('cel_syntax', `${found} is larger than a double`, 'Write a smaller number.', column)
  }
  if (/[A-Za-z_.]/.test(next)) {
    const hint = 'All numbers are doubles here: write 2 or 2.5, without a letter behind it.'
    throw new CelError('cel_syntax', `${found}${next} is not a number`, hint, column)
  }
  return { kind: 'number', value, column }
}

const HINTS: Readonly<Record<string, string>> = {
  "'": 'Close the text with the same quote, on one line and without a backslash.',
  '"': 'Close the text with the same quote, on one line and without a backslash.',
  '=': 'Compare with ==.',
  '&': 'Join conditions with &&.',
  '|': 'Join conditions with ||.',
  '%': 'There is no remainder of doubles.',
  '.': 'There are no members: name each series under "values".',
  '^': 'Raise with pow(x, 2).',
}

function unreadable(source: string, at: number): CelError {
  const character = String.fromCodePoint(source.codePointAt(at) ?? 0)
  const shown = /[\x20-\x7e]/.test(character)
    ? character
    : `U+${character.codePointAt(0)?.toString(16).padStart(4, '0')}`
  const hint = HINTS[character] ?? 'Remove it.'
  return new CelError('cel_syntax', `${shown} means nothing here`, hint, at + 1)
}
