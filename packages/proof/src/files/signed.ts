import { ProofError } from '../error.ts'
import {
  type Checkpoint,
  readCheckpoint,
  readNote,
  type Signer,
  signNote,
  type Verifier,
  verifyNote,
  writeCheckpoint,
  writeNote,
} from '../note/index.ts'

export type { Checkpoint }

/** A checkpoint, signed by its log. */
export async function noteText(checkpoint: Checkpoint, signer: Signer): Promise<string> {
  const text = writeCheckpoint(checkpoint)
  return writeNote({ text, signatures: [await signNote(text, signer)] })
}

/**
 * Reads a checkpoint that one of these keys signed. Errors: `note_malformed`, `note_signature`, `checkpoint_malformed`, `checkpoint_unknown_key`,
 * `ledger_origin` where it is of another log than `origin`.
 */
export async function openCheckpoint(
  note: string,
  origin: string | null,
  verifiers: readonly Verifier[],
): Promise<Checkpoint> {
  const read = readNote(note)
  const checkpoint = readCheckpoint(read.text)
  if ((await verifyNote(read, verifiers)).length === 0)
    throw new ProofError('checkpoint_unknown_key', 'no key that is believed has signed the checkpoint')
  if (origin !== null && checkpoint.origin !== origin)
    throw new ProofError('ledger_origin', `the ledger is of ${checkpoint.origin}, not of ${origin}`)
  return checkpoint
}
