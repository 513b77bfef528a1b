import { childrenOf, type Node } from './node.ts'
import { parse } from './parse.ts'

/** A constant and a weighted sum of names. */
export interface Affine {
  readonly constant: number
  readonly weights: ReadonlyMap<string, number>
}

/**
 * An expression as a constant and a weighted sum of its names, by its form: sums, differences, signs, and products and quotients by numbers. Null for all else, also where it would come to a straight line by
 * chance: choices, comparisons, calls, products of names. Throws `CelError`, as `compileCel` does, where it cannot be read.
 */
export function affineOf(source: string): Affine | null {
  const found = formOf(parse(source))
  return found !== null && [found.constant, ...found.weights.values()].every(Number.isFinite) ? found : null
}

/** The names and functions that an expression has. */
export function namesIn(source: string): ReadonlySet<string> {
  const found = new Set<string>()
  const visit = (node: Node): void => {
    if (node.kind === 'name' || node.kind === 'call') found.add(node.name)
    for (const part of childrenOf(node)) visit(part)
  }
  visit(parse(source))
  return found
}

function formOf(node: Node): Affine | null {
  if (node.kind === 'number') return { constant: node.value, weights: new Map() }
  if (node.kind === 'name') return { constant: 0, weights: new Map([[node.name, 1]]) }
  if (node.kind === 'unary' && node.operator === '-') return times(formOf(node.operand), -1)
  if (node.kind !== 'binary') return null
  const [left, right] = [formOf(node.left), formOf(node.right)]
  if (left === null || right === null) return null
  switch (node.operator) {
    case '+':
      return plus(left, right)
    case '-':
      return plus(left, times(right, -1)!)
    case '*':
      return isNumber(left) ? times(right, left.constant) : isNumber(right) ? times(left, right.constant) : null
    case '/':
      return isNumber(right) ? times(left, 1 / right.constant) : null
    default:
      return null
  }
}

const isNumber = ({ weights }: Affine): boolean => weights.size === 0

function times(of: Affine | null, factor: number): Affine | null {
  if (of === null) return null
  const weights = new Map([...of.weights].map(([name, weight]) => [name, factor * weight]))
  return { constant: factor * of.constant, weights }
}

function plus(left: Affine, right: Affine): Affine {
  const weights = new Map(left.weights)
  for (const [name, weight] of right.weights) weights.set(name, (weights.get(name) ?? 0) + weight)
  return { constant: left.constant + right.constant, weights }
}
