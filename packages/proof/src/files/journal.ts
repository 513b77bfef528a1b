import { createHash, hash } from 'node:crypto'
import { toBase64 } from '../base64.ts'
import { DIGEST_BYTES } from '../hash/sha256.ts'
import { decodeEntries, TILE_WIDTH } from '../tiles/index.ts'

/** What a record of a journal holds: entries as in a bundle, or the note that signs all entries before it. */
export const Record = { entries: 1, note: 2 } as const

/** Kind and length before a record's bytes, and of what guards them: without it a changed length would look like a record that a kill cut short. */
const CHECKED_BYTES = 5
const HEAD_BYTES = CHECKED_BYTES + 4
/** How far before a record's bytes their length stands. */
export const LENGTH_BEFORE = HEAD_BYTES - 1
/** The digest behind a record's bytes, and a last byte that is not zero: a file goes on with zeros, which are told from a record by it. */
const TAIL_BYTES = DIGEST_BYTES + 1
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
  return utf8.encode(`ringwall ledger journal 2\n${base}\n${toBase64(root)}\n`)
}

/** What the first record's digest covers besides it. */
export function firstDigest(head: Uint8Array): Uint8Array {
  return hash('sha256', head, 'buffer')
}

/** The bytes that a record takes beside those that it holds. */
export const RECORD_BYTES = HEAD_BYTES + TAIL_BYTES

/** Writes a record to where it goes on in `into`; gives its digest, SHA-256 over the digest before, its head and bytes. */
export function encodeRecord(
  kind: number,
  pieces: readonly Uint8Array[],
  before: Uint8Array,
  into: Buffer,
  start: number,
): Uint8Array {
  const body = start + HEAD_BYTES
  let end = body
  for (const piece of pieces) {
    into.set(piece, end)
    end += piece.length
  }
  into[start] = kind
  into.writeUInt32BE(end - body, start + 1)
  into.set(checkOf(Buffer.concat([before, into.subarray(start, start + CHECKED_BYTES)])), start + CHECKED_BYTES)
  const digest = createHash('sha256').update(before).update(into.subarray(start, end)).digest()
  into.set(digest, end)
  into[end + DIGEST_BYTES] = LAST
  return digest
}

/** What guards kind and length: the first bytes of SHA-256 over the digest before and them. */
function checkOf(bytes: Uint8Array): Uint8Array {
  return hash('sha256', bytes, 'buffer').subarray(0, HEAD_BYTES - CHECKED_BYTES)
}

/** Bundles of entries for records, none longer than some megabytes: each by its pieces. */
export function* inRecords(bundles: readonly Uint8Array[]): Generator<Uint8Array[]> {
  let some: Uint8Array[] = []
  let length = 0
  for (const bundle of bundles) {
    for (let at = 0; at < bundle.length; ) {
      const piece = bundle.length - at <= LONGEST_RECORD ? bundle.subarray(at) : wholeEntries(bundle.subarray(at))
      if (length + piece.length > LONGEST_RECORD && length > 0) {
        yield some
        some = []
        length = 0
      }
      some.push(piece)
      length += piece.length
      at += piece.length
    }
  }
  if (length > 0) yield some
}

/** As many entries of a long bundle as a record takes. */
function wholeEntries(bundle: Uint8Array): Uint8Array {
  let end = 0
  while (end < LONGEST_RECORD) {
    const next = end + decodeEntries(bundle.subarray(end, end + LONGEST_RECORD), TILE_WIDTH).rest
    if (next === end || next > LONGEST_RECORD) break
    end = next
  }
  return bundle.subarray(0, end)
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
  readonly why: 'end' | 'short' | 'digest'
}

/** Reads the records of a journal in their order, up to the first that is not whole. Zeros behind the last are room for more. */
export function* readRecords(file: Uint8Array, head: Uint8Array): Generator<JournalRecord, JournalEnd> {
  const bytes = Buffer.from(file.buffer, file.byteOffset, filled(file))
  let digest = firstDigest(head)
  for (let at = head.length; ; ) {
    if (at === bytes.length) return { at, why: 'end' }
    const body = at + HEAD_BYTES
    if (body > bytes.length) return { at, why: 'short' }
    const checked = bytes.subarray(at, at + CHECKED_BYTES)
    if (!bytes.subarray(at + CHECKED_BYTES, body).equals(checkOf(Buffer.concat([digest, checked]))))
      return { at, why: 'digest' }
    const end = body + bytes.readUInt32BE(at + 1)
    if (end + TAIL_BYTES > bytes.length) return { at, why: 'short' }
    const found = hash('sha256', Buffer.concat([digest, bytes.subarray(at, end)]), 'buffer')
    if (!found.equals(bytes.subarray(end, end + DIGEST_BYTES)) || bytes[end + DIGEST_BYTES] !== LAST)
      return { at, why: 'digest' }
    digest = found
    yield { kind: bytes[at], bytes: bytes.subarray(body, end), at, end: end + TAIL_BYTES }
    at = end + TAIL_BYTES
  }
}

/** The length without the zeros at the end. */
function filled(bytes: Uint8Array): number {
  let length = bytes.length
  while (length > 0 && bytes[length - 1] === 0) length--
  return length
}
