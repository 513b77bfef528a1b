/** What an expression may cost. All of it is checked before anything runs, so an evaluation is bounded by its source. */
export const CEL_LIMITS = {
  /** UTF-16 units of the source. */
  length: 1_024,
  /** Parentheses, calls, choices and signs within each other. */
  depth: 32,
  /** Literals, variables, operators and calls. */
  nodes: 256,
  /** Items of a list. */
  items: 64,
  /** Greatest exponent of `pow`, in either direction. */
  exponent: 16,
} as const

export type UnaryOperator = '-' | '!'
export type BinaryOperator = '||' | '&&' | '==' | '!=' | '<' | '<=' | '>' | '>=' | '+' | '-' | '*' | '/'

interface Placed {
  /** From 1, of the operator where there is one. */
  readonly column: number
}

/** An expression as it was read. */
export type Node = Placed &
  (
    | { readonly kind: 'number'; readonly value: number }
    | { readonly kind: 'boolean'; readonly value: boolean }
    | { readonly kind: 'text'; readonly value: string }
    | { readonly kind: 'name'; readonly name: string }
    | { readonly kind: 'call'; readonly name: string; readonly args: readonly Node[] }
    | { readonly kind: 'unary'; readonly operator: UnaryOperator; readonly operand: Node }
    | { readonly kind: 'binary'; readonly operator: BinaryOperator; readonly left: Node; readonly right: Node }
    | { readonly kind: 'in'; readonly left: Node; readonly items: readonly Node[] }
    | { readonly kind: 'choice'; readonly condition: Node; readonly yes: Node; readonly no: Node }
  )

/** The expressions of which one is made, in their order. */
export function childrenOf(node: Node): readonly Node[] {
  switch (node.kind) {
    case 'call':
      return node.args
    case 'unary':
      return [node.operand]
    case 'binary':
      return [node.left, node.right]
    case 'in':
      return [node.left, ...node.items]
    case 'choice':
      return [node.condition, node.yes, node.no]
    default:
      return []
  }
}
