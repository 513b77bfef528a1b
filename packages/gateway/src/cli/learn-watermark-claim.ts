import { createPublicKey, type KeyObject } from 'node:crypto'
import {
  type ClaimedModel,
  claimStatement,
  newClaim,
  readClaim,
  type TriggerSpace,
  type WatermarkKey,
} from '@ringwall/learn/watermark'
import { sameSecret, sha256 } from '@ringwall/proof'
import { RingwallError } from '../base/error.ts'
import { readKey } from '../config/index.ts'
import { Flaw } from '../config/problem.ts'
import { asEnvelope, keyId, open, seal, textOf, unverified } from '../profile/dsse.ts'

/** What an in-toto statement is called inside its envelope. */
const STATEMENT_TYPE = 'application/vnd.in-toto+json'

/** SHA-256 of a file's bytes, hex. */
export const fileDigest = (bytes: Uint8Array): string => Buffer.from(sha256(bytes)).toString('hex')

/** What is claimed. */
export interface Claiming {
  /** What the model's file is called, and what it holds. */
  readonly name: string
  readonly model: string
  readonly owner: string
  readonly date: string
  readonly space: TriggerSpace
}

/** A signed claim: an in-toto statement in a DSSE envelope. */
export async function signClaim(claiming: Claiming, key: WatermarkKey, signer: KeyObject): Promise<string> {
  const { name, model, owner, date, space } = claiming
  const digest = fileDigest(Buffer.from(model))
  const ownerKey = createPublicKey(signer).export({ type: 'spki', format: 'der' }).toString('base64')
  const commitment = await key.commitment({ model: digest, owner, ownerKey, space })
  const claim = newClaim({ commitment, owner, ownerKey, date, space })
  const statement = claimStatement({ name, sha256: digest, claim })
  return `${JSON.stringify(seal(STATEMENT_TYPE, Buffer.from(statement), signer), null, 2)}\n`
}

/** The private key that signs claims. Errors: `key_unreadable`, `owner_key`. */
export function readSigner(file: string): KeyObject {
  const key = readKey(file)
  if (key instanceof Flaw) throw new RingwallError('key_unreadable', key.what, key.hint, { file })
  if (key.asymmetricKeyType === 'ed25519') return key
  throw new RingwallError('owner_key', 'the key is not Ed25519', 'Make one: ringwall profile key owner.', { file })
}

/** A claim that was read, and whether the key that it names has signed it. */
export interface OpenedClaim extends ClaimedModel {
  readonly isSigned: boolean
  /** The name of that key: SHA-256 of its public half, hex. */
  readonly signer: string
}

/** Reads a signed claim. Errors: `claim_malformed`, and those of `readClaim`. */
export function openClaim(text: string, file: string): OpenedClaim {
  const envelope = asEnvelope(parsed(text, file))
  if (envelope === null) throw malformed('it is no DSSE envelope', file)
  if (envelope instanceof Flaw) throw malformed(envelope.what, file)
  if (envelope.payloadType !== STATEMENT_TYPE) throw malformed(`its payload is not ${STATEMENT_TYPE}`, file)
  const statement = textOf(unverified(envelope))
  if (statement === null) throw malformed('its payload is no UTF-8', file)
  const claimed = readClaim(statement)
  const owner = ownerOf(claimed.claim.ownerKey, file)
  return { ...claimed, isSigned: open(envelope, [owner]) !== null, signer: keyId(owner) }
}

/** Whether a claim was made with a key: its commitment binds that to the model, the owner, the signer and the space that the claim names. */
export async function isOfKey({ sha256: model, claim }: ClaimedModel, key: WatermarkKey): Promise<boolean> {
  const { owner, ownerKey, space } = claim
  const expected = await key.commitment({ model, owner, ownerKey, space })
  return sameSecret(Buffer.from(claim.commitment, 'hex'), Buffer.from(expected, 'hex'))
}

function ownerOf(text: string, file: string): KeyObject {
  try {
    const key = createPublicKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'spki' })
    // One key has one text, which the commitment binds.
    const isWritten = key.export({ type: 'spki', format: 'der' }).toString('base64') === text
    if (key.asymmetricKeyType === 'ed25519' && isWritten) return key
  } catch {
    // Said below, as of a key of another kind.
  }
  throw malformed('predicate.ownerKey is no Ed25519 key', file)
}

function parsed(text: string, file: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw malformed('it is no JSON', file)
  }
}

const malformed = (what: string, file: string) =>
  new RingwallError('claim_malformed', what, 'Name a claim that ringwall learn watermark embed has written.', { file })
