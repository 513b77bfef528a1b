import { Kind, ProofError, readNote, type Verifier, verifyNote } from '@ringwall/proof'
import { type Judgment, LedgerReader, verifyFolder } from '@ringwall/proof/files'
import { keptFlaw } from './kept.ts'
import { type SideFlaw, verifySides } from './verify-sides.ts'

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
  const witnesses = keys.filter(({ kind }) => kind !== Kind.ed25519)
  // They stand on the checkpoint file: what was signed since is cosigned later.
  const cosigned = await cosigners(new LedgerReader(folder, { published: true }).note, witnesses)
  // Whoever names a witness wants its word.
  if (cosigned === null)
    return bad('cosignature_signature', 'checkpoint', null, 'a cosignature is not that of its witness')
  if (cosigned < witnesses.length)
    return bad('cosignature_missing', 'checkpoint', null, 'not all of the witnesses have cosigned')
  const flaw = kept === null ? null : await keptFlaw(reader, kept, log)
  if (flaw !== null) return bad(flaw.code, 'checkpoint', flaw.entry, flaw.what)
  const { flaw: side, batches, unnamed } = verifySides(folder, reader)
  if (side !== null) return bad(side.code, `acts/${side.name}`, side.index, SAID[side.code])
  return { ok: true, origin: found.origin, size: found.size, from: found.from, batches, unnamed }
}

const SAID: Readonly<Record<SideFlaw['code'], string>> = {
  acts_changed: 'the side file is not the one that the entry commits to',
  acts_missing: 'the side file is not there, and no entry says that it was removed',
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

function bad(code: string, file: string, entry: number | null, what: string): Bad {
  return { ok: false, code, file, entry, what }
}
