import { type Token, tokenize } from './tokens.ts'

/** One import of a file. `specifier` is undefined where a dynamic import computes its name. */
export interface Import {
  readonly specifier: string | undefined
  readonly line: number
  /** `type` only where the whole statement vanishes when types are stripped: `import type`, `export type … from`. */
  readonly kind: 'static' | 'dynamic' | 'type'
}

/** Finds every import of TypeScript source: static, dynamic, type-only, re-exports, `require` and `import('…').Type`. */
export function importsOf(source: string): Import[] {
  const tokens = tokenize(source)
  const found: Import[] = []
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at]
    if (token.kind !== 'word' || tokens[at - 1]?.text === '.') continue
    const one =
      token.text === 'import'
        ? importAt(tokens, at)
        : token.text === 'export'
          ? exportAt(tokens, at)
          : token.text === 'require'
            ? callAt(tokens, at, 'static')
            : undefined
    if (one !== undefined) found.push(one)
  }
  return found
}

function importAt(tokens: Token[], at: number): Import | undefined {
  const next = tokens[at + 1]
  if (next === undefined || next.text === '.' || next.text === ':') return undefined
  if (next.kind === 'string') return { specifier: next.text, line: next.line, kind: 'static' }
  if (next.text === '(') return callAt(tokens, at, 'dynamic')
  return fromClause(tokens, at + 1, isTypeOnly(tokens, at + 1) ? 'type' : 'static')
}

function exportAt(tokens: Token[], at: number): Import | undefined {
  const type = tokens[at + 1]?.text === 'type'
  const start = at + (type ? 2 : 1)
  const first = tokens[start]
  if (first?.kind !== 'mark' || (first.text !== '{' && first.text !== '*')) return undefined
  return fromClause(tokens, start, type ? 'type' : 'static')
}

// `import type from './x.ts'` imports a default named "type"; `import type X from` and `import type { X } from` are type-only.
function isTypeOnly(tokens: Token[], at: number): boolean {
  if (tokens[at].text !== 'type') return false
  const after = tokens[at + 1]?.text
  return after !== ',' && (after !== 'from' || tokens[at + 2]?.text === 'from')
}

// Walks over names, braces and stars to `from '…'`; anything else means that this was no import after all.
function fromClause(tokens: Token[], start: number, kind: Import['kind']): Import | undefined {
  let depth = 0
  for (let at = start; at < tokens.length; at++) {
    const { text, kind: tokenKind, line } = tokens[at]
    if (text === '{') depth++
    else if (text === '}') {
      depth--
      if (depth === 0 && tokens[at + 1]?.text !== 'from') return undefined
    } else if (depth === 0 && text === 'from' && tokens[at + 1]?.kind === 'string') {
      return { specifier: tokens[at + 1].text, line, kind }
    } else if (tokenKind === 'mark' && text !== ',' && text !== '*') return undefined
  }
  return undefined
}

function callAt(tokens: Token[], at: number, kind: Import['kind']): Import | undefined {
  if (tokens[at + 1]?.text !== '(') return undefined
  const name = tokens[at + 2]
  const end = tokens[at + 3]?.text
  const literal = name?.kind === 'string' && (end === ')' || end === ',')
  return { specifier: literal ? name.text : undefined, line: tokens[at].line, kind }
}
