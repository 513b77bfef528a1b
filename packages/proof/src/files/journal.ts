import { crc32 } from 'node:zlib'
import { toBase64 } from '../base64.ts'
import { afterEntry } from './hash-tile.ts'

/** What a record of a journal holds: entries as in a bundle, or the note that signs all entries before it. */
export const Record = { entries: 1, note: 2 } as const

/** Kind and length before a record's bytes, and of what guards them: without it a changed length would look like a record that a kill cut short. */
const CHECKED_BYTES = 5
const SUM_BYTES = 4
const HEAD_BYTES = CHECKED_BYTES + SUM_BYTES
/** So many zeros in a record's place: there is none. What stands behind them is not the journal's, but of an earlier one that it was written over. */
export const END_BYTES = HEAD_BYTES
/** How far before a record's bytes their length stands. */
export const LENGTH_BEFORE = HEAD_BYTES - 1
/** The checksum behind a record's bytes, and a last byte that is not zero: a file goes on with zeros, which are told from a record by it. */
const TAIL_BYTES = SUM_BYTES + 1
const LAST = 0xff
/** More entries than this stand in several records, so that a reader's memory for one is bounded. */
const LONGEST_RECORD = 4 * 2 ** 20
const NAME = /^pending-(0|[1-9][0-9]{0,15})$/
const utf8 = new TextEncoder()

/** The name of the journal that goes on from a tree of `base` entries. */
export function journalName(base: number): string {
  return `pending-${base}`
}

/** The base of such a name, or null where it is none. */
export function journalBase(name: string): number | null {
  const found = NAME.exec(name)
  return found === null ? null : Number(found[1])
}

/** How a journal begins: its version, and the tree that it goes on from. */
export function journalHead(base: number, root: Uint8Array): Uint8Array {
  return utf8.encode(`ringwall ledger journal 3\n${base}\n${toBase64(root)}\n`)
}

/** What the first record's checksum goes on from. */
export function firstSum(head: Uint8Array): number {
  return crc32(head)
}

/** The bytes that a record takes beside those that it holds. */
export const RECORD_BYTES = HEAD_BYTES + TAIL_BYTES

/**
 * Writes a record to where it goes on in `into`; gives its checksum: CRC-32 (as in RFC 1952, section 8) that goes on from the record before over kind, length and
 * bytes. It tells what a kill or a bad disk left. Against whoever can write the file no hash without a key would help: the signed notes do.
 */
export function encodeRecord(kind: number, bytes: Uint8Array, before: number, into: Buffer, start: number): number {
  const [checked, body] = [start + CHECKED_BYTES, start + HEAD_BYTES]
  const end = body + bytes.length
  into[start] = kind
  into.writeUInt32BE(bytes.length, start + 1)
  const check = crc32(into.subarray(start, checked), before)
  into.writeUInt32BE(check, checked)
  into.set(bytes, body)
  const sum = crc32(bytes, check)
  into.writeUInt32BE(sum, end)
  into[end + SUM_BYTES] = LAST
  return sum
}

/** A bundle of entries for records, none longer than some megabytes. */
export function inRecords(bundle: Uint8Array): Uint8Array[] {
  if (bundle.length <= LONGEST_RECORD) return [bundle]
  const records: Uint8Array[] = []
  let [start, end] = [0, 0]
  for (let next = 0; end < bundle.length; end = next) {
    next = afterEntry(bundle, end)
    if (next - start <= LONGEST_RECORD) continue
    records.push(bundle.subarray(start, end))
    start = end
  }
  return [...records, bundle.subarray(start)]
}

/** One record as it was read. */
export interface JournalRecord {
  readonly kind: number
  readonly bytes: Uint8Array
  /** Where it begins in the file. */
  readonly at: number
  readonly end: number
}

/** Where the reading of a journal came to its end, and why. */
export interface JournalEnd {
  readonly at: number
  readonly why: 'end' | 'short' | 'sum'
}

/** Reads the records of a journal in their order, up to the first that is not whole. Behind the last are zeros or nothing. */
export function* readRecords(file: Uint8Array, head: Uint8Array): Generator<JournalRecord, JournalEnd> {
  const bytes = Buffer.from(file.buffer, file.byteOffset, filled(file))
  let before = firstSum(head)
  for (let at = head.length; ; ) {
    if (at === bytes.length || isEnd(bytes, at)) return { at, why: 'end' }
    const [checked, body] = [at + CHECKED_BYTES, at + HEAD_BYTES]
    if (body > bytes.length) return { at, why: 'short' }
    const check = crc32(bytes.subarray(at, checked), before)
    if (bytes.readUInt32BE(checked) !== check) return { at, why: 'sum' }
    const end = body + bytes.readUInt32BE(at + 1)
    if (end + TAIL_BYTES > bytes.length) return { at, why: 'short' }
    const sum = crc32(bytes.subarray(body, end), check)
    if (bytes.readUInt32BE(end) !== sum || bytes[end + SUM_BYTES] !== LAST) return { at, why: 'sum' }
    before = sum
    yield { kind: bytes[at], bytes: bytes.subarray(body, end), at, end: end + TAIL_BYTES }
    at = end + TAIL_BYTES
  }
}

/** Whether zeros stand in a record's place. */
export function isEnd(bytes: Uint8Array, at: number): boolean {
  return bytes.subarray(at, at + END_BYTES).every(byte => byte === 0)
}

/** The length without the zeros at the end. */
function filled(bytes: Uint8Array): number {
  let length = bytes.length
  while (length > 0 && bytes[length - 1] === 0) length--
  return length
}
