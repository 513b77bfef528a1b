import { ProofError } from '../error.ts'
import { isConsistent, sameHash } from '../merkle/index.ts'
import { type Checkpoint, readCheckpoint, readNote, type Verifier, verifyNote } from '../note/index.ts'

/** What two checkpoints of one log, each seen by somebody else, say together. */
export type Comparison =
  | { readonly ok: true; readonly relation: 'same' | 'consistent'; readonly sizes: readonly [number, number] }
  | {
      readonly ok: false
      readonly code:
        | 'split_view'
        | 'inconsistent'
        | 'proof_missing'
        | 'other_log'
        | 'checkpoint_unknown_key'
        | 'note_signature'
      readonly what: string
    }

/**
 * Compares two signed checkpoints. Two roots of one size are a split view: both notes together prove it to anybody. Of different sizes, `prove`
 * is asked for the consistency proof between them; without one nothing is shown.
 * Errors: `note_malformed`, `checkpoint_malformed`.
 */
export async function compareCheckpoints(
  a: string,
  b: string,
  keys: readonly Verifier[],
  prove?: (before: number, size: number) => readonly Uint8Array[] | Promise<readonly Uint8Array[]>,
): Promise<Comparison> {
  const both: Checkpoint[] = []
  for (const text of [a, b]) {
    const note = readNote(text)
    try {
      if ((await verifyNote(note, keys)).length === 0)
        return fault('checkpoint_unknown_key', 'no key that is believed has signed one of them')
    } catch (error) {
      if (!(error instanceof ProofError)) throw error
      return fault('note_signature', error.message)
    }
    both.push(readCheckpoint(note.text))
  }
  const [one, two] = both
  if (one.origin !== two.origin) return fault('other_log', `one is of ${one.origin}, the other of ${two.origin}`)
  const sizes = [one.size, two.size] as const
  const [old, next] = one.size <= two.size ? [one, two] : [two, one]
  if (old.size === next.size)
    return sameHash(old.root, next.root)
      ? { ok: true, relation: 'same', sizes }
      : fault('split_view', `the log has signed two histories of ${old.size} entries`)
  if (prove === undefined && old.size > 0)
    return fault('proof_missing', `no proof leads from ${old.size} entries to ${next.size}`)
  const proof = prove === undefined ? [] : await prove(old.size, next.size)
  return isConsistent(old.size, next.size, old.root, next.root, proof)
    ? { ok: true, relation: 'consistent', sizes }
    : fault('inconsistent', `the log of ${next.size} entries does not begin with that of ${old.size}`)
}

function fault(code: Extract<Comparison, { ok: false }>['code'], what: string): Comparison {
  return { ok: false, code, what }
}
