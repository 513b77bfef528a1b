import { existsSync } from 'node:fs'
import type { Command } from 'commander'
import { RingwallError } from '../base/error.ts'
import { createLog, type Log } from '../base/log.ts'
import { type Config, type ConfigChange, ConfigError, checkFiles, loadConfig } from '../config/index.ts'
import { Gateway } from '../gateway.ts'
import { prepareTrial } from './trial.ts'
import { type Outcome, runs, verb } from './verb.ts'

const FILE = 'ringwall.yaml'

/** `ringwall up`: runs the gateway until it is told to stop; SIGHUP reads the configuration anew. */
export function upVerb(program: Command): void {
  const command = verb(program, {
    name: 'up',
    summary: 'Run the gateway.',
    example: 'ringwall up --config ringwall.yaml',
  })
    .option(
      '--config <file>',
      `the configuration (${FILE} where there is one; without any: an embedded broker, for trying)`,
    )
    .addHelpText(
      'after',
      '\nWhile it runs: ringwall reload, stop, explain. SIGHUP and SIGTERM to its own process (pid in the log) do what reload and stop do.',
    )
  runs<{ config?: string }>(command, (_, { config }) => up(config))
}

async function up(named: string | undefined): Promise<Outcome> {
  const file = named ?? (existsSync(FILE) ? FILE : null)
  if (file !== null) return serve(usable(loadConfig(file)), () => usable(loadConfig(file)))
  const { broker, config, words } = await prepareTrial()
  process.stderr.write(words)
  try {
    return await serve(config, () => config)
  } finally {
    await broker.close()
  }
}

/** Refuses what could not work, with every problem of its files. */
function usable(config: Config): Config {
  const [first, ...others] = checkFiles(config, Date.now()).errors
  if (first !== undefined) throw new ConfigError([first, ...others])
  return config
}

async function serve(config: Config, again: () => Config): Promise<Outcome> {
  const log = createLog(config.log.level)
  const gateway = await Gateway.start(config, log)
  const onHangup = (): void => {
    try {
      reload(gateway, again, log)
    } catch {
      // The log has it.
    }
  }
  process.on('SIGHUP', onHangup)
  const signal = await new Promise<string>(resolve => {
    process.once('SIGTERM', resolve)
    process.once('SIGINT', resolve)
    gateway.orders = { reload: () => reload(gateway, again, log), stop: () => resolve('ringwall stop') }
  })
  log.info({ signal }, 'stopping')
  process.off('SIGHUP', onHangup)
  await gateway.stop()
  return { status: 0, text: '', json: { stopped: signal } }
}

function reload(gateway: Gateway, again: () => Config, log: Log): ConfigChange {
  try {
    const change = gateway.reload(again())
    log.info(change, 'configuration reloaded')
    return change
  } catch (error) {
    const problems =
      error instanceof ConfigError ? error.problems : [error instanceof RingwallError ? error.toJSON() : String(error)]
    log.error({ problems }, 'the new configuration is refused, the former one stays')
    throw error
  }
}
