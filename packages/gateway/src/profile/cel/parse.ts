import { CelError } from './fault.ts'
import { lex, type Token } from './lex.ts'
import { type BinaryOperator, CEL_LIMITS, type Node } from './node.ts'

/** Binary operators from loosest to tightest, all binding to the left (CEL specification, section Syntax). */
const LEVELS: readonly (readonly string[])[] = [
  ['||'],
  ['&&'],
  ['==', '!=', '<', '<=', '>', '>=', 'in'],
  ['+', '-'],
  ['*', '/'],
]

/** Words of CEL that no variable can have. */
const RESERVED = new Set(['true', 'false', 'in', 'null'])

/** Reads an expression. Throws `CelError` with `cel_syntax` or `cel_cost`. */
export function parse(source: string): Node {
  return new Parser(lex(source)).whole()
}

class Parser {
  readonly #tokens: readonly Token[]
  #at = 0
  #depth = 0
  #nodes = 0

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens
  }

  whole(): Node {
    const node = this.#expression()
    const { kind, value, column } = this.#token
    if (kind !== 'end')
      throw new CelError('cel_syntax', `${value} is not expected here`, 'An operator is missing.', column)
    return node
  }

  get #token(): Token {
    return this.#tokens[this.#at]
  }

  #expression(): Node {
    this.#deeper()
    const condition = this.#binary(0)
    const { column } = this.#token
    const node = this.#takes('?') ? this.#choice(condition, column) : condition
    this.#depth--
    return node
  }

  #choice(condition: Node, column: number): Node {
    const yes = this.#binary(0)
    this.#expect(':', 'A choice is written condition ? one : other.')
    const no = this.#expression()
    return this.#made({ kind: 'choice', condition, yes, no, column })
  }

  #binary(level: number): Node {
    if (level === LEVELS.length) return this.#unary()
    let left = this.#binary(level + 1)
    for (;;) {
      const { kind, value, column } = this.#token
      if ((kind !== 'sign' && kind !== 'name') || !LEVELS[level].includes(String(value))) return left
      this.#at++
      if (value === 'in') left = this.#made({ kind: 'in', left, items: this.#items(), column })
      else {
        const operator = value as BinaryOperator
        left = this.#made({ kind: 'binary', operator, left, right: this.#binary(level + 1), column })
      }
    }
  }

  #unary(): Node {
    const { kind, value, column } = this.#token
    if (kind !== 'sign' || (value !== '-' && value !== '!')) return this.#primary()
    this.#at++
    this.#deeper()
    const operand = this.#unary()
    this.#depth--
    return this.#made({ kind: 'unary', operator: value, operand, column })
  }

  #primary(): Node {
    const token = this.#token
    const { column } = token
    this.#at++
    if (token.kind === 'number') return this.#made({ kind: 'number', value: token.value, column })
    if (token.kind === 'text') return this.#made({ kind: 'text', value: token.value, column })
    if (token.kind === 'name') return this.#named(token.value, column)
    if (token.value === '(') {
      const node = this.#expression()
      this.#expect(')', 'A parenthesis is not closed.')
      return node
    }
    const what =
      token.kind === 'end' ? 'the expression ends where a value is expected' : `${token.value} is not a value`
    const hint = token.value === '[' ? 'A list may only stand behind "in".' : 'Write a number, a variable or a call.'
    throw new CelError('cel_syntax', what, hint, column)
  }

  #named(name: string, column: number): Node {
    if (name === 'true' || name === 'false') return this.#made({ kind: 'boolean', value: name === 'true', column })
    if (RESERVED.has(name))
      throw new CelError('cel_syntax', `${name} is not a value`, 'Write a number or a variable.', column)
    if (!this.#takes('(')) return this.#made({ kind: 'name', name, column })
    return this.#made({ kind: 'call', name, args: this.#list(')'), column })
  }

  #items(): readonly Node[] {
    const { column } = this.#token
    this.#expect('[', "Behind \"in\" a list is expected: mode in ['normal', 'start-up'].")
    const items = this.#list(']')
    if (items.length > CEL_LIMITS.items) {
      throw new CelError(
        'cel_cost',
        `the list has ${items.length} items, more than ${CEL_LIMITS.items}`,
        'Shorten it.',
        column,
      )
    }
    return items
  }

  #list(close: string): readonly Node[] {
    const nodes: Node[] = []
    if (this.#takes(close)) return nodes
    do nodes.push(this.#expression())
    while (this.#takes(','))
    this.#expect(close, `A ${close} is missing.`)
    return nodes
  }

  #takes(sign: string): boolean {
    const { kind, value } = this.#token
    if (kind !== 'sign' || value !== sign) return false
    this.#at++
    return true
  }

  #expect(sign: string, hint: string): void {
    if (this.#takes(sign)) return
    const { kind, value, column } = this.#token
    throw new CelError('cel_syntax', `${sign} is expected, not ${kind === 'end' ? 'the end' : value}`, hint, column)
  }

  #deeper(): void {
    if (++this.#depth <= CEL_LIMITS.depth) return
    const what = `the expression is more than ${CEL_LIMITS.depth} levels deep`
    throw new CelError('cel_cost', what, 'Remove parentheses, or split it into several laws.', this.#token.column)
  }

  #made(node: Node): Node {
    if (++this.#nodes <= CEL_LIMITS.nodes) return node
    const what = `the expression has more than ${CEL_LIMITS.nodes} parts`
    throw new CelError('cel_cost', what, 'Split it into several laws.', node.column)
  }
}
