import { ProofError } from '../error.ts'
import { isConsistent } from '../merkle/index.ts'
import { readCheckpoint, readNote, type Verifier, verifyNote } from '../note/index.ts'
import type { LedgerReader } from './reader.ts'

/** Why a ledger does not go on from a checkpoint that was kept. */
export interface KeptFlaw {
  readonly code: 'kept_malformed' | 'kept_signature' | 'kept_origin' | 'history_shorter' | 'history_other'
  readonly what: string
  /** The first entry that is not there. */
  readonly entry: number | null
}

/**
 * Holds a ledger, verified already, against a checkpoint that was kept elsewhere: who holds the signing key can write another history, and sign it,
 * but not one that this checkpoint is of as well. @returns null where the ledger goes on from it
 */
export async function keptFlaw(
  reader: LedgerReader,
  kept: string,
  keys: readonly Verifier[],
): Promise<KeptFlaw | null> {
  const read = signed(kept)
  if (read === null) return { code: 'kept_malformed', what: 'what was kept is no checkpoint', entry: null }
  const { note, checkpoint } = read
  if (!(await isSigned(note, keys))) {
    return { code: 'kept_signature', what: 'no key that is believed has signed what was kept', entry: null }
  }
  const now = reader.checkpoint
  const { origin, size, root } = checkpoint
  if (origin !== now.origin) return { code: 'kept_origin', what: `what was kept is of ${origin}`, entry: null }
  if (size > now.size) {
    const what = `the ledger had ${size} entries and has ${now.size}: it was cut, or put back`
    return { code: 'history_shorter', what, entry: now.size }
  }
  if (isConsistent(size, now.size, root, now.root, reader.consistency(size))) return null
  const what = `the first ${size} entries are not those of the checkpoint that was kept: the ledger was written anew`
  return { code: 'history_other', what, entry: null }
}

function signed(text: string) {
  try {
    const note = readNote(text)
    return { note, checkpoint: readCheckpoint(note.text) }
  } catch (error) {
    if (error instanceof ProofError) return null
    throw error
  }
}

async function isSigned(note: ReturnType<typeof readNote>, keys: readonly Verifier[]): Promise<boolean> {
  try {
    return (await verifyNote(note, keys)).length > 0
  } catch (error) {
    if (error instanceof ProofError) return false
    throw error
  }
}
