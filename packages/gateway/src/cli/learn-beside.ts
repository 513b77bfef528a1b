import { RingwallError } from '../base/error.ts'
import { json, printable } from './output.ts'
import type { Outcome } from './verb.ts'

/** Makes sure that standard output or input is named once at most. Error: `usage`. */
export function onceEach(files: readonly (string | undefined)[], what: 'input' | 'output'): void {
  if (files.filter(file => file === '-').length > 1)
    throw new RingwallError('usage', `two files are standard ${what}`, 'Name one of them.')
}

/** What a verb says beside the file that it writes to standard output: on standard error, so that the file stays one. */
export function beside(files: readonly (string | undefined)[], isJson: boolean | undefined, outcome: Outcome): Outcome {
  if (!files.includes('-')) return outcome
  process.stderr.write(isJson === true ? json(outcome.json) : outcome.text)
  return { status: outcome.status, text: '', json: [], lines: true }
}

/** Names with commas between them; one that could be taken for several, or for nothing, in quotes. */
export const listed = (names: readonly string[]): string =>
  printable(names.map(name => (/^$|[",\s\p{C}]/u.test(name) ? JSON.stringify(name) : name)).join(', '))
