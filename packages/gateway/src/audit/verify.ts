import { Kind, namesOf, ProofError, readNote, type Verifier, verifyNote } from '@ringwall/proof'
import { type Judgment, keptFlaw, LedgerReader, verifyFolder } from '@ringwall/proof/files'
import { type SideFlaw, type Sides, verifySides } from './verify-sides.ts'

type Bad = Extract<Judgment, { ok: false }>

/** What a verification of a whole folder found. */
export type FolderJudgment =
  | {
      readonly ok: true
      readonly origin: string
      readonly size: number
      /** The first entry that is kept: those before it were pruned. */
      readonly from: number
      /** Side files that are there as their entries say. */
      readonly batches: number
      /** Side files that no entry names: a crash between file and entry leaves one. They prove nothing. */
      readonly unnamed: readonly string[]
    }
  | Bad

/**
 * Verifies a ledger's folder: all that its checkpoint signs, then that each batch of allowed acts lies beside it as its entry says, or was removed
 * as another entry says. @param kept a checkpoint that was kept elsewhere, with which the ledger must go on. Names the first bad
 * place. @param quorum how many of the witnesses among the keys must have cosigned
 */
export async function verifyLedger(
  folder: string,
  keys: readonly Verifier[],
  kept: string | null,
  quorum = namesOf(witnessesOf(keys)).size,
): Promise<FolderJudgment> {
  const log = keys.filter(({ kind }) => kind === Kind.ed25519)
  const found = await verifyFolder(folder, log)
  if (!found.ok) return found
  const reader = new LedgerReader(folder)
  const witnesses = witnessesOf(keys)
  // What was signed since is cosigned later.
  const { note } = new LedgerReader(folder, { cosigned: true })
  const cosigned = await cosigners(note, witnesses)
  if (cosigned === null)
    return bad('cosignature_signature', 'cosigned', null, 'a cosignature is not that of its witness')
  if (cosigned.size < quorum) {
    const missing = [...namesOf(witnesses)].filter(name => !cosigned.has(name))
    const what = `${cosigned.size} of the witnesses have cosigned, not ${quorum}: there is nothing of ${missing.join(', ')}`
    return bad('cosignature_missing', 'cosigned', null, what)
  }
  const other = witnesses.length === 0 ? null : await keptFlaw(reader, note, log)
  if (other !== null) return bad(other.code, 'cosigned', other.entry, other.what)
  const flaw = kept === null ? null : await keptFlaw(reader, kept, log)
  if (flaw !== null) return bad(flaw.code, 'checkpoint', flaw.entry, flaw.what)
  const { flaw: side, batches, unnamed } = settledSides(folder, reader)
  if (side !== null) return bad(side.code, `acts/${side.name}`, side.index, SAID[side.code])
  return { ok: true, origin: found.origin, size: found.size, from: found.from, batches, unnamed }
}

/** So often what was found is looked at again where the gateway went on meanwhile: it may have told of what it removed since. */
const MOST_TRIES = 5

function settledSides(folder: string, first: LedgerReader): Sides {
  for (let [reader, tries] = [first, 1]; ; reader = new LedgerReader(folder), tries++) {
    try {
      const found = verifySides(folder, reader)
      const hasGoneOn = new LedgerReader(folder).checkpoint.size !== reader.checkpoint.size
      if (found.flaw === null || !hasGoneOn || tries === MOST_TRIES) return found
    } catch (error) {
      // Pruned while it was read.
      const isPruned = error instanceof ProofError && ['entry_pruned', 'tile_missing'].includes(error.code)
      if (!isPruned || tries === MOST_TRIES) throw error
    }
  }
}

const SAID: Readonly<Record<SideFlaw['code'], string>> = {
  acts_changed: 'the side file is not the one that the entry commits to',
  acts_missing: 'the side file is not there, and no entry says that it was removed',
}

function witnessesOf(keys: readonly Verifier[]): Verifier[] {
  return keys.filter(({ kind }) => kind !== Kind.ed25519)
}

/** The names of those who have cosigned; null where a cosignature does not hold. */
async function cosigners(note: string, witnesses: readonly Verifier[]): Promise<Set<string> | null> {
  try {
    return namesOf((await verifyNote(readNote(note), witnesses)).map(({ verifier }) => verifier))
  } catch (error) {
    if (error instanceof ProofError) return null
    throw error
  }
}

function bad(code: string, file: string, entry: number | null, what: string): Bad {
  return { ok: false, code, file, entry, what }
}
