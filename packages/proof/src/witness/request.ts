import { fromBase64, toBase64 } from '../base64.ts'
import { ProofError } from '../error.ts'
import { DIGEST_BYTES } from '../hash/sha256.ts'

/** A log that asks a witness to cosign (C2SP tlog-witness, add-checkpoint). */
export interface WitnessRequest {
  /** The size that the witness cosigned last, as far as the log knows. */
  readonly old: number
  /** The consistency proof from there on. */
  readonly proof: readonly Uint8Array[]
  /** The signed checkpoint. */
  readonly note: string
}

/** More bytes are no request: a note with its signatures, and at most 63 hashes. */
export const LONGEST_REQUEST = 256 * 1024
const MOST_HASHES = 63

export function writeRequest({ old, proof, note }: WitnessRequest): string {
  return `old ${old}\n${proof.map(hash => `${toBase64(hash)}\n`).join('')}\n${note}`
}

/** Reads the body of a request. Error: `request_malformed`. */
export function readRequest(body: string): WitnessRequest {
  const end = body.indexOf('\n\n')
  if (end < 0 || body.length > LONGEST_REQUEST) throw malformed('it is an old size, hashes, an empty line and a note')
  const [first = '', ...lines] = body.slice(0, end).split('\n')
  const old = Number(/^old (0|[1-9]\d*)$/.exec(first)?.[1] ?? Number.NaN)
  if (!Number.isSafeInteger(old)) throw malformed('it does not begin with the old size')
  if (lines.length > MOST_HASHES) throw malformed(`it has more than ${MOST_HASHES} hashes`)
  const proof = lines.map(line => {
    const hash = fromBase64(line)
    if (hash?.length !== DIGEST_BYTES) throw malformed(`it holds what is no hash of ${DIGEST_BYTES} bytes`)
    return hash
  })
  return { old, proof, note: body.slice(end + 2) }
}

function malformed(what: string): ProofError {
  return new ProofError('request_malformed', `the request cannot be read: ${what}`)
}
