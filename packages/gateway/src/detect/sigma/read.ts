import { suggestion } from '../../config/near.ts'
import { Flaw, type Problem, quote } from '../../config/problem.ts'
import { read } from '../../config/read.ts'
import { readYaml } from '../../config/yaml.ts'
import type { Severity } from '../../contract/index.ts'
import { KINDS } from '../../evidence/happening.ts'
import { FIELDS, subjectOf } from '../scenario/fields.ts'
import { complaints } from '../scenario/read.ts'
import type { Form, Scenario, Trigger } from '../scenario/scenario.ts'
import { type Complain, compileDetection, isMap } from './detection.ts'
import { type Correlation, correlationShape, type Rule, ruleShape } from './schema.ts'

interface Base {
  readonly names: readonly string[]
  readonly trigger: Trigger
  readonly scenario: Scenario
}

interface Pending {
  readonly correlation: Correlation
  readonly complain: Complain
}

/**
 * Reads Sigma rules over Ringwall's events (`logsource: { product: ringwall, service: events }`) and the correlations of rules
 * in the same file, as scenarios. A rule that a correlation names raises no alarm itself, unless `generate` is true.
 * What is not supported is refused with file, line and key.
 */
export function readSigma(text: string, file: string): { scenarios: Scenario[]; problems: Problem[] } {
  const problems: Problem[] = []
  const bases: Base[] = []
  const pending: Pending[] = []
  for (const part of documents(text)) {
    const { source, problems: found } = readYaml(part, file)
    problems.push(...found)
    if (source === undefined) continue
    const own: Problem[] = []
    const complain = complaints(source, own)
    const value = isMap(source.value) ? source.value : {}
    const reading = { folder: '', report: complain }
    if ('correlation' in value) {
      const correlation = read(correlationShape, value, [], reading) as Correlation
      if (own.length === 0) pending.push({ correlation, complain: complaints(source, problems) })
    } else {
      const { detection, ...rest } = value
      const rule = read(ruleShape, rest, [], reading) as Rule
      const matches = compileDetection(detection, complain)
      if (own.length === 0) bases.push(baseOf(rule, { on: KINDS, filter: matches }, file))
    }
    problems.push(...own)
  }
  const used = new Set<string>()
  const correlated = pending.flatMap(each => correlate(each, bases, used, file) ?? [])
  const plain = bases.filter(({ names }) => !names.some(each => used.has(each))).map(({ scenario }) => scenario)
  return { scenarios: [...plain, ...correlated], problems }
}

/** Several documents in one file, each with its lines where they stand in the file. */
function documents(text: string): string[] {
  const parts: string[] = []
  let before = 0
  for (const part of text.split(/^---[ \t]*$/m)) {
    if (part.trim() !== '') parts.push('\n'.repeat(before) + part)
    before += part.split('\n').length - 1
  }
  return parts
}

function baseOf(rule: Rule, trigger: Trigger, file: string): Base {
  const names = [rule.name, rule.id, rule.title].filter(each => each !== undefined)
  return { names, trigger, scenario: { ...frame(rule, file), trigger } }
}

function correlate(
  { correlation: written, complain }: Pending,
  bases: readonly Base[],
  used: Set<string>,
  file: string,
): Scenario | undefined {
  const { type, rules, timespan: within, condition, generate } = written.correlation
  const found = rules.map((name, index) => {
    const base = bases.find(({ names }) => names.includes(name))
    if (base === undefined) {
      const known = bases.flatMap(({ names }) => names)
      complain('sigma_rule', new Flaw(`no rule in this file is called ${quote(name)}`, suggestion(name, known)), [
        'correlation',
        'rules',
        index,
      ])
    } else if (!generate) for (const each of base.names) used.add(each)
    return base?.trigger
  })
  const triggers = found.filter(each => each !== undefined)
  const groups = written.correlation['group-by']
  const common = { ...frame(written, file), groupby: groups.map(each => FIELDS[each]), groups }
  if (type === 'temporal' || type === 'temporal_ordered') {
    const [first, ...next] = triggers
    if (next.length === 0) {
      complain('sigma_correlation', new Flaw('it takes two rules or more', 'Name them.'), ['correlation', 'rules'])
      return undefined
    }
    const ordered = type === 'temporal_ordered'
    const form: Form = { kind: 'sequence', next, within, ordered, unless: null, key: common.groupby }
    return { ...common, trigger: first, form, groupby: common.groupby }
  }
  const most = condition?.gte ?? (condition?.gt === undefined ? undefined : condition.gt + 1)
  const field = condition?.field
  if (most === undefined || (type === 'value_count') !== (field !== undefined)) {
    const hint =
      type === 'value_count' ? 'Write condition: { field: topic, gte: 10 }.' : 'Write condition: { gte: 10 }.'
    complain('sigma_correlation', new Flaw('the condition does not fit', hint), ['correlation', 'condition'])
    return undefined
  }
  return {
    ...common,
    trigger: { on: KINDS, filter: each => triggers.some(({ filter }) => filter(each)) },
    capacity: most - 1,
    pace: { within },
    // One value is always different from none.
    distinct: field === undefined || most === 1 ? null : FIELDS[field],
  }
}

const BLACKHOLE = 600_000
const SUBJECTS = 4_096

function frame(
  { title, name, tags = [], level }: Pick<Rule, 'title' | 'name' | 'tags' | 'level'>,
  file: string,
): Scenario {
  const slug = (name ?? title)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 64)
  const technique = tags.map(each => /^attack\.(t\d{4}(?:\.\d{3})?)$/i.exec(each)?.[1]).find(each => each !== undefined)
  const severity: Severity = level === 'informational' ? 'info' : level
  return {
    name: slug,
    file,
    title,
    severity,
    technique: technique?.toUpperCase() ?? '',
    labels: ['sigma', ...tags.filter(each => !/^attack\.t\d/i.test(each))],
    trigger: { on: [], filter: () => false },
    novel: null,
    form: { kind: 'each' },
    groupby: [FIELDS['subject']],
    groups: ['subject'],
    capacity: 0,
    pace: { leak: 1 },
    distinct: null,
    blackhole: BLACKHOLE,
    subjects: SUBJECTS,
    say: (happening, { count = 1 }) => `${subjectOf(happening)}: ${title} (${count} events)`,
  }
}
