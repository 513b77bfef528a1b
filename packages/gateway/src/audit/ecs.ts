import { addressOf } from './entry.ts'
import type { Entry } from './ocsf.ts'

/** The version of the Elastic Common Schema that is spoken. */
const ECS_VERSION = '8.17.0'

/** What a class of OCSF is in ECS: kind, categories and types. */
const CLASSES: Readonly<Record<number, readonly [kind: string, category: string, type: string]>> = {
  0: ['event', 'network', 'info'],
  2004: ['alert', 'intrusion_detection', 'info'],
  3002: ['event', 'authentication', 'start'],
  3004: ['event', 'configuration', 'change'],
  4001: ['event', 'network', 'connection'],
  6002: ['event', 'process', 'info'],
  6008: ['event', 'process', 'info'],
  7001: ['event', 'iam', 'change'],
  7004: ['event', 'network', 'info'],
}
const TYPES: Readonly<Record<string, string>> = {
  start: 'start',
  stop: 'end',
  opened: 'start',
  closed: 'end',
  refuse: 'denied',
  disconnect: 'denied',
  turned_away: 'denied',
  block: 'denied',
  unblock: 'allowed',
  allowed: 'allowed',
}

/** An entry as the Elastic Common Schema has it; what that has no place for stands under `ringwall`. @param index in the ledger */
export function ecsOf(entry: Entry, index: number): Record<string, unknown> {
  const at = (...names: string[]): unknown => names.reduce<unknown>((value, name) => partOf(value, name), entry)
  const code = String(at('metadata', 'event_code') ?? '')
  const [kind, category, type] = CLASSES[Number(at('class_uid'))] ?? CLASSES[0]
  return compact({
    '@timestamp': new Date(Number(at('time'))).toISOString(),
    ecs: { version: ECS_VERSION },
    message: at('message'),
    event: {
      kind,
      category: [category],
      type: [TYPES[code] ?? type],
      action: code,
      code: at('finding_info', 'uid'),
      outcome: outcomeOf(at('status_id'), at('disposition_id')),
      severity: at('severity_id'),
      sequence: index,
      module: 'ringwall',
      provider: at('metadata', 'log_provider'),
    },
    observer: {
      vendor: 'Ringwall',
      product: 'Ringwall',
      version: at('metadata', 'product', 'version'),
      type: 'gateway',
    },
    device: { id: at('device', 'uid') },
    source: {
      ip: addressOf(entry) || undefined,
      port: at('src_endpoint', 'port') ?? at('evidences', '0', 'src_endpoint', 'port'),
    },
    user: { name: at('actor', 'user', 'name') ?? at('user', 'name') },
    rule: { name: at('finding_info', 'uid'), description: at('finding_info', 'title') },
    threat: { technique: { id: techniques(at('finding_info', 'attacks')) } },
    ringwall: at('unmapped'),
  }) as Record<string, unknown>
}

function outcomeOf(status: unknown, disposition: unknown): string | undefined {
  if (status !== undefined) return status === 1 ? 'success' : 'failure'
  return disposition === 2 || disposition === 6 ? 'failure' : undefined
}

function techniques(attacks: unknown): unknown[] | undefined {
  return Array.isArray(attacks) ? attacks.map(attack => partOf(partOf(attack, 'technique'), 'uid')) : undefined
}

function partOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined
}

/** Without what is not there, and without objects of nothing else. */
function compact(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  const parts = Object.entries(value)
    .map(([name, each]) => [name, compact(each)] as const)
    .filter(([, each]) => each !== undefined)
  return parts.length === 0 ? undefined : Object.fromEntries(parts)
}
