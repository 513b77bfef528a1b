import {
  type BundleFault,
  type Checkpoint,
  makeBundle,
  type ProofBundle,
  type Trust,
  verifyBundle,
} from '@ringwall/proof'
import { RingwallError } from '../base/error.ts'
import { type ActDisclosure, type ActFlaw, checkAct, checkPayload, type PayloadDisclosure } from './disclose.ts'
import { readEntry } from './entry.ts'
import type { Entry } from './ocsf.ts'
import type { View } from './view.ts'

/** All that somebody needs who has the ledger's verifier key and nothing else: a bundle, and what is disclosed beside it. */
export interface Proof extends ProofBundle {
  readonly act?: ActDisclosure
  readonly payload?: PayloadDisclosure
}

/** Why a proof does not hold. */
export type Flaw = BundleFault | 'entry_malformed' | 'payload_none' | 'payload_mismatch' | ActFlaw

export type ProofJudgment =
  | {
      readonly ok: true
      readonly index: number
      readonly checkpoint: Checkpoint
      readonly witnesses: readonly string[]
      readonly entry: Entry
      readonly act?: object
    }
  | { readonly ok: false; readonly code: Flaw; readonly what: string }

/** Proves one entry by the checkpoint that was cosigned or published last, or by what was signed since where it is newer than that. */
export function proofOf({ reader: last, published }: View, index: number): Proof {
  const reader = index < published.checkpoint.size ? published : last
  return makeBundle(index, reader.entry(index), reader.inclusion(index), reader.note)
}

/** Reads a proof. Errors: `bundle_malformed`. */
export function readProof(text: string, file: string): Proof {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    value = null
  }
  if (isProof(value)) return value
  const hint = 'Name what `ringwall audit prove` has written.'
  throw new RingwallError('bundle_malformed', 'this is no proof of an entry', hint, { file })
}

/** Checks a proof with nothing but the keys that are believed. */
export async function verifyProof(proof: Proof, trust: Trust): Promise<ProofJudgment> {
  const found = await verifyBundle(proof, trust)
  if (!found.ok) return found
  const { index, checkpoint, witnesses } = found
  const entry = readEntry(found.entry)
  if (entry === null) return flaw('entry_malformed', 'the entry stands in the ledger and is no event')
  if (proof.payload !== undefined) {
    const said = checkPayload(entry, proof.payload)
    if (said !== 'ok') return flaw(said, 'the entry does not commit to the payload that is disclosed')
  }
  const whole = { ok: true, index, checkpoint, witnesses, entry } as const
  if (proof.act === undefined) return whole
  const act = checkAct(entry, proof.act)
  return act.ok ? { ...whole, act: { ...act.party, ...act.act } } : flaw(act.code, act.why)
}

/** What is disclosed has the right form; the bundle itself is for `verifyBundle` to judge. */
function isProof(value: unknown): value is Proof {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const { act, payload } = value as Readonly<Record<string, unknown>>
  return (act === undefined || isAct(act)) && (payload === undefined || hasTexts(payload, ['bytes', 'salt']))
}

function isAct(value: unknown): boolean {
  if (!hasTexts(value, ['leaf', 'party', 'salt'])) return false
  const { index, path } = value as Readonly<Record<string, unknown>>
  return typeof index === 'number' && Array.isArray(path) && path.every(each => typeof each === 'string')
}

function hasTexts(value: unknown, names: readonly string[]): boolean {
  if (typeof value !== 'object' || value === null) return false
  return names.every(name => typeof (value as Readonly<Record<string, unknown>>)[name] === 'string')
}

function flaw(code: Flaw, what: string): ProofJudgment {
  return { ok: false, code, what }
}
