import { decodeCbor, encodeCbor } from '@ringwall/proof'
import { describe, expect, test } from 'vitest'
import { Committer } from './commitment.ts'
import { ecsOf } from './ecs.ts'
import { readEntry } from './entry.ts'
import type { AuditEvent } from './event.ts'
import { HAPPENINGS, type Happened } from './happenings.ts'
import { type Entry, entryOf } from './ocsf.ts'

const ORIGIN = { version: '0.1.0', site: 'mill-3', origin: 'ringwall/mill-3' }
const committer = new Committer(new Uint8Array(32))
const KINDS = Object.keys(HAPPENINGS) as Happened[]

/** An event that has all that its kind can have. */
const full = (kind: Happened): AuditEvent => ({
  kind,
  time: Date.UTC(2026, 10, 28),
  message: 'what happened',
  severity: 'high',
  device: 'pump-1',
  address: '10.0.0.7',
  port: 4711,
  actor: 'ada',
  user: 'pump',
  success: false,
  direction: 'up',
  action: 'publish',
  topic: 'plant/pump-1/level',
  findings: [{ guard: 'access', code: 'publish_denied', severity: 'high', clause: 'MQTT-3.3', why: 'not allowed' }],
  technique: 'T0855',
  scores: [{ model: 'a'.repeat(64), score: 0.9 }],
  payload: Uint8Array.of(1, 2, 3),
  length: 3,
  details: { reason: 'because' },
})
const entryFor = (kind: Happened): Entry => {
  const entry = readEntry(encodeCbor(entryOf(full(kind), ORIGIN, committer)))
  if (entry === null) throw new Error('no entry')
  return entry
}

/** Attributes of OCSF 1.4.0 that an entry may have: of the base event with the profiles host and security_control, then by class. */
const BASE =
  'activity_id activity_name category_uid class_uid class_name type_uid severity_id severity time message metadata status_id status unmapped device actor action_id disposition_id disposition'.split(
    ' ',
  )
const OF_CLASS: Readonly<Record<number, readonly [required: string, allowed: string]>> = {
  0: ['', ''],
  2004: ['finding_info', 'finding_info evidences'],
  3002: ['user service', 'user service src_endpoint'],
  3004: ['entity', 'entity'],
  4001: ['src_endpoint', 'src_endpoint'],
  6002: ['app', 'app'],
  6008: ['', 'app'],
  7001: ['command_uid', 'command_uid'],
  7004: ['command_uid', 'command_uid'],
}
/** The activities of each class that are used. */
const ACTIVITIES: Readonly<Record<number, Readonly<Record<number, string>>>> = {
  0: { 99: 'Other' },
  2004: { 1: 'Create' },
  3002: { 1: 'Logon' },
  3004: { 3: 'Update' },
  4001: { 1: 'Open', 2: 'Close', 5: 'Refuse' },
  6002: { 3: 'Start', 4: 'Stop' },
  6008: { 1: 'General Error' },
  7001: { 2: 'Evict', 4: 'Harden' },
  7004: { 1: 'Isolate', 3: 'Restore' },
}

describe.each(KINDS)('an entry %s', kind => {
  const entry = entryFor(kind)
  const classUid = Number(entry.class_uid)

  test('has the attributes that OCSF 1.4.0 requires of its class, and no other than it knows', () => {
    const [required, allowed] = OF_CLASS[classUid].map(names => names.split(' ').filter(Boolean))
    for (const name of ['metadata', 'time', 'severity_id', 'type_uid', ...required]) expect(entry).toHaveProperty(name)
    const known = new Set([...BASE, ...allowed])
    expect(Object.keys(entry).filter(name => !known.has(name))).toEqual([])
    expect(entry.category_uid).toBe(Math.floor(classUid / 1000))
    expect(entry.type_uid).toBe(classUid * 100 + Number(entry.activity_id))
    expect(entry.activity_name).toBe(ACTIVITIES[classUid][Number(entry.activity_id)])
    expect(entry.metadata).toMatchObject({ version: '1.4.0', profiles: ['host', 'security_control'] })
  })

  test('is in ECS 8.17 with field names and categories that it has', () => {
    const { ringwall, ...ecs } = ecsOf(entry, 17)
    expect(pathsOf(ecs).filter(path => !ECS_FIELDS.has(path))).toEqual([])
    expect(ecs).toMatchObject({ ecs: { version: '8.17.0' }, '@timestamp': '2026-11-28T00:00:00.000Z' })
    const { kind: what, category, type } = ecs.event as { kind: string; category: string[]; type: string[] }
    expect(['alert', 'event']).toContain(what)
    for (const each of type) expect(ECS_TYPES[category[0]]).toContain(each)
    expect(ringwall).toMatchObject({ topic: 'plant/pump-1/level', reason: 'because' })
  })

  test('says nothing of its payload but a commitment, in no form', () => {
    const shown = JSON.stringify([entry, ecsOf(entry, 0)])
    expect(shown).not.toContain('010203')
    expect(entry.unmapped).toMatchObject({ commitment: { bytes: 3 } })
  })
})

test.each([
  ['refuse', 2, 2, 'Blocked'],
  ['disconnect', 2, 6, 'Dropped'],
  ['flag', 1, 17, 'Logged'],
  ['throttle', 1, 14, 'Delayed'],
  ['hold', 1, 14, 'Delayed'],
  ['alarm', undefined, undefined, undefined],
] as const)('what was done about a finding %s is said in OCSF’s numbers', (kind, action, disposition, name) => {
  const entry = entryFor(kind)
  expect([entry.action_id, entry.disposition_id, entry.disposition]).toEqual([action, disposition, name])
})

test('a text from outside is bounded and well formed, whatever a device is called', () => {
  const device = `pump\u001b[31m\ud800${'x'.repeat(70_000)}`
  const event: AuditEvent = { ...full('refuse'), device, user: device, topic: device, actor: device, message: device }
  const bytes = encodeCbor(entryOf({ ...event, details: { device, '\udc00': device.slice(0, 9) } }, ORIGIN, committer))
  expect(decodeCbor(bytes)).toBeInstanceOf(Map)
  expect(JSON.stringify(readEntry(encodeCbor(entryOf(event, ORIGIN, committer))))?.length).toBeLessThan(8_192)
})

function pathsOf(value: object, above = ''): string[] {
  return Object.entries(value).flatMap(([name, each]) =>
    typeof each === 'object' && each !== null && !Array.isArray(each)
      ? pathsOf(each, `${above}${name}.`)
      : [`${above}${name}`],
  )
}

const ECS_FIELDS = new Set(
  '@timestamp message ecs.version event.kind event.category event.type event.action event.code event.outcome event.severity event.sequence event.module event.provider observer.vendor observer.product observer.version observer.type device.id source.ip source.port user.name rule.name rule.description threat.technique.id'.split(
    ' ',
  ),
)
/** The types that ECS expects in each category. */
const ECS_TYPES: Readonly<Record<string, readonly string[]>> = {
  authentication: ['start', 'end', 'info'],
  configuration: ['access', 'change', 'creation', 'deletion', 'info'],
  iam: ['admin', 'change', 'creation', 'deletion', 'group', 'info', 'user'],
  intrusion_detection: ['allowed', 'denied', 'info'],
  network: ['access', 'allowed', 'connection', 'denied', 'end', 'info', 'protocol', 'start'],
  process: ['access', 'change', 'end', 'info', 'start'],
}
