import { existsSync, readFileSync } from 'node:fs'
import { type Command, InvalidArgumentError } from 'commander'
import { ConfigError, loadConfig, type Problem } from '../config/index.ts'
import { readRules } from '../keys/rules.ts'
import { compileRules, type RuleSet } from '../signature/index.ts'
import { readTrials } from '../signature/trial/read.ts'
import { type Failure, runTrials } from '../signature/trial/run.ts'
import { namedFiles } from './named-files.ts'
import { problemBlock, table } from './output.ts'
import { type Outcome, runs, verb } from './verb.ts'

interface Options {
  readonly config?: string
  readonly var: Readonly<Record<string, string>>
}

/** `ringwall rules`: judge, list and try signatures. */
export function rulesVerb(program: Command): void {
  const rules = program.command('rules').description('Judge, list and try signatures in the language of Suricata.')
  one(rules, 'check', 'Judge rules together: every problem with its file, line and column.', set => {
    const count = `${set.rules.length} rule${set.rules.length === 1 ? '' : 's'}`
    const blocks = set.warnings.map(each => problemBlock(each, 'warning'))
    return {
      status: blocks.length === 0 ? 0 : 1,
      text: [...blocks, `${count}: good\n`].join('\n'),
      json: { good: true, rules: set.rules.length, warnings: set.warnings },
    }
  })
  one(rules, 'list', 'List rules in the order in which they are judged.', set => ({
    status: 0,
    text: table([
      ['sid', 'rev', 'action', 'priority', 'ATT&CK', 'message'],
      ...set.rules.map(rule => [
        String(rule.sid),
        String(rule.rev),
        rule.action,
        String(rule.priority),
        rule.metadata.flatMap(({ key, value }) => (key === 'attack_ics' ? [value] : [])).join(' '),
        rule.message,
      ]),
    ]),
    json: set.rules,
  }))
  one(
    rules,
    'test',
    'Try rules: each has a packet that fires it and a near miss that does not, in NAME.tests.yaml.',
    tried,
  )
}

function one(program: Command, name: string, summary: string, tell: (set: RuleSet, files: string[]) => Outcome): void {
  const command = verb(program, {
    name: `${name} [files...]`,
    summary,
    example: `ringwall rules ${name} rules/*.rules`,
  })
    .option('--config <file>', 'take variables and (where no file is named) the files from a configuration')
    .option('--var <NAME=VALUE>', 'what a variable stands for; may be repeated', withVariable, {})
    .addHelpText('after', AFTER)
  runs<Options>(command, (named, { config: file, var: given }) => {
    const config = file === undefined ? undefined : loadConfig(file)
    const files = namedFiles(named.length > 0 ? named : (config?.rules.files ?? []), 'rules', '.rules')
    try {
      const sources = readRules({ rules: { files, vars: {} } })
      return tell(
        compileRules(sources, { ...config?.rules.vars, ...given }),
        sources.map(source => source.file),
      )
    } catch (error) {
      if (error instanceof ConfigError) return refused(error.problems)
      throw error
    }
  })
}

const AFTER = `
- is standard input. Without files: those of the configuration, else rules/*.rules, else those that come with Ringwall.`

function withVariable(pair: string, others: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const [, name, value] = /^(\w+)=([\s\S]+)$/.exec(pair) ?? []
  if (name === undefined) throw new InvalidArgumentError('Write NAME=VALUE, such as HOME_NET=[10.0.0.0/8].')
  return { ...others, [name]: value }
}

function tried(set: RuleSet, files: readonly string[]): Outcome {
  const beside = files.map(file => file.replace(/(\.rules)?$/, '.tests.yaml')).filter(file => existsSync(file))
  const trials = beside.flatMap(file => readTrials(file, readFileSync(file, 'utf8')))
  const failures = runTrials(set, trials)
  const bad = new Set(failures.flatMap(({ rule }) => rule ?? []))
  const covered = set.rules.length - bad.size
  const lines = failures.map(
    ({ rule, why, file, line }: Failure) =>
      `FAILED ${rule === null ? '' : `sid ${rule.sid} (${rule.message}): `}${why}\n  where  ${file}:${line}\n`,
  )
  const sum = `${covered} of ${set.rules.length} rules have a packet that fires them and a near miss that does not\n`
  return {
    status: failures.length === 0 ? 0 : 1,
    text: [...lines, sum].join(''),
    json: {
      good: failures.length === 0,
      rules: set.rules.length,
      covered,
      failures: failures.map(({ rule, ...rest }) => ({ sid: rule?.sid ?? null, ...rest })),
    },
  }
}

function refused(problems: readonly Problem[]): Outcome {
  const sum = `${problems.length} error${problems.length === 1 ? '' : 's'}\n`
  return {
    status: 2,
    text: [...problems.map(each => problemBlock(each)), sum].join('\n'),
    json: { good: false, errors: problems },
  }
}
