import { decodeCbor } from '@ringwall/proof'
import { LedgerReader } from '@ringwall/proof/files'

/** Bytes of an entry in its bundle beside its own, and of the tree. */
const AROUND = 35
/** Of OCSF: Detection Finding, Authentication and Network Activity, and the activity by which somebody is refused before a session. */
const FINDING = 2004
const AUTHENTICATION = 3002
const NETWORK = 4001
const REFUSE = 5

/** What came into a ledger. */
export interface Growth {
  readonly entries: number
  readonly bytes: number
  /** About the device that was asked for. */
  readonly device: number
  /** Brought about by those who are no device. */
  readonly strangers: number
  /** Of both, how many by the finding's code, or the kind where there is none. */
  readonly codes: ReadonlyMap<string, number>
}

/** Entries that a ledger has. */
export function entriesIn(folder: string): number {
  return new LedgerReader(folder).checkpoint.size
}

/** Reads what came into a ledger from an entry on: events of OCSF in CBOR. */
export function growthSince(folder: string, from: number, device: string): Growth {
  const codes = new Map<string, number>()
  let [entries, bytes, own, strangers] = [0, 0, 0, 0]
  for (const [, entry] of new LedgerReader(folder).entries(from)) {
    entries++
    bytes += entry.length + AROUND
    const event = decodeCbor(entry)
    const isOwn = at(event, 'device', 'uid') === device
    const isStrange = isOfStranger(event)
    if (isStrange) strangers++
    else if (isOwn) own++
    else continue
    const code = codeOf(event)
    codes.set(code, (codes.get(code) ?? 0) + 1)
  }
  return { entries, bytes, device: own, strangers, codes }
}

function isOfStranger(event: unknown): boolean {
  const kind = at(event, 'class_uid')
  if (kind === NETWORK && at(event, 'activity_id') === REFUSE) return true
  if (at(event, 'device', 'uid') !== undefined) return false
  // A finding with a disposition is about one act; those without are the gateway's own, such as alarms.
  return kind === AUTHENTICATION || kind === NETWORK || (kind === FINDING && at(event, 'disposition_id') !== undefined)
}

function codeOf(event: unknown): string {
  const uid = at(event, 'finding_info', 'uid')
  return typeof uid === 'string' ? uid.slice(uid.indexOf(':') + 1) : String(at(event, 'metadata', 'event_code'))
}

function at(value: unknown, ...names: readonly string[]): unknown {
  return names.reduce<unknown>((part, name) => (part instanceof Map ? part.get(name) : undefined), value)
}
