import type { Decision, Finding, Severity } from '../contract/index.ts'
import type { Committer } from './commitment.ts'
import type { AuditEvent, Plain } from './event.ts'
import { type Happened, type Meaning, meaningOf, OCSF_VERSION } from './happenings.ts'

/** An entry as it stands in the ledger: an event of OCSF, deterministic CBOR of it. Bytes are lower-case hex. */
export type Entry = Readonly<Record<string, Plain>>

/** What all entries of one gateway say of it. */
export interface Origin {
  readonly version: string
  readonly site: string
  /** The ledger's name. */
  readonly origin: string
}

/** OCSF's numbers of severities. */
const SEVERITIES: Readonly<Record<Severity, number>> = { info: 1, low: 2, medium: 3, high: 4, critical: 5 }
/** OCSF's dispositions of decisions: allowed, blocked, logged, delayed, dropped. */
const DISPOSITIONS: Readonly<Partial<Record<Happened, readonly [id: number, name: string]>>> = {
  refuse: [2, 'Blocked'],
  disconnect: [6, 'Dropped'],
  flag: [17, 'Logged'],
  throttle: [14, 'Delayed'],
  hold: [14, 'Delayed'],
}
/** The profiles that bring `device` and `actor`, and what was done about a finding. */
const PROFILES = ['host', 'security_control']
/** A device of the internet of things. */
const IOT = 7
/** UTF-8 bytes of a text from outside. An entry has at most 65,535 bytes, whatever a device says. */
const LONGEST = 512
const MOST_FINDINGS = 8
const MOST_SCORES = 16

/** Writes an event as OCSF has it. Payloads and secrets stay out: what stands for them is a commitment. */
export function entryOf(event: AuditEvent, { version, site, origin }: Origin, committer: Committer): Entry {
  const meaning = meaningOf(event.kind)
  const severity = event.severity ?? meaning.severity
  const typeUid = meaning.classUid * 100 + meaning.activityId
  return wellFormed({
    metadata: {
      version: OCSF_VERSION,
      product: { name: 'Ringwall', vendor_name: 'Ringwall', version },
      log_provider: origin,
      event_code: event.kind,
      profiles: PROFILES,
    },
    category_uid: Math.floor(meaning.classUid / 1_000),
    class_uid: meaning.classUid,
    class_name: meaning.className,
    activity_id: meaning.activityId,
    activity_name: meaning.activity,
    type_uid: typeUid,
    severity_id: SEVERITIES[severity],
    severity: severity === 'info' ? 'Informational' : capital(severity),
    time: Math.round(event.time),
    message: cut(event.message),
    device: event.device === undefined || event.device === '' ? undefined : deviceOf(event, site),
    actor: event.actor === undefined ? undefined : { user: { name: cut(event.actor) } },
    ...ofClass(event, meaning),
    unmapped: unmapped(event, committer),
  })
}

function deviceOf({ device = '' }: AuditEvent, site: string): Entry {
  return { uid: cut(device), name: cut(device), type_id: IOT, type: 'IOT', domain: site }
}

function ofClass(event: AuditEvent, { classUid }: Meaning): Readonly<Record<string, Plain | undefined>> {
  const { kind, findings = [], technique, success, user, message } = event
  switch (classUid) {
    case 2004: {
      const first = findings[0]
      const endpoint = endpointOf(event)
      const [dispositionId, disposition] = DISPOSITIONS[kind] ?? []
      return {
        disposition_id: dispositionId,
        disposition,
        action_id: actionOf(kind),
        evidences: endpoint === undefined ? undefined : [{ src_endpoint: endpoint }],
        finding_info: without({
          uid: `${first?.guard ?? kind}:${first?.code ?? kind}`,
          title: cut(first?.why ?? message),
          attacks: technique === undefined || technique === '' ? undefined : [{ technique: { uid: technique } }],
        }),
      }
    }
    case 3002:
      return {
        status_id: success === false ? 2 : 1,
        status: success === false ? 'Failure' : 'Success',
        user: without({
          name: user === undefined || user === '' ? undefined : cut(user),
          uid: event.device && cut(event.device),
        }),
        service: { name: 'MQTT' },
        src_endpoint: endpointOf(event),
      }
    case 4001:
      return { src_endpoint: endpointOf(event) ?? { name: 'unknown' } }
    case 3004:
      return { entity: { name: kind, type: 'Gateway' } }
    case 6002:
    case 6008:
      return { app: { name: 'Ringwall', vendor_name: 'Ringwall' } }
    case 7001:
    case 7004:
      return { command_uid: kind }
    default:
      return {}
  }
}

/** OCSF's number of what was done: denied, allowed; none where nobody knows yet. */
function actionOf(kind: Happened): number | undefined {
  if (kind === 'refuse' || kind === 'disconnect') return 2
  return DISPOSITIONS[kind] === undefined ? undefined : 1
}

function endpointOf({ address, port }: AuditEvent): Plain | undefined {
  return address === undefined || address === '' ? undefined : without({ ip: address, port })
}

/** What OCSF has no place for: the act, all findings, commitments, scores, and the figures of a kind. */
function unmapped(event: AuditEvent, committer: Committer): Plain {
  const { direction, action, topic, findings, scores, payload, length, details } = event
  const commitment = payload === undefined ? undefined : committer.commit(payload)
  return without({
    direction,
    action,
    topic: topic === undefined || topic === '' ? undefined : cut(topic),
    findings: findings?.slice(0, MOST_FINDINGS).map(findingOf),
    scores: scores?.slice(0, MOST_SCORES).map(({ model, score }) => ({ model, score })),
    length: payload === undefined ? undefined : (length ?? payload.length),
    commitment:
      commitment === undefined
        ? undefined
        : { digest: hex(commitment.digest), nonce: hex(commitment.nonce), bytes: commitment.bytes },
    ...details,
  })
}

function findingOf({ guard, code, severity, clause, why }: Finding): Plain {
  return without({ guard, code, severity, clause: clause === '' ? undefined : clause, why: cut(why) })
}

/** The kind of a decision that did not simply pass. */
export function kindOf(decision: Decision): Exclude<Decision, 'allow'> {
  return decision === 'allow' ? 'flag' : decision
}

const capital = (word: string): string => `${word[0].toUpperCase()}${word.slice(1)}`
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

/** A text from outside, bounded; a character is whole or not there. */
function cut(text: string): string {
  if (Buffer.byteLength(text) <= LONGEST) return text
  const bytes = Buffer.from(text.slice(0, LONGEST))
  let end = Math.min(LONGEST, bytes.length)
  while ((bytes[end] & 0xc0) === 0x80) end--
  return `${bytes.toString('utf8', 0, end)}…`
}

/** No text may be half of a surrogate pair, whoever said it: it could not be written down. */
function wellFormed(value: { readonly [key: string]: Plain | undefined }): Entry {
  const mend = (part: Plain): Plain => {
    if (typeof part === 'string') return part.toWellFormed()
    if (typeof part !== 'object' || part === null) return part
    if (Array.isArray(part)) return part.map(mend)
    return Object.fromEntries(Object.entries(part).map(([name, each]) => [name.toWellFormed(), mend(each)]))
  }
  return mend(without(value)) as Entry
}

function without(parts: Readonly<Record<string, Plain | undefined>>): { readonly [key: string]: Plain } {
  return Object.fromEntries(Object.entries(parts).filter((part): part is [string, Plain] => part[1] !== undefined))
}
