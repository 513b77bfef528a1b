import { Flaw, type Path, quote } from '../../config/problem.ts'
import { compileCondition } from './condition.ts'
import { compileItem, type Matches } from './match.ts'

export type Complain = (code: string, flaw: Flaw, path: Path, part?: 'key' | 'value') => void

const NEVER: Matches = () => false

/** Compiles a `detection`: its selections and its condition. */
export function compileDetection(detection: unknown, complain: Complain): Matches {
  if (!isMap(detection)) return refuse(complain, 'it is no map of selections', ['detection'])
  const { condition, ...selections } = detection
  if ('timeframe' in selections)
    return refuse(complain, 'timeframe is not supported: write a correlation', ['detection', 'timeframe'])
  const compiled = new Map(
    Object.entries(selections).map(([name, value]) => [name, compileSelection(value, ['detection', name], complain)]),
  )
  if (typeof condition !== 'string')
    return refuse(complain, 'the condition is missing, or a list', ['detection', 'condition'])
  const matches = compileCondition(condition, compiled)
  if (!(matches instanceof Flaw)) return matches
  complain('sigma_condition', matches, ['detection', 'condition'])
  return NEVER
}

/** A map: all of its lines. A list of maps: any of them. */
function compileSelection(value: unknown, path: Path, complain: Complain): Matches {
  if (Array.isArray(value)) {
    const parts = value.map((each, index) => compileSelection(each, [...path, index], complain))
    return each => parts.some(part => part(each))
  }
  if (!isMap(value)) return refuse(complain, `keywords (${quote(value)}) are not supported`, path)
  const parts = Object.entries(value).map(([key, wanted]): Matches => {
    const item = compileItem(key, wanted)
    if (!(item instanceof Flaw)) return item
    complain('sigma_selection', item, [...path, key], 'key')
    return NEVER
  })
  return each => parts.every(part => part(each))
}

function refuse(complain: Complain, what: string, path: Path): Matches {
  complain('sigma_detection', new Flaw(what, 'Write selections of the form field|modifier: value.'), path)
  return NEVER
}

export function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
