import {
  type Checkpoint,
  leafHash,
  ProofError,
  readCheckpoint,
  readNote,
  rootFromInclusion,
  sameHash,
  type Verifier,
  verifyNote,
} from '@ringwall/proof'
import { RingwallError } from '../base/error.ts'
import { type ActDisclosure, type ActFlaw, checkAct, checkPayload, type PayloadDisclosure } from './disclose.ts'
import { readEntry } from './entry.ts'
import type { Entry } from './ocsf.ts'
import type { View } from './view.ts'

/** The version that a proof carries. */
const VERSION = 1

/** All that somebody needs who has the ledger's verifier key and nothing else. Bytes of the ledger are base64. */
export interface Proof {
  readonly version: typeof VERSION
  readonly index: number
  readonly entry: string
  readonly path: readonly string[]
  /** The signed note, with what witnesses have signed. */
  readonly checkpoint: string
  readonly act?: ActDisclosure
  readonly payload?: PayloadDisclosure
}

/** Why a proof does not hold. */
export type Flaw =
  | 'proof_malformed'
  | 'checkpoint_signature'
  | 'checkpoint_unknown_key'
  | 'index_range'
  | 'inclusion_mismatch'
  | 'entry_malformed'
  | 'payload_none'
  | 'payload_mismatch'
  | ActFlaw

export type Verdict =
  | {
      readonly ok: true
      readonly index: number
      readonly checkpoint: Checkpoint
      readonly entry: Entry
      readonly act?: object
    }
  | { readonly ok: false; readonly code: Flaw; readonly why: string }

/** Proves one entry by the checkpoint that stands now. */
export function proofOf({ reader }: View, index: number): Proof {
  return {
    version: VERSION,
    index,
    entry: Buffer.from(reader.entry(index)).toString('base64'),
    path: reader.inclusion(index).map(each => Buffer.from(each).toString('base64')),
    checkpoint: reader.note,
  }
}

/** Reads a proof. Errors: `proof_malformed`. */
export function readProof(text: string, file: string): Proof {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    value = null
  }
  if (isProof(value)) return value
  const hint = 'Name what `ringwall audit prove` has written.'
  throw new RingwallError('proof_malformed', 'this is no proof of an entry', hint, { file })
}

/** Checks a proof with nothing but the keys that are believed. */
export async function verifyProof(proof: Proof, keys: readonly Verifier[]): Promise<Verdict> {
  const found = await checkpointOf(proof.checkpoint, keys)
  if ('code' in found) return found
  const { index } = proof
  if (index >= found.size)
    return flaw('index_range', `the checkpoint is of ${found.size} entries, none is number ${index}`)
  const bytes = Buffer.from(proof.entry, 'base64')
  const path = proof.path.map(each => Buffer.from(each, 'base64'))
  const root = path.every(({ length }) => length === 32)
    ? rootFromInclusion(index, found.size, leafHash(bytes), path)
    : null
  if (root === null || !sameHash(root, found.root)) {
    return flaw('inclusion_mismatch', 'the entry does not lead to the root that is signed')
  }
  const entry = readEntry(bytes)
  if (entry === null) return flaw('entry_malformed', 'the entry stands in the ledger and is no event')
  if (proof.payload !== undefined) {
    const said = checkPayload(entry, proof.payload)
    if (said !== 'ok') return flaw(said, 'the entry does not commit to the payload that is disclosed')
  }
  if (proof.act === undefined) return { ok: true, index, checkpoint: found, entry }
  const act = checkAct(entry, proof.act)
  if (!act.ok) return act
  return { ok: true, index, checkpoint: found, entry, act: { ...act.party, ...act.act } }
}

async function checkpointOf(text: string, keys: readonly Verifier[]): Promise<Checkpoint | (Verdict & { ok: false })> {
  try {
    const note = readNote(text)
    const checkpoint = readCheckpoint(note.text)
    const signed = await verifyNote(note, keys)
    if (signed.length > 0) return checkpoint
    return flaw('checkpoint_unknown_key', 'no key that is believed has signed the checkpoint')
  } catch (error) {
    if (!(error instanceof ProofError)) throw error
    return flaw(error.code === 'note_signature' ? 'checkpoint_signature' : 'proof_malformed', error.message)
  }
}

function isProof(value: unknown): value is Proof {
  if (typeof value !== 'object' || value === null) return false
  const { version, index, entry, path, checkpoint, act, payload } = value as Readonly<Record<string, unknown>>
  return (
    version === VERSION &&
    Number.isSafeInteger(index) &&
    (index as number) >= 0 &&
    typeof entry === 'string' &&
    typeof checkpoint === 'string' &&
    areTexts(path) &&
    (act === undefined || isAct(act)) &&
    (payload === undefined || hasTexts(payload, ['bytes', 'salt']))
  )
}

function isAct(value: unknown): boolean {
  if (!hasTexts(value, ['leaf', 'party', 'salt'])) return false
  const { index, path } = value as Readonly<Record<string, unknown>>
  return typeof index === 'number' && areTexts(path)
}

const areTexts = (value: unknown): boolean => Array.isArray(value) && value.every(each => typeof each === 'string')

function hasTexts(value: unknown, names: readonly string[]): boolean {
  if (typeof value !== 'object' || value === null) return false
  return names.every(name => typeof (value as Readonly<Record<string, unknown>>)[name] === 'string')
}

function flaw(code: Flaw, why: string): Verdict & { ok: false } {
  return { ok: false, code, why }
}
