import { LearnError } from '../base/error.ts'
import { checkSpace, type TriggerSpace } from './space.ts'

const STATEMENT = 'https://in-toto.io/Statement/v1'
const PREDICATE = 'urn:ringwall:watermark-claim:v2'
const ANY_PREDICATE = /^urn:ringwall:watermark-claim:v\d+$/
const SCHEME = 'bits-bch255-131-triggers-128-pbkdf2'
const VERSION = 2
/** The date and time of RFC 3339, which is what ISO 8601 and the web agree on. */
const DATE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/
const LONGEST = 1_024

/** What an owner says of a marked model, before anybody disputes it: the predicate of an in-toto statement. */
export interface WatermarkClaim {
  readonly scheme: typeof SCHEME
  readonly version: typeof VERSION
  /** SHA-256 that binds the key to the model, the owner and the space; see `WatermarkKey.commitment`. */
  readonly commitment: string
  readonly owner: string
  /** The public key that signs the claim: SubjectPublicKeyInfo, DER, base64. */
  readonly ownerKey: string
  /** As the owner says it, RFC 3339: it counts as soon as somebody else vouches for it (a ledger, a witness). */
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

/** What a claim says beside what the scheme itself fixes. Error: `claim_malformed`, where the owner's name has control characters. */
export function newClaim(said: Omit<WatermarkClaim, 'scheme' | 'version'>): WatermarkClaim {
  textOf(said.owner, 'predicate.owner')
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
  if (predicateType !== PREDICATE) {
    if (typeof predicateType === 'string' && ANY_PREDICATE.test(predicateType)) throw otherVersion()
    throw malformed(PREDICATE, 'predicateType')
  }
  if (!Array.isArray(subject) || subject.length !== 1) throw malformed('one model', 'subject')
  const { name, digest } = fieldsOf(subject[0])
  const claim = fieldsOf(predicate)
  if (claim['scheme'] !== SCHEME || claim['version'] !== VERSION) throw otherVersion()
  const { sha256 } = fieldsOf(digest)
  const { date } = claim
  if (typeof date !== 'string' || !DATE.test(date) || Number.isNaN(Date.parse(date)))
    throw malformed('a date and time (RFC 3339)', 'predicate.date')
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

/** Whether a claim may have this for a name: a text of at most 1,024 characters, not blank, without control characters. */
export const isClaimName = (value: unknown): value is string =>
  typeof value === 'string' && value.trim() !== '' && value.length <= LONGEST && !/[\p{C}\u2028\u2029]/u.test(value)

function textOf(value: unknown, field: string): string {
  if (!isClaimName(value)) throw malformed(`a text of at most ${LONGEST} characters, without control characters`, field)
  return value
}

function digestIn(value: unknown, field: string): string {
  if (typeof value !== 'string' || !/^[0-9a-f]{64}$/.test(value)) throw malformed('64 hex digits', field)
  return value
}

const otherVersion = () =>
  new LearnError('claim_version', `a claim of another scheme or version: this reads ${SCHEME}, version ${VERSION}`)

const malformed = (expected: string, field: string) =>
  new LearnError('claim_malformed', `no claim of a watermark: expected ${expected} in ${field}`)
