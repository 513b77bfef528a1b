import { Fields } from './fields.ts'
import type { Part } from './part.ts'
import type { RuleKind } from './types.ts'

/** What is judged from message to message, of what a device tells. */
const TOLD = ['rw:counter']
const TOLD_VALUES = ['rw:name', 'rw:change', 'rw:frozen']
/** What is judged of commands. */
const COMMANDED = ['rw:senders', 'rw:modes']

/** Refuses terms that an affordance has and that nobody would judge, by the kinds of its forms. */
export function refuseIdle(
  part: Part,
  group: 'properties' | 'actions' | 'events',
  kinds: ReadonlySet<RuleKind | 'none'>,
): void {
  if (!kinds.has('command')) {
    for (const term of COMMANDED) refuse(part.at(term), term, 'it is for commands', 'Move it to an action.')
  }
  if (kinds.has('telemetry') || kinds.has('event') || !kinds.has('command')) return
  const hint = 'Remove it: only what a device tells continues from message to message.'
  for (const term of TOLD) refuse(part.at(term), term, 'it is for what a device tells', hint)
  if (Array.isArray(part.at('rw:redundant').value)) {
    for (const each of part.at('rw:redundant').items()) {
      if (each.at('kind').value === 'sum') refuse(each, 'sum', 'it is for what a device tells', hint)
    }
  }
  const schema = group === 'properties' ? part : part.at('input')
  if (!schema.isObject) return
  for (const value of new Fields(schema).walk()) {
    for (const term of TOLD_VALUES) refuse(value.at(term), term, 'it is for what a device tells', hint)
  }
}

function refuse(part: Part, term: string, why: string, hint: string): void {
  if (part.there) part.fail(`${term} means nothing here: ${why}`, hint, 'profile_unknown_term')
}
