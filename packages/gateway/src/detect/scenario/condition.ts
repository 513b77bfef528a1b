import { suggestion } from '../../config/near.ts'
import { Flaw } from '../../config/problem.ts'
import type { Happening, Kind } from '../../evidence/happening.ts'
import { CelError } from '../../profile/cel/fault.ts'
import { type BinaryOperator, childrenOf, type Node } from '../../profile/cel/node.ts'
import { parse } from '../../profile/cel/parse.ts'
import { type Expression, FIELDS, type Value } from './fields.ts'
import { FUNCTIONS } from './functions.ts'

export type Condition = (happening: Happening) => boolean

/**
 * Compiles a condition over a happening: CEL's operators over its fields, texts and numbers, and the functions of
 * `functions.ts`. Total, and bounded by its source (`CEL_LIMITS`). Throws `CelError`, with the column.
 */
export function compileCondition(source: string): Condition {
  const node = parse(source)
  const { type, of } = build(node)
  if (type !== 'condition') throw misfit('a filter', 'a condition', type, 1)
  return isTopical(node) ? remembered(of as Condition) : (of as Condition)
}

/** Topics of which is remembered, by kind of happening, whether a condition holds, and UTF-16 units of the longest of them. */
const REMEMBERED = 4_096
const LONGEST = 256

/** Whether a condition calls functions, and asks about nothing but the topic and the kind. */
function isTopical(node: Node): boolean {
  const names = new Set<string>()
  let calls = 0
  const walk = (each: Node): void => {
    if (each.kind === 'name') names.add(each.name)
    if (each.kind === 'call') calls++
    for (const child of childrenOf(each)) walk(child)
  }
  walk(node)
  return calls > 0 && [...names].every(name => name === 'topic' || name === 'kind')
}

/** Most topics come again and again: what holds for one needs not be worked out for each message. */
function remembered(holds: Condition): Condition {
  const known = new Map<Kind, Map<string, boolean>>()
  return happening => {
    const { kind, topic } = happening
    let topics = known.get(kind)
    if (topics === undefined) {
      topics = new Map()
      known.set(kind, topics)
    }
    const before = topics.get(topic)
    if (before !== undefined) return before
    const now = holds(happening)
    if (topics.size >= REMEMBERED) topics.clear()
    if (topic.length <= LONGEST) topics.set(topic, now)
    return now
  }
}

function build(node: Node): Expression {
  switch (node.kind) {
    case 'number':
    case 'boolean':
    case 'text': {
      const { value, kind } = node
      return { type: kind === 'boolean' ? 'condition' : kind, of: () => value, literal: value }
    }
    case 'name': {
      if (Object.hasOwn(FIELDS, node.name)) return FIELDS[node.name]
      const hint = suggestion(node.name, Object.keys(FIELDS))
      throw new CelError('cel_unknown', `a happening has no ${node.name}`, hint, node.column)
    }
    case 'call':
      return call(node)
    case 'unary':
      return unary(node)
    case 'binary':
      return binary(node)
    case 'in':
      return among(node)
    case 'choice': {
      const [when, yes, no] = [node.condition, node.yes, node.no].map(build)
      if (when.type !== 'condition') throw misfit('?', 'a condition', when.type, node.column)
      if (yes.type !== no.type) throw misfit(':', `a ${yes.type} on both sides`, no.type, node.column)
      return { type: yes.type, of: each => (when.of(each) ? yes.of(each) : no.of(each)) }
    }
  }
}

function call({ name, args, column }: Node & { kind: 'call' }): Expression {
  const found = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined
  if (found === undefined) {
    const hint = suggestion(name, Object.keys(FUNCTIONS))
    throw new CelError('cel_unknown', `no function is called ${name}`, hint, column)
  }
  const given = args.map(build)
  const fits = given.length === found.takes.length && given.every(({ type }, index) => type === found.takes[index])
  if (!fits)
    throw misfit(name, found.takes.join(' and '), given.map(({ type }) => type).join(' and ') || 'nothing', column)
  const run = found.build(given)
  if (run instanceof Flaw) throw new CelError('cel_type', run.what, run.hint, column)
  return { type: found.gives, of: run }
}

function unary({ operator, operand, column }: Node & { kind: 'unary' }): Expression {
  const { type, of } = build(operand)
  const wanted = operator === '!' ? 'condition' : 'number'
  if (type !== wanted) throw misfit(operator, `a ${wanted}`, type, column)
  return operator === '!' ? { type, of: each => !of(each) } : { type, of: each => -(of(each) as number) }
}

type Numbers = (a: number, b: number) => Value

const OF_NUMBERS: Readonly<Partial<Record<BinaryOperator, Numbers>>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  // Every comparison with what is not a number is false.
  '/': (a, b) => a / b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
}

function binary({ operator, left, right, column }: Node & { kind: 'binary' }): Expression {
  const [a, b] = [build(left), build(right)]
  if (operator === '&&' || operator === '||') {
    for (const { type } of [a, b]) if (type !== 'condition') throw misfit(operator, 'conditions', type, column)
    if (operator === '&&') return { type: 'condition', of: each => a.of(each) && b.of(each) }
    return { type: 'condition', of: each => a.of(each) || b.of(each) }
  }
  if (operator === '==' || operator === '!=') {
    if (a.type !== b.type) throw misfit(operator, `a ${a.type} on both sides`, b.type, column)
    return { type: 'condition', of: each => (a.of(each) === b.of(each)) === (operator === '==') }
  }
  for (const { type } of [a, b]) if (type !== 'number') throw misfit(operator, 'numbers', type, column)
  const run = OF_NUMBERS[operator]!
  const type = '+-*/'.includes(operator) ? 'number' : 'condition'
  return { type, of: each => run(a.of(each) as number, b.of(each) as number) }
}

function among({ left, items, column }: Node & { kind: 'in' }): Expression {
  const value = build(left)
  const list = items.map(build)
  for (const { type, literal } of list) {
    if (type !== value.type || literal === undefined) throw misfit('in', `literals, each a ${value.type}`, type, column)
  }
  const known = new Set(list.map(({ literal }) => literal))
  return { type: 'condition', of: each => known.has(value.of(each)) }
}

function misfit(operator: string, wanted: string, found: string, column: number): CelError {
  return new CelError('cel_type', `${operator} takes ${wanted}, not ${found}`, 'Compare like with like.', column)
}
