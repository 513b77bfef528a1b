import { fromBase64, toBase64 } from '../base64.ts'
import { ProofError } from '../error.ts'
import { DIGEST_BYTES } from '../hash/sha256.ts'

/** What a log says of itself (C2SP tlog-checkpoint). */
export interface Checkpoint {
  /** Names the log. */
  readonly origin: string
  readonly size: number
  readonly root: Uint8Array
  /** Further lines, each without its line feed. */
  readonly extensions: readonly string[]
}

/** The text of a checkpoint, to be signed as a note. */
export function writeCheckpoint({ origin, size, root, extensions }: Checkpoint): string {
  return [origin, String(size), toBase64(root), ...extensions].map(line => `${line}\n`).join('')
}

/** Reads the text of a checkpoint. Errors: `checkpoint_malformed`. */
export function readCheckpoint(text: string): Checkpoint {
  const [origin = '', written = '', hash = '', ...extensions] = text.split('\n')
  const root = fromBase64(hash)
  const size = Number(written)
  if (extensions.pop() !== '' || origin === '')
    throw malformed('a checkpoint is an origin, a size and a hash, each a line')
  if (!/^(0|[1-9]\d*)$/.test(written) || !Number.isSafeInteger(size)) throw malformed('the size is no number')
  if (root === null || root.length !== DIGEST_BYTES) throw malformed('the root is no hash of 32 bytes in base64')
  if (extensions.includes('')) throw malformed('an extension is an empty line')
  return { origin, size, root, extensions }
}

function malformed(what: string): ProofError {
  return new ProofError('checkpoint_malformed', what)
}
