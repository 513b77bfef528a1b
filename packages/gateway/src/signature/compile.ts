import { ConfigError, type Problem } from '../config/problem.ts'
import type { Flowbit } from './language/draft.ts'
import { RuleFlaw } from './language/flaw.ts'
import { rulesOf } from './language/lines.ts'
import { fastOf, partsOf } from './language/parts.ts'
import { type ReadRule, readRule } from './language/read.ts'
import type { Variables } from './language/selection.ts'
import type { BitCommand, CompiledRule, Part } from './match/part.ts'
import { RuleSet } from './match/rule-set.ts'
import { byOrder } from './order.ts'

export interface RuleSource {
  readonly file: string
  readonly text: string
}

/** What the variables stand for where nobody sets them. */
const DEFAULTS: Variables = { HOME_NET: 'any', EXTERNAL_NET: 'any' }
/** Names of flowbits: a connection keeps a bit for each. */
const MOST_BITS = 1_024
const GID_FACTOR = 2 ** 32

/**
 * Compiles files of rules together. Throws a `ConfigError` with every problem, each with file, line and column: `rule_syntax`,
 * `rule_header`, `rule_variable`, `rule_keyword_unknown`, `rule_keyword_value`, `rule_pcre`, `rule_sid`, `rule_bits`.
 */
export function compileRules(sources: readonly RuleSource[], variables: Variables = {}): RuleSet {
  const problems: Problem[] = []
  const warnings: Problem[] = []
  const bits = new Map<string, number>()
  const rules: { read: ReadRule; compiled: CompiledRule }[] = []
  const seen = new Map<number, string>()
  for (const { file, text } of sources) {
    for (const { text: rule, place } of rulesOf(text)) {
      const report = (to: Problem[], { code, what, hint, at }: Pick<RuleFlaw, 'code' | 'what' | 'hint' | 'at'>) =>
        to.push({ code, what, hint, place: { file, ...place(at) } })
      try {
        const read = readRule(rule, { ...DEFAULTS, ...variables }, file, place(0).line)
        const compiled = compiledOf(read, bits)
        const other = seen.get(compiled.key)
        if (other !== undefined) {
          throw new RuleFlaw('rule_sid', `sid ${read.rule.sid} is that of ${other} too`, 'Give each its own.', 0)
        }
        seen.set(compiled.key, `${file}:${read.rule.line}`)
        if (compiled.parts.length === 0) report(warnings, NEVER)
        else rules.push({ read, compiled })
      } catch (error) {
        if (!(error instanceof RuleFlaw)) throw error
        report(problems, error)
      }
    }
  }
  const [first, ...others] = problems
  if (first !== undefined) throw new ConfigError([first, ...others])
  rules.sort((a, b) => byOrder(a.compiled, b.compiled))
  return new RuleSet(numbered(rules.map(({ compiled }) => compiled)), bits.size, warnings)
}

const NEVER = {
  code: 'rule_never_fires',
  what: 'no transaction fulfils all that the rule asks for',
  hint: 'Look whether it mixes packets that never meet, such as PUBLISH and SUBSCRIBE.',
  at: 0,
}

function compiledOf({ draft, rule }: ReadRule, bits: Map<string, number>): CompiledRule {
  const { header } = draft
  const parts: Part[] = []
  const compiled: CompiledRule = {
    rule,
    key: rule.gid * GID_FACTOR + rule.sid,
    ends: header,
    anywhere: [header.source, header.sourcePort, header.target, header.targetPort].every(each => each === null),
    directions: draft.directions,
    parts,
    bits: draft.flowbits.map(each => commandOf(each, bits)),
    threshold: draft.threshold,
    filter: draft.filter,
    quiet: draft.quiet,
  }
  const drafts = draft.never || draft.directions === 0 ? null : partsOf(draft)
  for (const [index, part] of (drafts ?? []).entries()) {
    const { types, checks, firsts, sizes, buffers } = part
    parts.push({ index: 0, of: compiled, bit: 1 << index, types, checks, firsts, sizes, buffers, fast: fastOf(part) })
  }
  return compiled
}

function commandOf({ command, names }: Flowbit, bits: Map<string, number>): BitCommand {
  const numbers = names.map(name => {
    if (!bits.has(name)) bits.set(name, bits.size)
    return bits.get(name) ?? 0
  })
  if (bits.size <= MOST_BITS) return { command, bits: numbers }
  throw new RuleFlaw('rule_bits', `there are more than ${MOST_BITS} names of flowbits`, 'Use fewer.', 0)
}

/** Gives the parts their places, rule by rule. */
function numbered(rules: readonly CompiledRule[]): CompiledRule[] {
  let index = 0
  return rules.map(rule => {
    const parts: Part[] = []
    const placed = { ...rule, parts }
    for (const part of rule.parts) parts.push({ ...part, of: placed, index: index++ })
    return placed
  })
}
