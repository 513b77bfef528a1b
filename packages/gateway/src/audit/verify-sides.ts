import { hash } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { LedgerReader } from '@ringwall/proof/files'
import { RingwallError } from '../base/error.ts'
import { isSideFileName, readBytes } from './act-files.ts'
import { kindOf, readEntry, textAt } from './entry.ts'

/** A side file that is not as the ledger says. */
export interface SideFlaw {
  readonly code: 'acts_changed' | 'acts_missing'
  readonly name: string
  /** The entry that commits to it. */
  readonly index: number
}

/** What became of the side files of a ledger. */
export interface Sides {
  /** The first that is bad, by its entry. */
  readonly flaw: SideFlaw | null
  /** How many are as their entries say. */
  readonly batches: number
  /** Those that no entry names. */
  readonly unnamed: readonly string[]
}

/** Texts one of which stands in each entry that is about side files: no other is decoded. */
const ABOUT = ['allowed', 'trimmed'].map(text => Buffer.from(text))

/** Holds the side files of a folder against the entries, verified already, that commit to them or say that they were removed. */
export function verifySides(folder: string, reader: LedgerReader): Sides {
  const unnamed = new Set(sideFilesIn(folder))
  let trimmed = ''
  let missing: SideFlaw[] = []
  let changed: SideFlaw | null = null
  let batches = 0
  for (const [index, bytes] of reader.entries(reader.from)) {
    const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    if (!ABOUT.some(text => view.includes(text))) continue
    const entry = readEntry(bytes) ?? {}
    if (kindOf(entry) === 'trimmed') {
      const until = textAt(entry, 'unmapped', 'until')
      if (until > trimmed) trimmed = until
      missing = missing.filter(({ name }) => name > trimmed)
    }
    const name = kindOf(entry) === 'allowed' ? textAt(entry, 'unmapped', 'file') : ''
    if (!isSideFileName(name)) continue
    unnamed.delete(name)
    const digest = digestOf(join(folder, 'acts', name))
    if (digest === textAt(entry, 'unmapped', 'digest')) batches++
    else if (digest !== null) changed ??= { code: 'acts_changed', name, index }
    else if (name > trimmed) missing.push({ code: 'acts_missing', name, index })
  }
  const [gone] = missing
  const isGoneFirst = gone !== undefined && (changed === null || gone.index < changed.index)
  return { flaw: isGoneFirst ? gone : changed, batches, unnamed: [...unnamed] }
}

/** SHA-256 of a side file, null where there is none; '' where it is longer than any. */
function digestOf(path: string): string | null {
  try {
    const bytes = readBytes(path)
    return bytes === null ? null : hash('sha256', bytes)
  } catch (error) {
    if (error instanceof RingwallError && error.code === 'acts_malformed') return ''
    throw error
  }
}

function sideFilesIn(folder: string): string[] {
  try {
    return readdirSync(join(folder, 'acts')).filter(isSideFileName).sort()
  } catch {
    return []
  }
}
