import { fromBase64, toBase64 } from '../base64.ts'
import { ProofError } from '../error.ts'
import { DIGEST_BYTES } from '../hash/sha256.ts'
import { leafHash, rootFromInclusion, sameHash } from '../merkle/index.ts'
import { type Checkpoint, Kind, type Note, readCheckpoint, readNote, type Verifier, verifyNote } from '../note/index.ts'

/** Its form. Another form will have another number. */
export const BUNDLE_VERSION = 1
/** No tree has a longer path: sizes stay below 2^53. */
const LONGEST_PATH = 53

/** All that proves one entry, as JSON. Bytes are base64. */
export interface ProofBundle {
  readonly version: typeof BUNDLE_VERSION
  readonly index: number
  readonly entry: string
  /** The inclusion proof, from the leaf up. */
  readonly path: readonly string[]
  /** The signed checkpoint with its cosignatures. */
  readonly checkpoint: string
}

export type BundleFault =
  | 'bundle_malformed'
  | 'bundle_version'
  | 'checkpoint_malformed'
  | 'checkpoint_origin'
  | 'checkpoint_signature'
  | 'checkpoint_unknown_key'
  | 'cosignature_signature'
  | 'cosignature_missing'
  | 'index_range'
  | 'inclusion_mismatch'

/** What a bundle proves, or the reason why it does not. */
export type BundleJudgment =
  | {
      readonly ok: true
      readonly entry: Uint8Array
      readonly index: number
      readonly checkpoint: Checkpoint
      readonly witnesses: readonly string[]
    }
  | { readonly ok: false; readonly code: BundleFault; readonly what: string }

/** Who is believed. */
export interface Trust {
  readonly log: readonly Verifier[]
  readonly witnesses?: readonly Verifier[]
  /** How many of the witnesses must have cosigned, each counted once however many keys it has. Default: all that are named. */
  readonly quorum?: number
  /** The only log that will do. Default: any that the keys are of. */
  readonly origin?: string
}

export function makeBundle(index: number, entry: Uint8Array, path: readonly Uint8Array[], note: string): ProofBundle {
  return { version: BUNDLE_VERSION, index, entry: toBase64(entry), path: path.map(toBase64), checkpoint: note }
}

/** Verifies a bundle, parsed from its JSON. Never throws for what it holds, and needs nothing but the keys. */
export async function verifyBundle(bundle: unknown, trust: Trust): Promise<BundleJudgment> {
  try {
    const { index, entry, path, note, checkpoint } = read(bundle)
    if (trust.origin !== undefined && checkpoint.origin !== trust.origin)
      throw new Fault('checkpoint_origin', `the checkpoint is of ${checkpoint.origin}, not of ${trust.origin}`)
    const logs = trust.log.filter(({ kind }) => kind === Kind.ed25519)
    if ((await held(note, logs, 'checkpoint_signature')).length === 0)
      throw new Fault('checkpoint_unknown_key', 'no key of a log that is believed has signed the checkpoint')
    const cosigners = (trust.witnesses ?? []).filter(({ kind }) => kind !== Kind.ed25519)
    const witnesses = await held(note, cosigners, 'cosignature_signature')
    const quorum = trust.quorum ?? namesOf(cosigners).size
    const missing = [...namesOf(cosigners)].filter(name => !witnesses.includes(name))
    if (new Set(witnesses).size < quorum)
      throw new Fault(
        'cosignature_missing',
        `${new Set(witnesses).size} of the witnesses have cosigned, not ${quorum}: there is nothing of ${missing.join(', ')}`,
      )
    if (index >= checkpoint.size)
      throw new Fault('index_range', `there is no entry ${index} among the ${checkpoint.size} of the checkpoint`)
    const root = rootFromInclusion(index, checkpoint.size, leafHash(entry), path)
    if (root === null || !sameHash(root, checkpoint.root))
      throw new Fault('inclusion_mismatch', `entry and path do not lead to the root of the checkpoint`)
    return { ok: true, entry, index, checkpoint, witnesses }
  } catch (error) {
    if (error instanceof Fault) return { ok: false, code: error.fault, what: error.message }
    throw error
  }
}

class Fault extends ProofError {
  readonly fault: BundleFault

  constructor(fault: BundleFault, what: string) {
    super(fault, what)
    this.fault = fault
  }
}

function read(bundle: unknown) {
  if (typeof bundle !== 'object' || bundle === null) throw malformed('it is no JSON object')
  const {
    version,
    index,
    entry: text,
    path: texts,
    checkpoint: written,
  } = bundle as Partial<Record<keyof ProofBundle, unknown>>
  if (version !== BUNDLE_VERSION) throw new Fault('bundle_version', `the bundle is not of version ${BUNDLE_VERSION}`)
  if (typeof index !== 'number' || !Number.isSafeInteger(index) || index < 0) throw malformed('its index is no number')
  const entry = typeof text === 'string' ? fromBase64(text) : null
  if (entry === null) throw malformed('its entry is not base64')
  if (!Array.isArray(texts) || texts.length > LONGEST_PATH) throw malformed('its path is no list of hashes')
  const path = texts.map(each => {
    const hash = typeof each === 'string' ? fromBase64(each) : null
    if (hash?.length !== DIGEST_BYTES) throw malformed(`its path holds what is no hash of ${DIGEST_BYTES} bytes`)
    return hash
  })
  if (typeof written !== 'string') throw malformed('its checkpoint is no text')
  try {
    const note = readNote(written)
    return { index, entry, path, note, checkpoint: readCheckpoint(note.text) }
  } catch (error) {
    if (error instanceof ProofError) throw new Fault('checkpoint_malformed', error.message)
    throw error
  }
}

/** A witness may have several keys. */
export function namesOf(verifiers: readonly Verifier[]): Set<string> {
  return new Set(verifiers.map(({ name }) => name))
}

/** The names whose signatures hold. */
async function held(note: Note, verifiers: readonly Verifier[], fault: BundleFault): Promise<string[]> {
  try {
    return (await verifyNote(note, verifiers)).map(({ verifier }) => verifier.name)
  } catch (error) {
    if (error instanceof ProofError) throw new Fault(fault, error.message)
    throw error
  }
}

const malformed = (what: string) => new Fault('bundle_malformed', `the bundle cannot be read: ${what}`)
