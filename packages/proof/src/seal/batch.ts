import { decodeCbor } from '../cbor/decode.ts'
import { encodeCbor } from '../cbor/encode.ts'
import type { CborValue } from '../cbor/value.ts'
import { Header } from '../cose/headers.ts'
import { type CoseSigner, createSign1, verifySign1 } from '../cose/sign1.ts'
import { ProofError } from '../error.ts'
import { DIGEST_BYTES, sha256 } from '../hash/sha256.ts'
import { macInput } from './sealer.ts'

/** Messages of one batch: its signature then has at most 140 KiB. */
export const MOST_IN_BATCH = 4_096
/** Claims (RFC 8392, section 3.1): whom it is about, and when it was issued. */
const [SUBJECT, ISSUED] = [2, 6]
/** Binds a signature to what it is for. */
const PURPOSE = new TextEncoder().encode('ringwall/seal/v1/batch')
const utf8 = new TextEncoder()

/** One message as its seal covers it. */
export interface SealedMessage {
  /** The protected headers of its seal: `Seal.secured`, or what a `SealView` points at. */
  readonly secured: Uint8Array
  readonly topic: string
  /** Without its seal. */
  readonly payload: Uint8Array
}

/** What a device, or a gateway for it, has signed: that it sent these messages, in this order. */
export interface Batch {
  readonly device: string
  /** Seconds since the Unix epoch. */
  readonly time: number
  /** SHA-256 of the bytes that each message's MAC covers. */
  readonly digests: readonly Uint8Array[]
}

/**
 * Signs messages for third parties, who could not tell a MAC from one made by whoever verifies it. A COSE_Sign1 over the list of digests:
 * a single message is shown with the list alone, without the others. One message is a batch too. Errors: `batch_size`.
 *
 * @param time milliseconds since the Unix epoch
 */
export function signBatch(
  signer: CoseSigner,
  device: string,
  messages: readonly SealedMessage[],
  time: number,
): Promise<Uint8Array> {
  if (messages.length === 0 || messages.length > MOST_IN_BATCH) {
    throw new ProofError('batch_size', `a batch has 1 to ${MOST_IN_BATCH} messages, not ${messages.length}`)
  }
  const claims = new Map<number, CborValue>([
    [SUBJECT, device],
    [ISSUED, Math.floor(time / 1_000)],
  ])
  const payload = encodeCbor(messages.map(digestOf))
  return createSign1(signer, payload, new Map([[Header.claims, claims]]), { external: PURPOSE })
}

/**
 * Verifies a batch by a public key. Whether the key is the device's is for the caller to know. Errors: those of `verifySign1`;
 * `batch_malformed` where something else was signed.
 */
export async function verifyBatch(key: CryptoKey, bytes: Uint8Array): Promise<Batch> {
  const { secured, payload } = await verifySign1(key, bytes, { external: PURPOSE })
  const claims = secured.get(Header.claims)
  if (!(claims instanceof Map)) throw malformed('it has no claims')
  const device = claims.get(SUBJECT)
  const time = claims.get(ISSUED)
  const digests = decodeCbor(payload)
  if (typeof device !== 'string' || typeof time !== 'number') throw malformed('it lacks its device or its time')
  if (!Array.isArray(digests) || digests.length === 0 || digests.length > MOST_IN_BATCH || !digests.every(isDigest)) {
    throw malformed('it is no list of digests')
  }
  return { device, time, digests }
}

/** The place of a message in a verified batch, -1 where it is not in it. */
export function placeInBatch({ digests }: Batch, message: SealedMessage): number {
  const wanted = digestOf(message)
  return digests.findIndex(digest => digest.every((byte, index) => byte === wanted[index]))
}

function digestOf({ secured, topic, payload }: SealedMessage): Uint8Array {
  return sha256(...macInput(secured, utf8.encode(topic), payload))
}

function isDigest(value: CborValue): value is Uint8Array {
  return value instanceof Uint8Array && value.length === DIGEST_BYTES
}

function malformed(what: string): ProofError {
  return new ProofError('batch_malformed', `what was signed is no batch of messages: ${what}`)
}
