import type { Rule } from '../rule.ts'
import { Draft } from './draft.ts'
import { RuleFlaw } from './flaw.ts'
import { readHeader } from './header.ts'
import { readOption } from './keywords.ts'
import { splitOptions } from './options.ts'
import type { Variables } from './selection.ts'

const NO_CLASS = 3

/** A rule as it was read. */
export interface ReadRule {
  readonly draft: Draft
  readonly rule: Rule
}

/** Reads one rule. Throws `RuleFlaw`. */
export function readRule(text: string, variables: Variables, file: string, line: number): ReadRule {
  const header = readHeader(text, variables)
  const draft = new Draft(header)
  for (const option of splitOptions(text, header.end)) readOption(draft, option)
  const { meta } = draft
  if (meta.sid === undefined) throw new RuleFlaw('rule_sid', 'the rule has no sid', 'Give it one of its own.', 0)
  const rule: Rule = {
    action: header.action,
    gid: meta.gid ?? 1,
    sid: meta.sid,
    rev: meta.rev ?? 0,
    message: meta.message ?? '',
    classtype: meta.classtype ?? '',
    priority: meta.priority ?? NO_CLASS,
    references: meta.references,
    metadata: meta.metadata,
    target: meta.target ?? null,
    file,
    line,
  }
  return { draft, rule }
}
