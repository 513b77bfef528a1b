import { compileGlobs } from '../../config/glob.ts'
import { suggestion } from '../../config/near.ts'
import { Flaw, quote } from '../../config/problem.ts'
import type { Happening } from '../../evidence/happening.ts'
import { FIELDS, type Field } from '../scenario/fields.ts'
import { networkOf } from '../scenario/functions.ts'
import { boundedPattern } from './pattern.ts'

export type Matches = (happening: Happening) => boolean
type Fits = (value: string | number | boolean) => boolean

const COMPARISONS: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  gt: (a, b) => a > b,
  gte: (a, b) => a >= b,
  lt: (a, b) => a < b,
  lte: (a, b) => a <= b,
}
const MODIFIERS = ['contains', 'startswith', 'endswith', 'all', 'cased', 're', 'cidr', ...Object.keys(COMPARISONS)]

/** Compiles one line of a selection, `field|modifier: value or list` (Sigma rules specification 2.0, section Detection). */
export function compileItem(key: string, value: unknown): Matches | Flaw {
  const [name, ...modifiers] = key.split('|')
  const field = Object.hasOwn(FIELDS, name) ? FIELDS[name] : undefined
  if (field === undefined) return new Flaw(`an event has no ${quote(name)}`, suggestion(name, Object.keys(FIELDS)))
  const unknown = modifiers.find(each => !MODIFIERS.includes(each))
  if (unknown !== undefined) {
    return new Flaw(`the modifier ${quote(unknown)} is not supported`, suggestion(unknown, MODIFIERS))
  }
  const values = Array.isArray(value) ? value : [value]
  if (values.length === 0) return new Flaw('the list is empty', 'Name a value.')
  const fits: Fits[] = []
  for (const each of values) {
    const one = compileValue(field, modifiers, each)
    if (one instanceof Flaw) return one
    fits.push(one)
  }
  const all = modifiers.includes('all')
  return happening => {
    const found = field.of(happening)
    return all ? fits.every(each => each(found)) : fits.some(each => each(found))
  }
}

function compileValue({ type }: Field, modifiers: readonly string[], value: unknown): Fits | Flaw {
  const [how, second] = modifiers.filter(each => each !== 'all' && each !== 'cased')
  if (second !== undefined) return new Flaw(`${how} and ${second} do not go together`, 'Keep one.')
  const comparison = how === undefined ? undefined : COMPARISONS[how]
  if (comparison !== undefined) {
    if (type !== 'number' || typeof value !== 'number') return new Flaw(`${how} compares numbers`, 'Name a number.')
    return found => comparison(found as number, value)
  }
  if (value === null)
    return type === 'text' ? found => found === '' : new Flaw('only a text can be empty', 'Name a value.')
  if (type === 'condition') {
    return typeof value === 'boolean' && how === undefined
      ? found => found === value
      : new Flaw('it is true or false', 'Write one of them.')
  }
  if (type === 'number') {
    return typeof value === 'number' && how === undefined
      ? found => found === value
      : new Flaw('it is a number', 'Write one, with |gt and the like.')
  }
  if (typeof value !== 'string' && typeof value !== 'number') return new Flaw('it is a text', 'Write one.')
  return compileText(String(value), how, modifiers.includes('cased'))
}

function compileText(text: string, how: string | undefined, cased: boolean): Fits | Flaw {
  if (how === 'cidr') {
    const network = networkOf(text)
    return network instanceof Flaw ? network : found => network(found as string)
  }
  if (how === 're') {
    const pattern = boundedPattern(text)
    return pattern instanceof Flaw ? pattern : found => pattern(found as string)
  }
  if (/\\[*?\\]/.test(text)) return new Flaw('escaped wildcards are not supported', 'Use |re.')
  const glob =
    how === 'contains' ? `*${text}*` : how === 'startswith' ? `${text}*` : how === 'endswith' ? `*${text}` : text
  // Texts compare without regard to case, unless asked otherwise (section String Comparison).
  const matches = compileGlobs([cased ? glob : glob.toLowerCase()])
  return found => matches(cased ? (found as string) : (found as string).toLowerCase())
}
