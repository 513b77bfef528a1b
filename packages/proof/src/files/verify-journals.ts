import { ProofError } from '../error.ts'
import { sameHash } from '../merkle/index.ts'
import type { Verifier } from '../note/index.ts'
import { Edge } from './edge.ts'
import { signedBeyond } from './recover.ts'
import { openCheckpoint } from './signed.ts'
import { Damage, walk } from './walk.ts'

/** What does not hold in a journal: the file, and the first entry that may not be as it was. */
export interface JournalFault {
  readonly code: string
  readonly file: string
  readonly entry: number
  readonly what: string
}

/**
 * Verifies what is not published yet: each record's checksum, and each note's size, root and signature. Gives the size that is acknowledged, or the
 * first fault. The published tree must have been verified.
 */
export async function verifyJournals(
  folder: string,
  origin: string,
  published: number,
  keys: readonly Verifier[],
): Promise<number | JournalFault> {
  const edge = Edge.read(folder, published)
  let signed = published
  let file = ''
  try {
    const steps = walk(folder, edge, true)
    for (let next = steps.next(); ; next = steps.next()) {
      file = next.value.file
      if (next.done) {
        const { at, why, rest } = next.value
        const beyond = await signedBeyond(rest, edge.size, origin, keys)
        // A kill leaves a record that is short. One that is long enough and wrong is worth a look, though a power cut may leave it too.
        if (beyond !== null || why === 'sum')
          throw new ProofError('journal_damaged', `the record at byte ${at} is not the one that was written`)
        return edge.size
      }
      if ('bundle' in next.value) {
        edge.take(edge.grow(next.value.bundle))
        continue
      }
      if ('torn' in next.value) {
        if ((await signedBeyond(next.value.torn, edge.size, origin, keys)) !== null)
          throw new ProofError('journal_damaged', `entries behind ${edge.size} were signed, and cannot be read`)
        continue
      }
      const { size, root } = await openCheckpoint(next.value.note, origin, keys)
      if (size !== edge.size || !sameHash(root, edge.root))
        throw new ProofError('journal_mismatch', `the entries up to ${edge.size} are not the ${size} that are signed`)
      signed = size
    }
  } catch (error) {
    if (!(error instanceof ProofError)) throw error
    const isMismatch = error.code === 'journal_mismatch'
    return {
      code: error.code,
      file: error instanceof Damage ? error.file : file,
      entry: isMismatch ? signed : edge.size,
      what: error.message,
    }
  }
}
