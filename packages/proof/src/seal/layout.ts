/**
 * A seal is a COSE_Mac0 (RFC 9052) in one spelling only, deterministic CBOR with just these protected headers in this order:
 *
 * | label | value |
 * | --- | --- |
 * | 1, algorithm | 5: HMAC with SHA-256, whole tag |
 * | 4, key id | the version byte 1, then the epoch of the key in as few bytes as it needs |
 * | 6, partial IV | the sequence number, from 1, in as few bytes as it needs, 7 at most |
 * | 15, claims (RFC 9597) | `{6: iat}`, seconds since the Unix epoch |
 * | -65537 (private use) | the first 8 bytes of the tag of the message before; none where a chain begins |
 *
 * Authenticated beside them (`external_aad`) is the topic as it is sent. One spelling means that nobody reads two things into the
 * same bytes, and that the gateway finds all fields at a glance.
 */
export const VERSION = 1
export const CHAIN_BYTES = 8
export const TAG_BYTES = 32
/** Sequence numbers stay below 2^53. */
export const LAST_SEQUENCE = Number.MAX_SAFE_INTEGER
/** The longest seal without its payload, in bytes: what a reader has to make room for. */
export const LONGEST_SEAL = 96

/** What a seal says. */
export interface SealFields {
  readonly epoch: number
  readonly sequence: number
  /** Seconds since the Unix epoch. */
  readonly time: number
  /** 8 bytes, or none. */
  readonly previous: Uint8Array
}

/** Where a read seal's parts lie in `bytes`, and what they say. Used again for the next. */
export class SealView implements SealFields {
  /** Where what comes in base64url is turned into bytes, so that a view lasts until it is used again. */
  readonly scratch = new Uint8Array(LONGEST_SEAL)
  bytes: Uint8Array = new Uint8Array(0)
  epoch = 0
  sequence = 0
  time = 0
  /** Protected headers, without the head of their byte string. */
  securedStart = 0
  securedEnd = 0
  /** Empty where a chain begins. */
  previousStart = 0
  previousEnd = 0
  /** Both -1 where the payload is sent apart. */
  payloadStart = -1
  payloadEnd = -1
  tagStart = 0
  /** Behind the last byte of the seal. */
  end = 0

  get previous(): Uint8Array {
    return this.bytes.slice(this.previousStart, this.previousEnd)
  }

  get tag(): Uint8Array {
    return this.bytes.slice(this.tagStart, this.tagStart + TAG_BYTES)
  }
}

/** The first bytes of all seals: tag 17, an array of four. */
export const HEAD = Uint8Array.of(0xd1, 0x84)

/** Writes the protected headers. Fields must be in their ranges. */
export function writeSecured({ epoch, sequence, time, previous }: SealFields): Uint8Array {
  const kid = bigEndian(epoch)
  const iv = bigEndian(sequence)
  return new Uint8Array([
    0xa5,
    ...[0x01, 0x05],
    ...[0x04, 0x40 | (kid.length + 1), VERSION, ...kid],
    ...[0x06, 0x40 | iv.length, ...iv],
    ...[0x0f, 0xa1, 0x06, ...unsigned(time)],
    ...[0x3a, 0x00, 0x01, 0x00, 0x00, 0x40 | previous.length, ...previous],
  ])
}

/** A number in as few bytes as it needs, one at least, most significant first. */
function bigEndian(value: number): number[] {
  const bytes: number[] = []
  for (let rest = value; rest > 0 || bytes.length === 0; rest = Math.floor(rest / 256)) bytes.push(rest % 256)
  return bytes.reverse()
}

/** An unsigned integer in CBOR, of at most eight bytes. */
export function unsigned(value: number): number[] {
  if (value < 24) return [value]
  const bytes = bigEndian(value)
  const size = [1, 2, 4, 8].find(each => each >= bytes.length) ?? 8
  return [0x18 + Math.log2(size), ...new Array<number>(size - bytes.length).fill(0), ...bytes]
}
