import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { decodeCbor } from '@ringwall/proof'
import { RingwallError, systemCode } from '../base/error.ts'
import { BLIND_BYTES, MAGIC, RECORD_BYTES } from './act-batch.ts'
import type { Party } from './act-record.ts'

const NAME = /^\d{15}-\d{9}\.acts$/
/** Behind the name of a file that is not whole yet. */
export const DRAFT = '.new'
/** The largest batch, with its names as long as they may be: what is longer is none. */
const LARGEST = 64 * 1024 ** 2

/**
 * The name of a batch's side file: how many entries the ledger had when the run began, and the batch's number in it. So names go up, whatever
 * the clock does, and none comes twice: a run that left an entry has made the ledger longer.
 */
export function sideFileName(size: number, number: number): string {
  return `${String(size).padStart(15, '0')}-${String(number).padStart(9, '0')}.acts`
}

/** Whether it is the name of a side file, and not a way out of their folder. */
export function isSideFileName(name: string): boolean {
  return NAME.test(name)
}

/** A side file as it was read. */
export interface SideFile {
  readonly parties: readonly Party[]
  readonly records: Buffer
}

/** The bytes of a side file; null where there is none. Errors: `acts_malformed` where it is longer than any batch, `acts_unreadable`. */
export function readBytes(path: string): Buffer | null {
  try {
    const stat = statSync(path, { throwIfNoEntry: false })
    if (stat === undefined) return null
    if (stat.size > LARGEST) throw malformed(path, 'it is longer than any batch')
    return readFileSync(path)
  } catch (error) {
    if (error instanceof RingwallError) throw error
    const what = `the acts of a batch cannot be read (${systemCode(error)})`
    throw new RingwallError('acts_unreadable', what, 'Let whoever runs this read it.', { file: path }, error)
  }
}

/** Reads a side file. Errors: `acts_missing` where it is not there any more, `acts_malformed`. */
export function readSideFile(folder: string, name: string): SideFile {
  const path = join(folder, name)
  const bytes = readBytes(path)
  if (bytes === null) {
    const hint = 'They are kept for ledger.acts.keep; the entry proves how many there were.'
    throw new RingwallError('acts_missing', 'the acts of this batch are not there', hint, { file: path })
  }
  const table = MAGIC.length + BLIND_BYTES + 4
  if (bytes.length < table || !bytes.subarray(0, MAGIC.length).equals(MAGIC)) {
    throw malformed(path, 'it does not begin as one')
  }
  const end = table + bytes.readUInt32BE(table - 4)
  if (end > bytes.length || (bytes.length - end) % RECORD_BYTES !== 0) throw malformed(path, 'its length does not fit')
  const records = bytes.subarray(end)
  const parties = readParties(path, bytes.subarray(table, end))
  for (let at = 0; at < records.length; at += RECORD_BYTES) {
    if (records.readUInt32BE(at) >= parties.length) throw malformed(path, 'an act names nobody')
  }
  return { parties, records }
}

/** Reads a party from the bytes that a leaf commits to. Null where they are none. */
export function readParty(bytes: Uint8Array): Party | null {
  let value: unknown
  try {
    value = decodeCbor(bytes)
  } catch {
    return null
  }
  if (!Array.isArray(value) || value.length !== 5) return null
  const [device, address, connection, direction, topic] = value as readonly unknown[]
  if (typeof device !== 'string' || typeof address !== 'string' || typeof connection !== 'number') return null
  if ((direction !== 'up' && direction !== 'down') || typeof topic !== 'string') return null
  return { device, address, connection, direction, topic }
}

/** A side file that is to go. */
export interface Excess {
  readonly name: string
  readonly bytes: number
}

/** The oldest side files, as many as are over the bounds of their folder. @param wall milliseconds since the Unix epoch */
export function excessOf(
  { folder, keep, size }: { folder: string; keep: number; size: number },
  wall: number,
): Excess[] {
  const files = namesIn(folder)
    .filter(isSideFileName)
    .sort()
    .map(name => ({ name, stat: statSync(join(folder, name), { throwIfNoEntry: false }) }))
  let total = files.reduce((sum, { stat }) => sum + (stat?.size ?? 0), 0)
  const excess: Excess[] = []
  for (const { name, stat } of files) {
    if (stat === undefined) continue
    if (total <= size && wall - stat.mtimeMs <= keep) break
    excess.push({ name, bytes: stat.size })
    total -= stat.size
  }
  return excess
}

/** Removes what a writer that was killed, or found no room, has left half written. */
export function removeDrafts(folder: string): void {
  for (const name of namesIn(folder)) if (name.endsWith(DRAFT)) rmSync(join(folder, name), { force: true })
}

function readParties(path: string, table: Uint8Array): Party[] {
  let list: unknown
  try {
    list = decodeCbor(table)
  } catch {
    throw malformed(path, 'its names cannot be read')
  }
  if (!Array.isArray(list)) throw malformed(path, 'its names are no list')
  return list.map(each => {
    const party = each instanceof Uint8Array ? readParty(each) : null
    if (party === null) throw malformed(path, 'one of its names cannot be read')
    return party
  })
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

function malformed(file: string, why: string): RingwallError {
  const hint = 'It was changed or cut: take it from a backup. The ledger itself is not touched by it.'
  return new RingwallError('acts_malformed', `this is no side file of acts: ${why}`, hint, { file })
}
