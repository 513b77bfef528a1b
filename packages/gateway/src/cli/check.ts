import type { Command } from 'commander'
import { RingwallError } from '../base/error.ts'
import { advice } from '../config/advice.ts'
import { checkFiles } from '../config/files.ts'
import { loadConfig, parseConfig } from '../config/load.ts'
import { ConfigError, Flaw, type Problem } from '../config/problem.ts'
import type { Config } from '../config/schema.ts'
import { readText, STDIN } from '../config/text.ts'
import { readIntrusion } from '../detect/intrusion/source.ts'
import { expired } from '../detect/scenario/allow.ts'
import { compileSources, readSources } from '../detect/sources.ts'
import { readProfiles } from '../keys/profiles.ts'
import { readRules } from '../keys/rules.ts'
import { readSealSecret } from '../keys/seals.ts'
import { compileProfiles } from '../profile/compile.ts'
import { compileRules } from '../signature/index.ts'
import { checkBroker } from './check-broker.ts'
import { problemBlock } from './output.ts'
import { type Outcome, runs, verb } from './verb.ts'

/** `ringwall check`: judges a configuration, its files, whether the broker can be reached around the gateway, and by it. */
export function checkVerb(program: Command): void {
  const command = verb(program, {
    name: 'check [file]',
    summary:
      'Judge a configuration, the files that it names, and whether its broker takes the gateway and no stranger.',
    example: 'ringwall check ringwall.yaml',
  })
    .option('--no-connect', 'do not connect to the broker')
    .option('--config <file>', 'the file, as `ringwall up` takes it')
    .addHelpText('after', AFTER)
  runs<{ connect: boolean; config?: string }>(command, ([file], { connect, config }) => {
    if (file !== undefined && config !== undefined) {
      throw new RingwallError('usage', 'the file is named twice', 'Name it once, with --config or without.')
    }
    return check(file ?? config ?? 'ringwall.yaml', connect)
  })
}

const AFTER = `
The file is ringwall.yaml unless named; - is standard input.
Exit status: 0 good, 1 warnings, 2 errors.`

async function check(file: string, connect: boolean): Promise<Outcome> {
  let config: Config
  try {
    config = file === '-' ? parseConfig(readInput(), STDIN) : loadConfig(file)
  } catch (error) {
    if (error instanceof ConfigError) return outcome(file, error.problems, [])
    throw error
  }
  const { errors, warnings } = checkFiles(config, Date.now())
  errors.push(...profileProblems(config), ...(await recordProblems(config)), ...sealProblems(config))
  errors.push(...(await witnessProblems(config)), ...intrusionProblems(config))
  for (const found of [ruleProblems(config), scenarioProblems(config)]) {
    errors.push(...found.errors)
    warnings.push(...found.warnings)
  }
  warnings.push(...advice(config))
  const broker = connect ? await checkBroker(config) : { errors: [], warnings: [], tried: [] }
  return outcome(file, [...errors, ...broker.errors], [...warnings, ...broker.warnings], broker.tried)
}

/** What is wrong with the profiles that a configuration names. */
function profileProblems(config: Config): readonly Problem[] {
  try {
    compileProfiles(readProfiles(config), { site: config.site, mode: config.profiles.mode })
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
}

/** What is wrong with those for whom a configuration records. */
async function recordProblems({ record }: Config): Promise<readonly Problem[]> {
  if (record === 'off') return []
  const { recipientProblems } = await import('../recording/recipients.ts')
  return recipientProblems(record.to ?? [])
}

/** What is wrong with the secret that seals come from. */
function sealProblems(config: Config): readonly Problem[] {
  try {
    readSealSecret(config)?.fill(0)
    return []
  } catch (error) {
    if (error instanceof RingwallError) return [problemOf(error)]
    throw error
  }
}

/** What is wrong with the keys of those who are to cosign the ledger. */
async function witnessProblems({ ledger }: Config): Promise<readonly Problem[]> {
  if (ledger === 'off') return []
  const { placeOf } = await import('../audit/open.ts')
  const all = ledger.witnesses.map(each =>
    placeOf(each).then(
      () => [],
      error => [problemOf(error)],
    ),
  )
  return (await Promise.all(all)).flat()
}

function problemOf(error: unknown): Problem {
  if (!(error instanceof RingwallError)) throw error
  const { code, what, hint, place } = error
  return { code, what, hint, place }
}

interface Found {
  readonly errors: readonly Problem[]
  readonly warnings: readonly Problem[]
}

/** What is wrong with the scenarios and allow-lists that a configuration names, and which allowances have ended. */
function scenarioProblems({ scenarios }: Config): Found {
  try {
    const { problems, allowances } = compileSources(readSources(scenarios))
    return { errors: problems, warnings: expired(allowances, Date.now()) }
  } catch (error) {
    if (error instanceof ConfigError) return { errors: error.problems, warnings: [] }
    throw error
  }
}

/** What is wrong with the model of intrusions that a configuration names. */
function intrusionProblems(config: Config): readonly Problem[] {
  try {
    readIntrusion(config)
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
}

/** What is wrong with the rules that a configuration names. */
function ruleProblems(config: Config): Found {
  try {
    return { errors: [], warnings: compileRules(readRules(config), config.rules.vars).warnings }
  } catch (error) {
    if (error instanceof ConfigError) return { errors: error.problems, warnings: [] }
    throw error
  }
}

function readInput(): string {
  const text = readText(STDIN)
  if (!(text instanceof Flaw)) return text
  throw new ConfigError([{ code: 'config_unreadable', what: text.what, hint: text.hint, place: {} }])
}

function outcome(
  file: string,
  errors: readonly Problem[],
  warnings: readonly Problem[],
  tried: readonly string[] = [],
): Outcome {
  const blocks = [...errors.map(each => problemBlock(each)), ...warnings.map(each => problemBlock(each, 'warning'))]
  const count = (number: number, word: string) => `${number} ${word}${number === 1 ? '' : 's'}`
  const good = tried.length === 0 ? 'good' : `good (${tried.join('; ')})`
  const sum = blocks.length === 0 ? good : `${count(errors.length, 'error')}, ${count(warnings.length, 'warning')}`
  return {
    status: errors.length > 0 ? 2 : warnings.length > 0 ? 1 : 0,
    text: [...blocks, `${file}: ${sum}\n`].join('\n'),
    json: { file, good: blocks.length === 0, tried, errors, warnings },
  }
}
