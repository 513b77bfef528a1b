import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { decodeCbor } from '@ringwall/proof'
import { RingwallError, systemCode } from '../base/error.ts'
import { MAGIC, RECORD_BYTES } from './act-batch.ts'
import type { Party } from './act-record.ts'

const NAME = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z-(\d+)\.acts$/
/** The largest batch, with its names as long as they may be: what is longer is none. */
const LARGEST = 64 * 1024 ** 2

/** The name of a batch's side file: when it began, in UTC, and its number in the run. */
export function sideFileName(began: number, number: number): string {
  return `${new Date(began).toISOString().replaceAll(/[-:.]/g, '')}-${number}.acts`
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

/** Reads a side file. Errors: `acts_missing` where it is not there any more, `acts_malformed`. */
export function readSideFile(folder: string, name: string): SideFile {
  const path = join(folder, name)
  let bytes: Buffer
  try {
    if (statSync(path).size > LARGEST) throw malformed(path, 'it is longer than any batch')
    bytes = readFileSync(path)
  } catch (error) {
    if (error instanceof RingwallError) throw error
    const what = `the acts of this batch cannot be read (${systemCode(error)})`
    const hint = 'They are kept for ledger.acts.keep; the entry proves how many there were.'
    throw new RingwallError('acts_missing', what, hint, { file: path }, error)
  }
  if (bytes.length < MAGIC.length + 4 || !bytes.subarray(0, MAGIC.length).equals(MAGIC)) {
    throw malformed(path, 'it does not begin as one')
  }
  const table = MAGIC.length + 4
  const end = table + bytes.readUInt32BE(MAGIC.length)
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

/** Removes the oldest side files until the folder is within its bounds. */
export function trimSideFiles(
  { folder, keep, size }: { folder: string; keep: number; size: number },
  wall: number,
): void {
  const files = names(folder)
    .filter(isSideFileName)
    .sort()
    .map(name => ({ path: join(folder, name), stat: statSync(join(folder, name), { throwIfNoEntry: false }) }))
  let total = files.reduce((sum, { stat }) => sum + (stat?.size ?? 0), 0)
  for (const { path, stat } of files) {
    if (stat === undefined || (total <= size && wall - stat.mtimeMs <= keep)) continue
    rmSync(path, { force: true })
    total -= stat.size
  }
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

function names(folder: string): string[] {
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
