import { type Place, RingwallError } from '../base/error.ts'

/** One thing that is wrong with a configuration. */
export interface Problem {
  readonly code: string
  readonly what: string
  readonly hint: string
  readonly place: Place
}

/** A configuration that was refused: the first problem as the error itself, and all of them in `problems`. */
export class ConfigError extends RingwallError {
  readonly problems: readonly Problem[]

  constructor(problems: readonly [Problem, ...Problem[]], cause?: unknown) {
    const [first] = problems
    super(first.code, first.what, first.hint, first.place, cause)
    this.name = 'ConfigError'
    this.problems = problems
  }

  override toJSON(): Problem & { problems: readonly Problem[] } {
    return { ...super.toJSON(), problems: this.problems }
  }
}

/** What is wrong with a value, before its place is known. */
export class Flaw {
  readonly what: string
  readonly hint: string

  constructor(what: string, hint: string) {
    this.what = what
    this.hint = hint
  }
}

/** Keys and indexes from the root of the file to a value. */
export type Path = readonly (string | number)[]

/** Writes a path as `groups[0].rings.network`. */
export function fieldName(path: Path): string {
  return path.reduce<string>(
    (text, step) => (typeof step === 'number' ? `${text}[${step}]` : text === '' ? step : `${text}.${step}`),
    '',
  )
}

// A terminal or a log must not be steered by what a file holds, nor flooded.
const LONGEST_QUOTE = 80

/** Quotes a value of the file for a message: one line, printable, bounded. */
export function quote(value: unknown): string {
  const text = (typeof value === 'number' ? String(value) : JSON.stringify(value)).replace(/[^\x20-\x7e]/g, escaped)
  return text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}…` : text
}

const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
