import { suggestion } from '../../config/near.ts'
import { CelError } from './fault.ts'
import { FUNCTIONS } from './functions.ts'
import { CEL_LIMITS, type Node } from './node.ts'
import { ARITHMETIC, among, both, choose, either, equal, finite, ORDER, type Run } from './operators.ts'
import { parse } from './parse.ts'

/** A value of the frame. */
export interface Variable {
  readonly slot: number
  /** The texts of a state, by index; empty for a number. `false` and `true` make a condition of it. */
  readonly states: readonly string[]
}

/** What an expression may name. */
export interface Scope {
  readonly names: readonly string[]
  find(name: string): Variable | undefined
  /** Functions of a variable itself rather than of its value: `delta(x)`. */
  readonly derivations: readonly string[]
  /** The slot in which a derivation of a variable stands; a text says why there is none. */
  derive(name: string, variable: string): number | string
}

export type CelType = 'number' | 'boolean' | 'state'

/** A checked expression. */
export interface Cel {
  readonly type: CelType
  /** The texts of a state; empty otherwise. */
  readonly states: readonly string[]
  readonly run: Run
  /** Of a number that is a variable and nothing else. */
  readonly slot?: number
}

/** Reads, checks and compiles an expression. Throws `CelError`, with the column. */
export function compileCel(source: string, scope: Scope): Cel {
  return build(parse(source), scope)
}

function build(node: Node, scope: Scope): Cel {
  switch (node.kind) {
    case 'number': {
      const { value } = node
      return number(() => value)
    }
    case 'boolean': {
      const value = node.value ? 1 : 0
      return boolean(() => value)
    }
    case 'text':
      throw new CelError(
        'cel_type',
        `'${node.value}' stands alone`,
        'A text may only be compared with a state.',
        node.column,
      )
    case 'name':
      return variable(node.name, node.column, scope)
    case 'call':
      return call(node, scope)
    case 'unary':
      return unary(node, scope)
    case 'binary':
      return binary(node, scope)
    case 'in':
      return contained(node, scope)
    case 'choice':
      return choice(node, scope)
  }
}

const number = (run: Run): Cel => ({ type: 'number', states: [], run })
const boolean = (run: Run): Cel => ({ type: 'boolean', states: [], run })

function variable(name: string, column: number, scope: Scope): Cel {
  const found = scope.find(name)
  if (found === undefined) throw unknown(`no value is called ${name}`, name, scope.names, column)
  const { slot, states } = found
  const run: Run = frame => frame[slot]
  if (states.length === 0) return { ...number(run), slot }
  return states.join() === 'false,true' ? boolean(run) : { type: 'state', states, run }
}

function call({ name, args, column }: Node & { kind: 'call' }, scope: Scope): Cel {
  if (scope.derivations.includes(name)) {
    const [of] = args
    if (args.length !== 1 || of.kind !== 'name') {
      throw new CelError(
        'cel_type',
        `${name} takes one variable`,
        `Write ${name}(x), x being one of the values.`,
        column,
      )
    }
    variable(of.name, of.column, scope)
    const slot = scope.derive(name, of.name)
    if (typeof slot === 'string') throw new CelError('cel_type', slot, 'Take another function.', column)
    return number(frame => frame[slot])
  }
  const found = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined
  if (found === undefined) {
    throw unknown(`no function is called ${name}`, name, [...Object.keys(FUNCTIONS), ...scope.derivations], column)
  }
  if (args.length < found.least || args.length > found.most) {
    const count = found.least === found.most ? `${found.least}` : `${found.least} to ${found.most}`
    throw new CelError('cel_type', `${name} takes ${count} values, not ${args.length}`, 'Correct the call.', column)
  }
  if (name === 'pow') bounded(args[1])
  return number(found.build(args.map(each => numeric(each, scope, name))))
}

/** An exponent is written out, so that what `pow` may cost and give is known beforehand. */
function bounded(node: Node): void {
  const literal = node.kind === 'unary' && node.operator === '-' ? node.operand : node
  if (literal.kind === 'number' && literal.value <= CEL_LIMITS.exponent) return
  const what = `the exponent of pow must be a number from -${CEL_LIMITS.exponent} to ${CEL_LIMITS.exponent}`
  throw new CelError('cel_cost', what, 'Write it as a literal.', node.column)
}

function unary({ operator, operand, column }: Node & { kind: 'unary' }, scope: Scope): Cel {
  if (operator === '-') {
    const of = numeric(operand, scope, '-')
    return number(frame => -of(frame))
  }
  const { type, run } = build(operand, scope)
  if (type !== 'boolean') throw misfit('!', 'a condition', type, column)
  return boolean(frame => 1 - run(frame))
}

function binary(node: Node & { kind: 'binary' }, scope: Scope): Cel {
  const { operator, left, right, column } = node
  const arithmetic = ARITHMETIC[operator]
  if (arithmetic !== undefined)
    return number(arithmetic(numeric(left, scope, operator), numeric(right, scope, operator)))
  const order = ORDER[operator]
  if (order !== undefined) return boolean(order(numeric(left, scope, operator), numeric(right, scope, operator)))
  if (operator === '==' || operator === '!=') {
    const [a, b] = alike(left, right, scope, column)
    return boolean(equal(a, b, operator === '==' ? 1 : 0))
  }
  const [a, b] = [left, right].map(each => build(each, scope))
  for (const { type } of [a, b]) if (type !== 'boolean') throw misfit(operator, 'conditions', type, column)
  return boolean(operator === '&&' ? both(a.run, b.run) : either(a.run, b.run))
}

function contained({ left, items, column }: Node & { kind: 'in' }, scope: Scope): Cel {
  const value = build(left, scope)
  return boolean(
    among(
      value.run,
      items.map(item => alike(left, item, scope, column)[1]),
    ),
  )
}

/** Two operands of one type. A text takes the type of the state that it is compared with. */
function alike(left: Node, right: Node, scope: Scope, column: number): readonly [Run, Run] {
  if (left.kind === 'text' && right.kind !== 'text') return alike(right, left, scope, column).toReversed() as [Run, Run]
  const a = build(left, scope)
  if (right.kind === 'text') return [a.run, state(right.value, a, right.column)]
  const b = build(right, scope)
  if (a.type === b.type && a.states.join('\n') === b.states.join('\n')) return [a.run, b.run]
  const what =
    a.type === b.type ? 'two states of different sets are compared' : `a ${a.type} is compared with a ${b.type}`
  throw new CelError('cel_type', what, 'Only like can be compared with like.', column)
}

function state(text: string, { type, states }: Cel, column: number): Run {
  if (type !== 'state') {
    const hint = 'A text may only be compared with a state.'
    throw new CelError('cel_type', `a ${type} is compared with the text '${text}'`, hint, column)
  }
  const index = states.indexOf(text)
  if (index === -1) throw unknown(`'${text}' is none of its states`, text, states, column)
  return () => index
}

function choice({ condition, yes, no, column }: Node & { kind: 'choice' }, scope: Scope): Cel {
  const { type, run } = build(condition, scope)
  if (type !== 'boolean') throw misfit('?', 'a condition', type, column)
  const [a, b] = [yes, no].map(each => build(each, scope))
  if (a.type !== b.type || a.states.join('\n') !== b.states.join('\n')) {
    const what = `a choice between a ${a.type} and a ${b.type}`
    throw new CelError('cel_type', what, 'Both sides of : must be of one type.', column)
  }
  return { type: a.type, states: a.states, run: choose(run, a.run, b.run) }
}

function numeric(node: Node, scope: Scope, operator: string): Run {
  const { type, run, slot } = build(node, scope)
  if (type !== 'number') throw misfit(operator, 'numbers', type, node.column)
  return slot === undefined ? run : frame => finite(frame[slot])
}

function misfit(operator: string, wanted: string, type: CelType, column: number): CelError {
  return new CelError(
    'cel_type',
    `${operator} takes ${wanted}, not a ${type}`,
    'Compare it first, or remove it.',
    column,
  )
}

function unknown(what: string, name: string, known: readonly string[], column: number): CelError {
  return new CelError('cel_unknown', what, suggestion(name, known), column)
}
