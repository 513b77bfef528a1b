import { hash } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { Kind, ProofError, readNote, type Verifier, verifyNote } from '@ringwall/proof'
import { type Judgment, LedgerReader, verifyFolder } from '@ringwall/proof/files'
import { isSideFileName, readBytes } from './act-files.ts'
import { kindOf, readEntry, textAt } from './entry.ts'
import { keptFlaw } from './kept.ts'

type Bad = Extract<Judgment, { ok: false }>

/** What a verification of a whole folder found. */
export type FolderJudgment =
  | {
      readonly ok: true
      readonly origin: string
      readonly size: number
      /** Side files that are there as their entries say. */
      readonly batches: number
      /** Side files that no entry names: a crash between file and entry leaves one. They prove nothing. */
      readonly unnamed: readonly string[]
    }
  | Bad

/** Texts one of which stands in each entry that is about side files: no other is decoded. */
const ABOUT = ['allowed', 'trimmed'].map(text => Buffer.from(text))

/**
 * Verifies a ledger's folder: all that its checkpoint signs, then that each batch of allowed acts lies beside it as its entry says, or was removed
 * as another entry says. @param kept a checkpoint that was kept elsewhere, with which the ledger must go on. Names the first bad place.
 */
export async function verifyLedger(
  folder: string,
  keys: readonly Verifier[],
  kept: string | null,
): Promise<FolderJudgment> {
  const log = keys.filter(({ kind }) => kind === Kind.ed25519)
  const found = await verifyFolder(folder, log)
  if (!found.ok) return found
  const reader = new LedgerReader(folder)
  const witnesses = keys.filter(({ kind }) => kind === Kind.cosignature)
  const cosigned = await cosigners(reader.note, witnesses)
  // Whoever names a witness wants its word.
  if (cosigned === null)
    return bad('cosignature_signature', 'checkpoint', null, 'a cosignature is not that of its witness')
  if (cosigned < witnesses.length)
    return bad('cosignature_missing', 'checkpoint', null, 'not all of the witnesses have cosigned')
  const flaw = kept === null ? null : await keptFlaw(reader, kept, log)
  if (flaw !== null) return bad(flaw.code, 'checkpoint', flaw.entry, flaw.what)
  return verifySides(folder, reader, found)
}

function verifySides(
  folder: string,
  reader: LedgerReader,
  { origin, size }: { origin: string; size: number },
): FolderJudgment {
  const named = new Set<string>()
  let trimmed = ''
  let missing: { readonly name: string; readonly index: number }[] = []
  let changed: Bad | null = null
  let batches = 0
  for (const [index, bytes] of reader.entries()) {
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
    named.add(name)
    const side = readBytes(join(folder, 'acts', name))
    if (side === null) missing.push({ name, index })
    else if (hash('sha256', side) === textAt(entry, 'unmapped', 'digest')) batches++
    else
      changed ??= bad('acts_changed', `acts/${name}`, index, 'the side file is not the one that the entry commits to')
  }
  const gone = missing.find(({ name }) => name > trimmed)
  if (gone !== undefined && (changed === null || gone.index < (changed.entry ?? 0))) {
    return bad(
      'acts_missing',
      `acts/${gone.name}`,
      gone.index,
      'the side file is not there, and no entry says that it was removed',
    )
  }
  if (changed !== null) return changed
  return { ok: true, origin, size, batches, unnamed: sideFilesIn(folder).filter(name => !named.has(name)) }
}

/** How many of these have cosigned; null where a cosignature does not hold. */
async function cosigners(note: string, witnesses: readonly Verifier[]): Promise<number | null> {
  try {
    return (await verifyNote(readNote(note), witnesses)).length
  } catch (error) {
    if (error instanceof ProofError) return null
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

function bad(code: string, file: string, entry: number | null, what: string): Bad {
  return { ok: false, code, file, entry, what }
}
