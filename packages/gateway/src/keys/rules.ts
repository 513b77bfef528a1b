import { globSync } from 'node:fs'
import { type Config, ConfigError, type Problem } from '../config/index.ts'
import { Flaw } from '../config/problem.ts'
import { readText } from '../config/text.ts'
import type { RuleSource } from '../signature/index.ts'

/** Reads the files of rules that a configuration names. Errors: `ConfigError` with every problem. */
export function readRules({ rules }: Pick<Config, 'rules'>): RuleSource[] {
  const problems: Problem[] = []
  const sources = new Map<string, RuleSource>()
  for (const [index, pattern] of rules.files.entries()) {
    const field = `rules.files[${index}]`
    const found = /[*?[{]/.test(pattern) ? globSync(pattern).toSorted() : [pattern]
    if (found.length === 0) {
      const hint = 'Name rules that are there, or leave it out.'
      problems.push({ code: 'rules_none', what: `${pattern} finds no file`, hint, place: { field } })
    }
    for (const file of found) {
      const text = readText(file)
      if (text instanceof Flaw) {
        problems.push({ code: 'rules_unreadable', what: text.what, hint: text.hint, place: { file, field } })
      } else sources.set(file, { file, text })
    }
  }
  const [first, ...others] = problems
  if (first !== undefined) throw new ConfigError([first, ...others])
  return [...sources.values()]
}
