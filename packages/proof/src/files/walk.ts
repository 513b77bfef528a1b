import { join } from 'node:path'
import { ProofError } from '../error.ts'
import { decodeEntries, LONGEST_ENTRY } from '../tiles/index.ts'
import {
  isEnd,
  type JournalEnd,
  type JournalRecord,
  journalBase,
  journalHead,
  journalName,
  LENGTH_BEFORE,
  Record,
  readRecords,
} from './journal.ts'
import { namesIn, readIfThere } from './read.ts'

/** Entries that no bundle holds yet, or the note that signs all before it; and where they stand. */
export type Step =
  | { readonly bundle: Uint8Array; readonly file: string }
  | { readonly note: string; readonly file: string }
  /** What could not be read at the end of a journal that another goes on from. */
  | { readonly torn: Uint8Array; readonly file: string }

/** A place where a journal does not hold. */
export class Damage extends ProofError {
  readonly file: string

  constructor(code: string, file: string, what: string) {
    super(code, `${file}: ${what}`)
    this.file = file
  }
}

/** The bases of the journals in a folder, ascending. */
export function journalsIn(folder: string): number[] {
  return namesIn(folder)
    .map(journalBase)
    .filter(base => base !== null)
    .sort((a, b) => a - b)
}

/**
 * Walks the journals behind a published tree, in their order. The tree is asked for at the beginning of each. Gives how the last one
 * ended: `short` is what a kill leaves, `sum` also what a power cut may. One before it may end so too, where the next goes on from just the
 * tree that it made: the writer was killed, went on in another, and was killed again before it had published. Errors: `journal_missing`, `journal_damaged`.
 * @param isStrict whether one that ends in what is long enough and wrong is damaged, though a power cut may leave it
 */
export function* walk(
  folder: string,
  tree: { readonly size: number; readonly root: Uint8Array },
  isStrict = false,
): Generator<Step, { readonly file: string; readonly rest: Uint8Array } & JournalEnd> {
  const bases = journalsIn(folder).filter(base => base >= tree.size)
  let end: JournalEnd = { at: 0, why: 'end' }
  let [file, rest] = ['', new Uint8Array(0)]
  for (const [i, base] of bases.entries()) {
    const name = journalName(base)
    const bytes = readIfThere(join(folder, name))
    // Its writer could not begin it, and went on in the one before.
    if (base < tree.size && (bytes === null || !hasRecords(bytes))) continue
    if (base !== tree.size && end.why !== 'end') throw torn(file, end)
    if (base !== tree.size)
      throw new Damage('journal_missing', journalName(tree.size), `it is not there, and ${name} goes on behind it`)
    if (isStrict && end.why === 'sum') throw torn(file, end)
    file = name
    const isLast = i === bases.length - 1
    if (bytes === null) {
      // A writer had no room to begin it, or has published it.
      if (isLast) return { file, rest: new Uint8Array(0), at: 0, why: 'short' }
      throw new Damage('journal_missing', file, 'it is not there')
    }
    const head = journalHead(base, tree.root)
    if (!Buffer.from(head).equals(bytes.subarray(0, head.length))) {
      // A kill while it was begun: nothing can be in it.
      if (isLast && bytes.length < head.length) return { file, rest: new Uint8Array(0), at: 0, why: 'short' }
      throw new Damage('journal_damaged', file, wrongHead(bytes))
    }
    end = yield* steps(readRecords(bytes, head), file)
    rest = Uint8Array.from(bytes.subarray(end.at))
    if (!isLast && end.why !== 'end') yield { torn: rest, file }
  }
  return { file, rest, ...end }
}

function torn(file: string, { at }: JournalEnd): Damage {
  return new Damage('journal_damaged', file, `what begins at byte ${at} is not whole`)
}

function wrongHead(bytes: Uint8Array): string {
  const isOld = OLD_HEADS.some(head => head.equals(bytes.subarray(0, head.length)))
  if (isOld) return 'it is of a former version: let the Ringwall that wrote it open and close the ledger'
  return 'it does not begin with the tree that it goes on from'
}

const OLD_HEADS = ['1', '2'].map(version => Buffer.from(`ringwall ledger journal ${version}\n`))
const HEAD_LINES = 3

/** Whether anything but a head is in a journal. */
function hasRecords(bytes: Uint8Array): boolean {
  let at = 0
  for (let lines = 0; lines < HEAD_LINES && at >= 0; lines++) at = bytes.indexOf(0x0a, at) + 1 || -1
  return at >= 0 && !isEnd(bytes, at)
}

function* steps(records: Generator<JournalRecord, JournalEnd>, file: string): Generator<Step, JournalEnd> {
  for (;;) {
    const next = records.next()
    if (next.done) return next.value
    const { kind, bytes, at } = next.value
    if (kind === Record.note) yield { note: new TextDecoder().decode(bytes), file }
    else if (kind === Record.entries) {
      if (decodeEntries(bytes, bytes.length).rest < bytes.length)
        throw new Damage('journal_damaged', file, `the entries at byte ${at} are cut short`)
      yield { bundle: bytes, file }
    } else throw new Damage('journal_damaged', file, `records of kind ${kind} at byte ${at} are not known`)
  }
}

/** The notes that stand somewhere in what could not be read: if one is signed, what it signs was acknowledged. */
export function* notesIn(rest: Uint8Array, origin: string): Generator<string> {
  const text = Buffer.from(rest.buffer, rest.byteOffset, rest.length)
  const start = Buffer.from(`${origin}\n`)
  for (let at = text.indexOf(start); at >= 0; at = text.indexOf(start, at + 1)) {
    const length = at >= LENGTH_BEFORE ? text.readUInt32BE(at - LENGTH_BEFORE) : 0
    if (length > 0 && length <= LONGEST_ENTRY && at + length <= text.length)
      yield text.subarray(at, at + length).toString()
  }
}
