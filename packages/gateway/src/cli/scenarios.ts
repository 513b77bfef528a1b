import { existsSync } from 'node:fs'
import type { Command } from 'commander'
import { ConfigError, type Problem } from '../config/index.ts'
import { Flaw } from '../config/problem.ts'
import { readText } from '../config/text.ts'
import { expired } from '../detect/scenario/allow.ts'
import { type Case, readCases, verdictOn } from '../detect/scenario/cases.ts'
import { Runner } from '../detect/scenario/runner.ts'
import type { Scenario } from '../detect/scenario/scenario.ts'
import { type Compiled, compileSources, readSources } from '../detect/sources.ts'
import { namedFiles } from './named-files.ts'
import { printable, problemBlock, table } from './output.ts'
import { type Outcome, runs, verb } from './verb.ts'

interface Options {
  readonly allow: string[]
}

const PACK = 'rules/scenarios/*.yaml'

/** `ringwall rules scenarios`: list, judge and test patterns over time. */
export function scenariosVerb(program: Command): void {
  const rules =
    program.commands.find(each => each.name() === 'rules') ??
    program.command('rules').description('List, judge and test rules.')
  const scenarios = rules.command('scenarios').description('List, judge and test patterns over time.')
  const list = verb(scenarios, {
    name: 'list [files...]',
    summary: 'List scenarios with what they take in memory.',
    example: `ringwall rules scenarios list '${PACK}'`,
  })
  const check = verb(scenarios, {
    name: 'check [files...]',
    summary: 'Judge scenarios, Sigma rules and allow-lists: every problem with file, line and key.',
    example: `ringwall rules scenarios check '${PACK}' --allow rules/allow.yaml`,
  }).option(
    '--allow <file>',
    'an allow-list; may be repeated',
    (file: string, others: string[]) => [...others, file],
    [],
  )
  const test = verb(scenarios, {
    name: 'test [files...]',
    summary: 'Run the tests beside scenarios: each must fire, and keep silent over near misses.',
    example: `ringwall rules scenarios test '${PACK}'`,
  })
  for (const each of [list, check, test]) each.addHelpText('after', AFTER)
  runs<Options>(list, files => judged(files, [], listed))
  runs<Options>(check, (files, { allow }) => judged(files, allow, checked))
  runs<Options>(test, files => judged(files, [], tested))
}

const AFTER = `
- is standard input. Without files: ${PACK}, else those that come with Ringwall.`

function judged(files: readonly string[], allow: readonly string[], then: (compiled: Compiled) => Outcome): Outcome {
  try {
    const compiled = compileSources(readSources({ files: namedFiles(files, 'rules/scenarios', '.yaml'), allow }))
    return compiled.problems.length === 0 ? then(compiled) : refused(compiled.problems)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return refused(error.problems)
  }
}

const count = (number: number, word: string): string => `${number} ${word}${number === 1 ? '' : 's'}`

function refused(problems: readonly Problem[]): Outcome {
  const text = problems.map(each => problemBlock(each)).join('\n')
  return { status: 2, text, json: { good: false, errors: problems } }
}

function checked({ scenarios, allowances }: Compiled): Outcome {
  const warnings = expired(allowances, Date.now())
  const untested = scenarios.filter(each => !isSigma(each) && !existsSync(testFile(each.file)))
  const lines = [
    ...warnings.map(each => problemBlock(each, 'warning')),
    ...untested.map(({ name }) => `note    ${name} has no tests\n`),
    `${count(scenarios.length, 'scenario')}, ${count(allowances.length, 'allowance')}: good\n`,
  ]
  return {
    status: warnings.length === 0 ? 0 : 1,
    text: lines.join(''),
    json: {
      good: true,
      scenarios: scenarios.map(({ name }) => name),
      warnings,
      untested: untested.map(({ name }) => name),
    },
  }
}

function listed({ scenarios }: Compiled): Outcome {
  const rows = scenarios.map(scenario => {
    const { name, severity, technique, title, subjects } = scenario
    const { bytes } = new Runner(scenario, () => {})
    return { name, severity, technique, bytes, subjects, total: bytes * subjects, title }
  })
  const total = rows.reduce((sum, each) => sum + each.total, 0)
  const cells = rows.map(each => [
    each.name,
    each.severity,
    each.technique,
    `${each.bytes}`,
    `${each.subjects}`,
    megabytes(each.total),
    each.title,
  ])
  const head = ['scenario', 'severity', 'technique', 'bytes a subject', 'subjects', 'at most', 'what']
  const text = `${table([head, ...cells])}\n${rows.length} scenarios, at most ${megabytes(total)} in all.\n`
  return { status: 0, text, json: { scenarios: rows, total } }
}

const megabytes = (bytes: number): string => `${(bytes / 1024 ** 2).toFixed(1)} MiB`

interface Failure {
  readonly scenario: string
  readonly what: string
  readonly why: string
}

function tested({ scenarios }: Compiled): Outcome {
  const failures: Failure[] = []
  const problems: Problem[] = []
  let made = 0
  for (const scenario of scenarios.filter(each => !isSigma(each))) {
    const cases = casesOf(scenario, failures, problems)
    for (const [wanted, each] of cases) {
      made++
      const why = verdictOn(scenario, each, wanted)
      if (why !== undefined) failures.push({ scenario: scenario.name, what: `${wanted}: ${each.what}`, why })
    }
  }
  if (problems.length > 0) return refused(problems)
  const lines = failures.map(({ scenario, what, why }) => `FAILED  ${scenario}, ${what}: ${why}`)
  const sum = `${count(scenarios.length, 'scenario')}, ${count(made, 'made sequence')}: ${failures.length === 0 ? 'good' : `${failures.length} failed`}`
  return {
    status: failures.length === 0 ? 0 : 1,
    text: `${[...lines, sum].map(printable).join('\n')}\n`,
    json: { good: failures.length === 0, scenarios: scenarios.length, sequences: made, failures },
  }
}

function casesOf(scenario: Scenario, failures: Failure[], problems: Problem[]): ['fires' | 'silent', Case][] {
  const file = testFile(scenario.file)
  const text = readText(file)
  if (text instanceof Flaw) {
    failures.push({ scenario: scenario.name, what: 'no tests', why: text.what })
    return []
  }
  const { cases, problems: found } = readCases(text, file)
  problems.push(...found)
  if (cases === undefined) return []
  return (['fires', 'silent'] as const).flatMap(wanted =>
    cases[wanted].map((each): ['fires' | 'silent', Case] => [wanted, each]),
  )
}

const isSigma = ({ labels }: Scenario): boolean => labels[0] === 'sigma'

const testFile = (file: string): string => file.replace(/\.(ya?ml)$/, '.test.$1')
