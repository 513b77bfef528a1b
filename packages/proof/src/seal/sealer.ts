import { ProofError } from '../error.ts'
import type { HmacKey } from '../hash/hmac.ts'
import { CHAIN_BYTES, LAST_SEQUENCE, type SealFields, unsigned, writeSecured } from './layout.ts'

/** What a device keeps from message to message. */
export interface ChainState {
  /** The sequence number of the last message, 0 before the first. */
  sequence: number
  /** The first 8 bytes of its tag; none before the first, or where they are not known any more. */
  previous: Uint8Array
}

/** A seal in its parts; carriers put it beside or around the payload. */
export interface Seal {
  readonly fields: SealFields
  /** The protected headers as they are authenticated. */
  readonly secured: Uint8Array
  readonly tag: Uint8Array
}

const utf8 = new TextEncoder()
/** What a MAC_structure of a COSE_Mac0 begins with: an array of four, and its context. */
export const MAC0 = Uint8Array.of(0x84, 0x64, 0x4d, 0x41, 0x43, 0x30)

/** Seals the messages of one device, one after the other. */
export class Sealer {
  readonly state: ChainState
  #key: HmacKey
  #epoch: number

  /** @param state is written to with each message; whoever has lost it must go on with a number that was never used */
  constructor(key: HmacKey, epoch: number, state: ChainState = { sequence: 0, previous: new Uint8Array(0) }) {
    this.#key = key
    this.#epoch = epoch
    this.state = state
  }

  /** Goes on with the key of another epoch; the chain goes on too. */
  rotate(key: HmacKey, epoch: number): void {
    this.#key = key
    this.#epoch = epoch
  }

  /**
   * @param time milliseconds since the Unix epoch. Errors: `seal_exhausted` after 2^53 messages; `seal_time` where it is negative or no
   * number at all. Nothing is used up then.
   */
  seal(topic: string, payload: Uint8Array, time: number): Seal {
    const { state } = this
    if (state.sequence >= LAST_SEQUENCE) throw new ProofError('seal_exhausted', 'there is no further sequence number')
    if (!(time >= 0 && time <= LAST_SEQUENCE))
      throw new ProofError('seal_time', `${time} is no time since the Unix epoch`)
    const sequence = state.sequence + 1
    const fields = { epoch: this.#epoch, sequence, time: Math.floor(time / 1_000), previous: state.previous }
    const secured = writeSecured(fields)
    const tag = this.#key.mac(...macInput(secured, utf8.encode(topic), payload))
    state.sequence = sequence
    state.previous = tag.slice(0, CHAIN_BYTES)
    return { fields, secured, tag }
  }
}

/** The MAC_structure (RFC 9052, section 6.3) in pieces, none of which is copied. */
export function macInput(secured: Uint8Array, topic: Uint8Array, payload: Uint8Array): Uint8Array[] {
  return [
    MAC0,
    stringHead(secured.length),
    secured,
    stringHead(topic.length),
    topic,
    stringHead(payload.length),
    payload,
  ]
}

/** The head of a byte string in CBOR. */
export function stringHead(length: number): Uint8Array {
  const bytes = new Uint8Array(unsigned(length))
  bytes[0] |= 0x40
  return bytes
}
