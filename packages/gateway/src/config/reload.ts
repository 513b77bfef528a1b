import { isDeepStrictEqual } from 'node:util'
import type { Config } from './schema.ts'

/** The changed fields of a configuration, by whether a running gateway can take them over. */
export interface ConfigChange {
  readonly apply: string[]
  readonly restart: string[]
}

// Whatever is not named here needs a restart: a new key is safe before anybody thought about it. `upstream` counts as one:
// half of its keys taken over and half not would be a broker that nobody wrote down.
const APPLIED: readonly string[] = [
  'listen.mqtts.certificate',
  'listen.mqtts.key',
  'listen.mqtts.gather',
  'identity.anchors',
  'identity.assign',
  'roles',
  'profiles',
  'rules',
  'scenarios',
  'intrusion',
  'rings',
  'guards',
  'groups',
  'session',
  'limits',
  'size',
  'rate',
  'rhythm',
  'seals',
  'context',
  'load',
  'prevention',
]

// The lanes' memory is laid out once, and listeners and logs are made once, at the start.
const RESTARTED: readonly string[] = ['limits.devices', 'limits.handshakes', 'limits.handshakeTimeout']

/**
 * Which fields differ between two configurations. Lists and roles count whole. The contents of certificate and key files are
 * not in a configuration: a reload reads them again, whatever changed.
 */
export function diffConfig(old: Config, next: Config): ConfigChange {
  const change: ConfigChange = { apply: [], restart: [] }
  for (const field of changes(old, next, '')) {
    const applied = within(field, APPLIED) && !within(field, RESTARTED)
    change[applied ? 'apply' : 'restart'].push(field)
  }
  return change
}

const within = (field: string, names: readonly string[]) =>
  names.some(name => field === name || field.startsWith(`${name}.`))

function changes(old: unknown, next: unknown, field: string): string[] {
  if (isDeepStrictEqual(old, next)) return []
  if (!isSection(old) || !isSection(next)) return [field]
  const keys = new Set([...Object.keys(old), ...Object.keys(next)])
  return [...keys].flatMap(key => changes(old[key], next[key], field === '' ? key : `${field}.${key}`))
}

const isSection = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
