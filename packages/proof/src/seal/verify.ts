import type { HmacKey } from '../hash/hmac.ts'
import { blocksOf, LANE_BYTES, LANES, type MacKernel } from '../hash/kernel.ts'
import { type SealView, TAG_BYTES } from './layout.ts'
import { MAC0, macInput } from './sealer.ts'

/** Whether the MAC of a seal that was read is that of its topic and payload, in a time that tells nothing about where it differs. */
export function macHolds(key: HmacKey, view: SealView, topic: Uint8Array, payload: Uint8Array): boolean {
  const secured = view.bytes.subarray(view.securedStart, view.securedEnd)
  return key.verify(view.tag, ...macInput(secured, topic, payload))
}

/** What a seal covers beside itself: the topic as it was sent, and the payload without its seal. */
export interface Covered {
  readonly topic: Uint8Array
  readonly topicStart: number
  readonly topicEnd: number
  readonly payload: Uint8Array
  readonly payloadStart: number
  readonly payloadEnd: number
}

/** Bytes of the MAC_structure beside headers, topic and payload, at most: its begin, and three heads of byte strings. */
const MOST_HEADS = MAC0.length + 2 + 5 + 5

/**
 * Verifies seals in the kernel, one at a time or four side by side, of messages that lie in received chunks. The bytes of a message are
 * copied once, into the kernel's memory; nothing else is allocated than a view or two for the copying, and nothing refers to the chunk afterwards.
 */
export class SealVerifier {
  readonly #kernel: MacKernel
  readonly #slots = new Int32Array(LANES)
  readonly #lengths = new Int32Array(LANES)
  #waiting = 0

  constructor(kernel: MacKernel) {
    this.#kernel = kernel
  }

  /** Messages that wait for `flush`, at most four. */
  get waiting(): number {
    return this.#waiting
  }

  /**
   * Whether the MAC holds under the key in `slot`. False too where the message is longer than the kernel has room for: who allows longer
   * ones makes a larger kernel. Must not be called while messages wait, with which it shares its memory.
   */
  verify(slot: number, view: SealView, covered: Covered): boolean {
    const kernel = this.#kernel
    if (this.#waiting > 0) throw new RangeError('messages wait: flush first')
    if (mostBytes(view, covered) > kernel.longest) return false
    const length = this.#write(kernel.input, view, covered)
    copy(view.bytes, view.tagStart, view.tagStart + TAG_BYTES, kernel.memory, kernel.tagAt(0))
    return kernel.verify(slot, length)
  }

  /**
   * Adds a message to the next four. False where it cannot be one of them: it is too long, comes to another number of blocks than they
   * do, or they are four already; then `flush`, and add it again or verify it alone.
   */
  add(slot: number, view: SealView, covered: Covered): boolean {
    const lane = this.#waiting
    if (lane === LANES || mostBytes(view, covered) > LANE_BYTES) return false
    const kernel = this.#kernel
    const length = this.#write(kernel.laneAt(lane), view, covered)
    if (lane > 0 && blocksOf(length) !== blocksOf(this.#lengths[0])) return false
    copy(view.bytes, view.tagStart, view.tagStart + TAG_BYTES, kernel.memory, kernel.tagAt(lane))
    this.#slots[lane] = slot
    this.#lengths[lane] = length
    this.#waiting = lane + 1
    return true
  }

  /** Verifies those that wait, at once: bit n says whether the MAC of the n-th holds. */
  flush(): number {
    const count = this.#waiting
    this.#waiting = 0
    if (count === 0) return 0
    // One alone lies where one alone is verified, at half the cost of four.
    if (count === 1) return this.#kernel.verify(this.#slots[0], this.#lengths[0]) ? 1 : 0
    // Lanes that nobody waits in are worked out too, over whatever lies there; their bits are cut off.
    this.#slots.fill(this.#slots[0], count)
    this.#lengths.fill(this.#lengths[0], count)
    return this.#kernel.verify4(this.#slots, this.#lengths) & ((1 << count) - 1)
  }

  /** Writes the MAC_structure (RFC 9052, section 6.3) at `at`. @returns its length */
  #write(at: number, view: SealView, covered: Covered): number {
    const { memory } = this.#kernel
    let to = copy(MAC0, 0, MAC0.length, memory, at)
    to = string(view.bytes, view.securedStart, view.securedEnd, memory, to)
    to = string(covered.topic, covered.topicStart, covered.topicEnd, memory, to)
    to = string(covered.payload, covered.payloadStart, covered.payloadEnd, memory, to)
    return to - at
  }
}

function mostBytes(view: SealView, { topicStart, topicEnd, payloadStart, payloadEnd }: Covered): number {
  return MOST_HEADS + view.securedEnd - view.securedStart + topicEnd - topicStart + payloadEnd - payloadStart
}

/** Writes a byte string in CBOR. @returns where it ends */
function string(from: Uint8Array, start: number, end: number, into: Uint8Array, at: number): number {
  return copy(from, start, end, into, head(into, at, end - start))
}

/** Writes the head of a byte string in CBOR. @returns where it ends */
function head(into: Uint8Array, at: number, length: number): number {
  if (length < 24) {
    into[at] = 0x40 | length
    return at + 1
  }
  const size = length < 0x100 ? 1 : length < 0x1_0000 ? 2 : 4
  into[at] = size === 1 ? 0x58 : size === 2 ? 0x59 : 0x5a
  for (let i = 0; i < size; i++) into[at + 1 + i] = length >>> (8 * (size - 1 - i))
  return at + 1 + size
}

/** From so many bytes on, a view and the host's own copy cost less than a turn for each byte: 40 ns instead of 110 for 135 bytes. */
const WORTH_A_VIEW = 32

/** @returns where it ends */
function copy(from: Uint8Array, start: number, end: number, into: Uint8Array, at: number): number {
  const length = end - start
  if (length >= WORTH_A_VIEW) into.set(from.subarray(start, end), at)
  else for (let i = 0; i < length; i++) into[at + i] = from[start + i]
  return at + length
}
