import type { Command } from 'commander'
import { RingwallError } from '../base/error.ts'
import { type Config, loadConfig } from '../config/index.ts'

/** Which ledger is read. */
export interface Where {
  readonly config: string
  readonly path?: string
}

/** Adds the options that name a ledger. */
export function withFolder(command: Command): Command {
  return command
    .option('--config <file>', 'the configuration of the gateway', 'ringwall.yaml')
    .option('--path <folder>', 'the folder of the ledger, instead of the one in the configuration')
}

/** The folder of the ledger that is asked for. Errors: `ledger_off`, and those of the configuration. */
export function folderOf({ config, path }: Where): string {
  return path ?? ledgerOf(config).path
}

/** The section of a configuration. Errors: `ledger_off`, and those of the configuration. */
export function ledgerOf(file: string): Exclude<Config['ledger'], 'off'> {
  const { ledger } = loadConfig(file)
  if (ledger !== 'off') return ledger
  const hint = 'Set the section `ledger`, or name a folder by --path.'
  throw new RingwallError('ledger_off', 'the configuration names no ledger', hint, { file, field: 'ledger' })
}
