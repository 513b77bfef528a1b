import { nearest } from '../../config/near.ts'
import { addressRange, within } from './address.ts'
import { RuleFlaw } from './flaw.ts'

/** The operator's variables, by name without the dollar sign. */
export type Variables = Readonly<Record<string, string>>

/** Chooses values; null for `any`. */
export type Selection<Value> = ((value: Value) => boolean) | null

interface Kind<Value> {
  readonly name: string
  /** Reads what is neither list, negation, variable nor `any`; null where it is wrong. */
  readonly one: (text: string) => ((value: Value) => boolean) | null
  readonly hint: string
}

const ADDRESSES: Kind<Uint8Array | null> = {
  name: 'address',
  one: text => {
    const range = addressRange(text)
    return range === null ? null : address => address !== null && within(address, range)
  },
  hint: 'Write an address, a network (10.0.0.0/8), a range, a list in brackets or any.',
}

const PORTS: Kind<number> = {
  name: 'port',
  one: text => {
    const found = /^(\d*)(:?)(\d*)$/.exec(text)
    if (found === null || text === ':' || text === '') return null
    const first = Number(found[1])
    const last = found[2] === '' ? first : found[3] === '' ? 65_535 : Number(found[3])
    return first > last || last > 65_535 ? null : port => port >= first && port <= last
  },
  hint: 'Write a port, a range (1883:1890), a list in brackets or any.',
}

/** Reads the addresses of a header. Throws `RuleFlaw`. */
export const readAddresses = (text: string, variables: Variables, at: number): Selection<Uint8Array | null> =>
  read(text, ADDRESSES, variables, at, 0)

/** Reads the ports of a header. Throws `RuleFlaw`. */
export const readPorts = (text: string, variables: Variables, at: number): Selection<number> =>
  read(text, PORTS, variables, at, 0)

// Variables may stand in variables, lists in lists.
const DEEPEST = 16

function read<Value>(
  text: string,
  kind: Kind<Value>,
  variables: Variables,
  at: number,
  depth: number,
): Selection<Value> {
  const fail = (what: string, hint = kind.hint): never => {
    throw new RuleFlaw('rule_header', what, hint, at)
  }
  if (depth > DEEPEST) return fail(`one ${kind.name} is nested deeper than ${DEEPEST}`, 'Let no variable name itself.')
  if (text === 'any') return null
  if (text.startsWith('!')) {
    const inner = read(text.slice(1), kind, variables, at, depth + 1)
    if (inner === null) return fail(`${text} leaves no ${kind.name}`, 'Say which not to take; set the variable.')
    return value => !inner(value)
  }
  if (text.startsWith('$')) return read(variable(text.slice(1), variables, at), kind, variables, at, depth + 1)
  if (text.startsWith('[')) {
    if (!text.endsWith(']')) return fail(`the list ${text} has no end`)
    return list(text.slice(1, -1), kind, variables, at, depth)
  }
  return kind.one(text) ?? fail(`${JSON.stringify(text)} is no ${kind.name}`)
}

/** What is not excluded and, where anything is named, named. */
function list<Value>(
  text: string,
  kind: Kind<Value>,
  variables: Variables,
  at: number,
  depth: number,
): Selection<Value> {
  const items = split(text).map(item => item.trim())
  const named: Selection<Value>[] = []
  const excluded: ((value: Value) => boolean)[] = []
  for (const item of items) {
    const selection = read(item, kind, variables, at, depth + 1)
    if (item.startsWith('!') && selection !== null) excluded.push(selection)
    else named.push(selection)
  }
  if (named.includes(null) && excluded.length === 0) return null
  return value =>
    excluded.every(each => each(value)) && (named.length === 0 || named.some(each => each === null || each(value)))
}

/** Splits at the commas that stand in no inner list. */
function split(text: string): string[] {
  const items = ['']
  let depth = 0
  for (const character of text) {
    if (character === '[') depth++
    else if (character === ']') depth--
    if (character === ',' && depth === 0) items.push('')
    else items[items.length - 1] += character
  }
  return items
}

function variable(name: string, variables: Variables, at: number): string {
  const value = Object.hasOwn(variables, name) ? variables[name] : undefined
  if (value !== undefined) return value.trim()
  const near = nearest(name, Object.keys(variables))
  const hint = near === undefined ? `Set ${name} in rules.vars.` : `Did you mean $${near}? Else set it in rules.vars.`
  throw new RuleFlaw('rule_variable', `the variable $${name} is not set`, hint, at)
}
