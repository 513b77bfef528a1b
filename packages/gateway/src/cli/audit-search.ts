import type { Command } from 'commander'
import type { Wanted } from '../audit/entry.ts'
import { RingwallError } from '../base/error.ts'
import { SEVERITIES } from '../config/sections/prevention.ts'

/** What narrows a search down, as it is written. */
export interface Search {
  readonly device?: string
  readonly code?: string
  readonly since?: string
  readonly until?: string
  readonly severity?: string
  readonly text?: string
}

/** Adds what narrows a search down. */
export function searching(command: Command): Command {
  return command
    .option('--device <id>', 'of this device')
    .option('--code <code>', 'of this kind (refuse, start …) or finding (publish_denied, access:publish_denied)')
    .option('--since <time>', 'not before, as 2026-11-28 or 2026-11-28T09:00:00Z')
    .option('--until <time>', 'not after')
    .option('--severity <name>', `at least so severe: ${SEVERITIES.join(', ')}`)
    .option('--text <text>', 'with this text somewhere')
}

/** Errors: `time_invalid`, `severity_unknown`. */
export function wantedOf({ device, code, since, until, severity, text }: Search): Wanted {
  return {
    ...(device === undefined ? {} : { device }),
    ...(code === undefined ? {} : { code }),
    ...(since === undefined ? {} : { since: timeOf(since) }),
    ...(until === undefined ? {} : { until: timeOf(until) }),
    ...(severity === undefined ? {} : { severity: severityOf(severity) }),
    ...(text === undefined ? {} : { text }),
  }
}

/** The number of an entry. Errors: `entry_unknown`. */
export function indexOf(text: string, size: number): number {
  const index = /^\d{1,15}$/.test(text) ? Number(text) : -1
  if (index >= 0 && index < size) return index
  const hint = size === 0 ? 'The ledger is empty.' : `Name a number from 0 to ${size - 1}: see ringwall audit tail.`
  throw new RingwallError('entry_unknown', `the ledger has no entry ${text}`, hint)
}

/** A time as it is written. Errors: `time_invalid`. */
export function timeOf(text: string): number {
  const time = /^\d{4}-\d\d-\d\d(T|$)/.test(text) ? Date.parse(text) : Number.NaN
  if (!Number.isNaN(time)) return time
  throw new RingwallError('time_invalid', `${text} is no time`, 'Write 2026-11-28 or 2026-11-28T09:00:00Z.')
}

function severityOf(name: string): number {
  const index = (SEVERITIES as readonly string[]).indexOf(name)
  if (index !== -1) return index + 1
  throw new RingwallError('severity_unknown', `nothing is called ${name}`, `Name one of ${SEVERITIES.join(', ')}.`)
}
