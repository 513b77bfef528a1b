import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import { systemCode } from '../base/error.ts'
import { brokerAddress, isLoopback } from '../config/address.ts'
import { advice } from '../config/advice.ts'
import { checkFiles } from '../config/files.ts'
import { loadConfig, parseConfig } from '../config/load.ts'
import { ConfigError, type Problem } from '../config/problem.ts'
import type { Config } from '../config/schema.ts'
import { problemBlock } from './output.ts'
import { type ProbeResult, probeBroker } from './probe.ts'
import { type Outcome, runs, verb } from './verb.ts'

/** `ringwall check`: judges a configuration, its files, and whether the broker can be reached around the gateway. */
export function checkVerb(program: Command): void {
  const command = verb(program, {
    name: 'check [file]',
    summary: 'Judge a configuration, the files that it names, and whether its broker takes strangers.',
    example: 'ringwall check ringwall.yaml',
  })
    .option('--no-connect', 'do not connect to the broker')
    .addHelpText('after', '\nThe file is ringwall.yaml unless named; - is standard input.')
  runs<{ connect: boolean }>(command, ([file = 'ringwall.yaml'], { connect }) => check(file, connect))
}

async function check(file: string, connect: boolean): Promise<Outcome> {
  let config: Config
  try {
    config = file === '-' ? parseConfig(readInput(), '<stdin>') : loadConfig(file)
  } catch (error) {
    if (error instanceof ConfigError) return outcome(file, [...error.problems], [])
    throw error
  }
  const { errors, warnings } = checkFiles(config, Date.now())
  warnings.push(...advice(config))
  if (connect) await checkBroker(config, errors, warnings)
  return outcome(file, errors, warnings)
}

function readInput(): string {
  try {
    return readFileSync(0, 'utf8')
  } catch (error) {
    const what = `standard input cannot be read (${systemCode(error)})`
    throw new ConfigError([{ code: 'config_unreadable', what, hint: 'Name a file.', place: {} }], error)
  }
}

async function checkBroker({ upstream }: Config, errors: Problem[], warnings: Problem[]): Promise<void> {
  const address = brokerAddress(upstream.url)!
  const ca = upstream.ca === undefined ? undefined : readAuthorities(upstream.ca)
  const { serverName } = upstream
  const result = await probeBroker(address, {
    ...(ca !== undefined && { ca }),
    ...(serverName !== undefined && { serverName }),
  })
  const place = { field: 'upstream.url' }
  if (result.certificate !== undefined) {
    const what = `the broker's certificate does not verify (${result.certificate})`
    errors.push({
      code: 'broker_certificate',
      what,
      hint: 'Name its authority in upstream.ca, or its name in upstream.serverName.',
      place,
    })
  }
  warnings.push(...strangersView(upstream.url, result).map(warning => ({ ...warning, place })))
  if (!address.tls && result.peer !== undefined && !isLoopback(result.peer.replace(/^::ffff:/, ''))) {
    const what = `what goes to the broker at ${result.peer} can be read and changed on its way`
    warnings.push({
      code: 'broker_plain',
      what,
      hint: 'Use mqtts://, or put broker and gateway on one machine.',
      place,
    })
  }
}

// A file that cannot be read was told of already.
function readAuthorities(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

function strangersView(url: string, { answer, why }: ProbeResult): Omit<Problem, 'place'>[] {
  if (answer === 'accepted') {
    const what = `the broker takes anyone who reaches it: a client without user name and password got a ${why} from ${url}`
    const hint =
      'Turn anonymous access off in the broker (mosquitto: allow_anonymous false), give the gateway a password or certificate, and let the firewall admit the gateway only.'
    return [{ code: 'broker_open', what, hint }]
  }
  if (answer === 'unreachable') {
    return [
      {
        code: 'broker_unreachable',
        what: `the broker was not reached (${why})`,
        hint: 'Start it, or use --no-connect.',
      },
    ]
  }
  if (answer === 'unclear') {
    return [
      {
        code: 'broker_unclear',
        what: `what listens there is no MQTT broker: ${why}`,
        hint: 'Look at the url and its port.',
      },
    ]
  }
  return []
}

function outcome(file: string, errors: Problem[], warnings: Problem[]): Outcome {
  const blocks = [...errors.map(each => problemBlock(each)), ...warnings.map(each => problemBlock(each, 'warning'))]
  const count = (number: number, word: string) => `${number} ${word}${number === 1 ? '' : 's'}`
  const sum = blocks.length === 0 ? 'good' : `${count(errors.length, 'error')}, ${count(warnings.length, 'warning')}`
  return {
    status: errors.length > 0 ? 2 : warnings.length > 0 ? 1 : 0,
    text: [...blocks, `${file}: ${sum}\n`].join('\n'),
    json: { file, good: blocks.length === 0, errors, warnings },
  }
}
