import { decodeCbor } from '@ringwall/proof'
import type { Plain } from './event.ts'
import type { Entry } from './ocsf.ts'

/** An entry that was read from a ledger. */
export interface ReadEntry {
  readonly index: number
  readonly entry: Entry
}

/** What is asked for; what is left out is not asked for. */
export interface Wanted {
  readonly device?: string
  /** The kind (`refuse`), or the guard and code of its finding (`access:publish_denied`), or the code alone. */
  readonly code?: string
  /** Milliseconds since the Unix epoch, inclusive. */
  readonly since?: number
  readonly until?: number
  /** OCSF's number of the least severity. */
  readonly severity?: number
  /** Some text of the entry. */
  readonly text?: string
}

/** Reads the bytes of an entry. Null where they are no event: whoever writes into a ledger by hand writes anything. */
export function readEntry(bytes: Uint8Array): Entry | null {
  try {
    const value = asPlain(decodeCbor(bytes))
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Entry) : null
  } catch {
    return null
  }
}

export function isWanted(entry: Entry, { device, code, since, until, severity, text }: Wanted): boolean {
  const time = Number(entry.time)
  if (since !== undefined && !(time >= since)) return false
  if (until !== undefined && !(time <= until)) return false
  if (severity !== undefined && !(Number(entry.severity_id) >= severity)) return false
  if (device !== undefined && textAt(entry, 'device', 'uid') !== device) return false
  if (code !== undefined && !codesOf(entry).includes(code)) return false
  return text === undefined || JSON.stringify(entry).toLowerCase().includes(text.toLowerCase())
}

/** The kind of an entry, '' where it has none. */
export function kindOf(entry: Entry): string {
  return textAt(entry, 'metadata', 'event_code')
}

/** A text inside an entry, '' where there is none. */
export function textAt(entry: Entry, ...names: readonly string[]): string {
  const value = valueAt(entry, ...names)
  return typeof value === 'string' ? value : ''
}

/** The peer's address, '' where there is none: a finding has it among its evidence. */
export function addressOf(entry: Entry): string {
  return textAt(entry, 'src_endpoint', 'ip') || textAt(entry, 'evidences', '0', 'src_endpoint', 'ip')
}

/** A value inside an entry; of a list, by the number of its place. */
export function valueAt(entry: Entry, ...names: readonly string[]): Plain | undefined {
  let value: Plain | undefined = entry
  for (const name of names) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
    value = (value as Entry)[name]
  }
  return value
}

function codesOf(entry: Entry): readonly string[] {
  const uid = textAt(entry, 'finding_info', 'uid')
  return [kindOf(entry), uid, uid.slice(uid.indexOf(':') + 1)]
}

function asPlain(value: unknown): Plain {
  if (value instanceof Map) {
    return Object.fromEntries([...value].map(([key, each]) => [String(key), asPlain(each)]))
  }
  if (Array.isArray(value)) return value.map(asPlain)
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex')
  if (typeof value === 'bigint') return value.toString()
  if (value === null || typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number')
    return value
  throw new TypeError('the entry holds what no event has')
}
