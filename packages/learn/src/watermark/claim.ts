import { LearnError } from '../base/error.ts'
import { checkSpace, type TriggerSpace } from './space.ts'

const STATEMENT = 'https://in-toto.io/Statement/v1'
const PREDICATE = 'urn:ringwall:watermark-claim:v1'
const SCHEME = 'bits-bch255-131-triggers-128'
const VERSION = 1

/** What an owner says of a marked model, before anybody disputes it: the predicate of an in-toto statement. */
export interface WatermarkClaim {
  readonly scheme: typeof SCHEME
  readonly version: typeof VERSION
  /** SHA-256 that binds the key to the model; see `WatermarkKey.commitment`. */
  readonly commitment: string
  readonly owner: string
  /** The public key that signs the claim: SubjectPublicKeyInfo, DER, base64. */
  readonly ownerKey: string
  /** As the owner says it, ISO 8601: it counts as soon as somebody else vouches for it (a ledger, a witness). */
  readonly date: string
  readonly space: TriggerSpace
}

/** A claim about a model file. */
export interface ClaimedModel {
  readonly name: string
  /** SHA-256 of the file, hex. */
  readonly sha256: string
  readonly claim: WatermarkClaim
}

/** The statement (in-toto v1) that is signed. */
export function claimStatement({ name, sha256, claim }: ClaimedModel): string {
  const subject = [{ name, digest: { sha256 } }]
  return JSON.stringify({ _type: STATEMENT, subject, predicateType: PREDICATE, predicate: claim })
}

/** What a claim says beside what the scheme itself fixes. */
export function newClaim(said: Omit<WatermarkClaim, 'scheme' | 'version'>): WatermarkClaim {
  return { scheme: SCHEME, version: VERSION, ...said }
}

/** Reads a statement, whoever signed it. Errors: `claim_malformed` with the field, `claim_version`, `watermark_space`. */
export function readClaim(text: string): ClaimedModel {
  let statement: unknown
  try {
    statement = JSON.parse(text)
  } catch {
    throw malformed('JSON', 'it')
  }
  const { _type, subject, predicateType, predicate } = fieldsOf(statement)
  if (_type !== STATEMENT) throw malformed(STATEMENT, '_type')
  if (predicateType !== PREDICATE) throw malformed(PREDICATE, 'predicateType')
  if (!Array.isArray(subject) || subject.length !== 1) throw malformed('one model', 'subject')
  const { name, digest } = fieldsOf(subject[0])
  const claim = fieldsOf(predicate)
  if (claim['scheme'] !== SCHEME || claim['version'] !== VERSION)
    throw new LearnError(
      'claim_version',
      `a claim of another scheme or version: this reads ${SCHEME}, version ${VERSION}`,
    )
  const { sha256 } = fieldsOf(digest)
  const { date } = claim
  if (typeof date !== 'string' || Number.isNaN(Date.parse(date))) throw malformed('a date', 'predicate.date')
  return {
    name: textOf(name, 'subject[0].name'),
    sha256: digestIn(sha256, 'subject[0].digest.sha256'),
    claim: newClaim({
      commitment: digestIn(claim['commitment'], 'predicate.commitment'),
      owner: textOf(claim['owner'], 'predicate.owner'),
      ownerKey: textOf(claim['ownerKey'], 'predicate.ownerKey'),
      date,
      space: checkSpace(claim['space']),
    }),
  }
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}

function textOf(value: unknown, field: string): string {
  if (typeof value !== 'string' || value === '') throw malformed('a text', field)
  return value
}

function digestIn(value: unknown, field: string): string {
  if (typeof value !== 'string' || !/^[0-9a-f]{64}$/.test(value)) throw malformed('64 hex digits', field)
  return value
}

const malformed = (expected: string, field: string) =>
  new LearnError('claim_malformed', `no claim of a watermark: expected ${expected} in ${field}`)
