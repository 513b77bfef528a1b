import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Disk, disk } from './disk.ts'
import { Ledger, LedgerReader, verifyFolder } from './index.ts'
import { encodeRecord, firstSum, type JournalRecord, RECORD_BYTES, Record, readRecords } from './journal.ts'
import { newOptions, numbered } from './ledger.testkit.ts'

const LATER = 3_600_000
const UNKNOWN_KIND = 7
const stuck: Disk = { ...disk, writeAll: () => new Promise(() => {}) }
let folder: string
const code = (name: string) => expect.objectContaining({ code: name })

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ringwall-altered-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const headOf = (journal: Buffer): Buffer => journal.subarray(0, journal.indexOf('=\n') + 2)

function recordsOf(journal: Buffer): JournalRecord[] {
  const records = readRecords(journal, headOf(journal))
  return [...records]
}

/** A journal of these records, its checksums made anew: anybody can. */
function journalWith(head: Buffer, records: readonly { kind: number; bytes: Uint8Array }[]): Buffer {
  let before = firstSum(head)
  const pieces: Buffer[] = [head]
  for (const { kind, bytes } of records) {
    const record = Buffer.alloc(RECORD_BYTES + bytes.length)
    before = encodeRecord(kind, bytes, before, record, 0)
    pieces.push(record)
  }
  return Buffer.concat(pieces)
}

/** A ledger whose entries stand in its journal alone, as a kill leaves it. */
async function unpublished() {
  const options = { ...(await newOptions()), publishAfter: LATER, disk: stuck }
  const [path, copy] = [join(folder, 'log'), join(folder, 'cut')]
  const ledger = await Ledger.open(path, options)
  for (let size = 0; size < 1_000; size += 100) await ledger.append(numbered(size, 100))
  cpSync(path, copy, { recursive: true, filter: each => !each.endsWith('lock') })
  const file = join(copy, 'pending-0')
  return { options: { ...options, disk }, copy, file, journal: readFileSync(file) }
}

test('a signed entry that was altered, with checksums made anew, is found by opening, not signed once more', async () => {
  const { options, copy, file, journal } = await unpublished()
  const records = recordsOf(journal).map(({ kind, bytes }) => ({ kind, bytes: Uint8Array.from(bytes) }))
  const entries = records.findIndex(({ kind }) => kind === Record.entries)
  records[entries].bytes[Buffer.from(records[entries].bytes).indexOf('entry 3') + 6] ^= 1
  writeFileSync(file, journalWith(headOf(journal), records))
  expect(await verifyFolder(copy, [options.verifier])).toMatchObject({ ok: false, code: 'journal_mismatch' })
  await expect(Ledger.open(copy, options)).rejects.toEqual(code('journal_mismatch'))
  // As is one whose note says what was never signed.
  const forged = records.map(({ kind, bytes }) =>
    kind === Record.note
      ? { kind, bytes: Buffer.from(Buffer.from(bytes).toString().replace('\n100\n', '\n101\n')) }
      : { kind, bytes },
  )
  writeFileSync(file, journalWith(headOf(journal), forged))
  await expect(Ledger.open(copy, options)).rejects.toEqual(code('note_signature'))
})

test('a reader reads what is damaged once, where no writer moves on', async () => {
  const { copy, file, journal } = await unpublished()
  const records = recordsOf(journal)
  writeFileSync(file, journalWith(headOf(journal), [...records, { kind: UNKNOWN_KIND, bytes: Buffer.from('abc') }]))
  const began = process.cpuUsage()
  for (let i = 0; i < 3; i++) expect(() => new LedgerReader(copy)).toThrow(`kind ${UNKNOWN_KIND}`)
  writeFileSync(file, journal)
  const broken = process.cpuUsage(began)
  const again = process.cpuUsage()
  for (let i = 0; i < 3; i++) new LedgerReader(copy)
  const whole = process.cpuUsage(again)
  // It was a hundred times; here the ratio is about one.
  expect(broken.user + broken.system).toBeLessThan(30 * (whole.user + whole.system))
})

test('an append that is refused for its length leaves no record behind', async () => {
  const path = join(folder, 'log')
  const ledger = await Ledger.open(path, { ...(await newOptions()), publishAfter: LATER })
  const first = ledger.append(numbered(0, 5))
  await new Promise(resolve => setImmediate(resolve))
  await expect(ledger.append([Buffer.alloc(70_000)])).rejects.toEqual(code('entry_too_long'))
  await first
  await new Promise(resolve => setTimeout(resolve, 30))
  expect(recordsOf(readFileSync(join(path, 'pending-0'))).map(({ kind }) => kind)).toEqual([
    Record.entries,
    Record.note,
  ])
  await ledger.close()
})
