import { existsSync } from 'node:fs'
import type { Command } from 'commander'
import { RingwallError } from '../base/error.ts'
import { createLog } from '../base/log.ts'
import { loadConfig } from '../config/index.ts'
import { Gateway } from '../gateway.ts'

/** `ringwall up`: runs the gateway until it is told to stop. */
export function upVerb(program: Command): void {
  program
    .command('up')
    .description('run the gateway')
    .option('--config <file>', 'the configuration', 'ringwall.yaml')
    .action(async ({ config: file }: { config: string }) => {
      if (!existsSync(file))
        throw new RingwallError('config_unreadable', `${file} does not exist`, 'Name one with --config.')
      const config = loadConfig(file)
      const log = createLog(config.log.level)
      const gateway = await Gateway.start(config, log)
      const stop = async (): Promise<void> => {
        log.info('stopping')
        await gateway.stop()
        process.exit(0)
      }
      process.once('SIGTERM', stop)
      process.once('SIGINT', stop)
      process.on('SIGHUP', () => {
        try {
          log.info(gateway.reload(loadConfig(file)), 'configuration reloaded')
        } catch (error) {
          const said = error instanceof RingwallError ? { code: error.code, what: error.message } : { error }
          log.error(said, 'the new configuration is refused, the former one stays')
        }
      })
    })
}
