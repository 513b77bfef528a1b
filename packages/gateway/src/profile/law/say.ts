import { type Cel, CelError, compileCel, type Scope } from '../cel/index.ts'
import { figure } from './figure.ts'

/** A sentence with values in it. */
export type Say = (frame: Float64Array) => string

/** Most characters of a sentence, as it is written. */
const LONGEST = 512

/** Compiles `level rose {100 * delta(level)} cm`. Throws `CelError`, its column counted from the sentence's beginning. */
export function compileSay(template: string, scope: Scope): Say {
  if (template.length > LONGEST) {
    throw new CelError(
      'cel_cost',
      `the sentence has ${template.length} characters, more than ${LONGEST}`,
      'Shorten it.',
      1,
    )
  }
  const parts: (string | Cel)[] = []
  let at = 0
  while (at < template.length) {
    const open = template.indexOf('{', at)
    const end = open === -1 ? template.length : open
    const text = template.slice(at, end)
    if (text.includes('}')) throw unbalanced('} closes nothing', at + text.indexOf('}') + 1)
    if (text !== '') parts.push(text)
    if (open === -1) break
    const close = template.indexOf('}', open)
    if (close === -1) throw unbalanced('{ is not closed', open + 1)
    parts.push(compileAt(template.slice(open + 1, close), scope, open + 1))
    at = close + 1
  }
  return frame => parts.map(part => (typeof part === 'string' ? part : shown(part, frame))).join('')
}

function compileAt(source: string, scope: Scope, before: number): Cel {
  try {
    return compileCel(source, scope)
  } catch (error) {
    if (!(error instanceof CelError)) throw error
    throw new CelError(error.celCode, error.what, error.hint, (error.place.column ?? 1) + before)
  }
}

function shown({ type, states, run }: Cel, frame: Float64Array): string {
  const value = run(frame)
  if (type === 'number') return figure(value)
  if (type === 'state') return states[value] ?? '?'
  return value === 1 ? 'true' : value === 0 ? 'false' : '?'
}

function unbalanced(what: string, column: number): CelError {
  return new CelError('cel_syntax', what, 'Write expressions as {x}; braces themselves cannot be written.', column)
}
