import { fromBase64 } from '../base64.ts'
import { KERNEL } from './kernel-bytes.ts'
import { BLOCK_BYTES, DIGEST_BYTES, sha256 } from './sha256.ts'

/** Where things lie in the module's memory: as `kernel/source.mjs` has it. */
const KEY = 1_024
const DIGEST = 1_152
const SLOTS = 4_096
const SLOT_BYTES = 64
const PAGE = 65_536
/** Messages that are verified side by side. */
export const LANES = 4
/** Bytes of the longest message that may be one of four. */
export const LANE_BYTES = 4_096

/** As much of it as is used here: the types of Node do not have it. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object
  readonly Memory: new (options: { readonly initial: number }) => { readonly buffer: ArrayBuffer }
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown }
}

interface Exports {
  readonly setKey: (slot: number) => void
  readonly mac: (slot: number, at: number, length: number) => void
  readonly verify: (slot: number, at: number, length: number, tag: number) => number
  readonly verify4: (...numbers: number[]) => number
}

/**
 * Verifies by other means, in the same memory, as `@ringwall/native` describes. It is for whoever has it to bring.
 */
export type BindMac = (memory: ArrayBuffer) => {
  /** What is asked stands at the memory's beginning. */
  readonly verify: () => void
  readonly ahead: (chunk: Uint8Array, start: number, limit: number, version: number, key: number, to: number) => number
}

/** What `ahead` finds: how many messages, and of each the bytes, and where its seal stands. */
const MOST_AHEAD = 16
export const AHEAD_BYTES = 160
export const AHEAD_SEAL = 64

/** Of a message that is asked about. */
const ASKED = 4
const ASKED_WORDS = 4

let compiled: object | null = null

/**
 * HMAC-SHA-256 in WebAssembly, one message at a time or four side by side, with the midstates of all keys in slots of its memory.
 * Messages are written into `memory` by whoever has them: nothing is allocated, and nothing else is copied.
 */
export class MacKernel {
  /** The module's memory; it never grows, so that this view stays. */
  readonly memory: Uint8Array
  /** Where a message alone is written; it may have `longest` bytes. */
  readonly input: number
  readonly longest: number
  readonly slots: number
  /** The same in 32-bit words and in doubles, and where `ahead` writes. */
  readonly words: Uint32Array
  readonly doubles: Float64Array
  readonly found: number
  readonly #exports: Exports
  readonly #addon: ReturnType<BindMac> | null
  /** The beginning of the memory, for what is asked of the addon: the kernel's own states lie there meanwhile, and are worth nothing between two calls. */
  readonly #asked: Int32Array

  /**
   * @param slots keys that are kept at once, 64 bytes each
   * @param longest bytes of the longest message
   * @param bind what verifies in place of WebAssembly; null for nothing
   */
  constructor(slots: number, longest = PAGE, bind: BindMac | null = null) {
    compiled ??= new WebAssembly.Module(fromBase64(KERNEL) ?? new Uint8Array(0))
    this.slots = slots
    this.longest = Math.max(longest, LANES * LANE_BYTES)
    this.input = SLOTS + slots * SLOT_BYTES
    const end = this.input + this.longest + LANES * DIGEST_BYTES
    this.found = end + (-end & 7)
    const memory = new WebAssembly.Memory({
      initial: Math.ceil((this.found + MOST_AHEAD * AHEAD_BYTES) / PAGE),
    })
    const abort = (): never => {
      throw new Error('the kernel ended')
    }
    this.#exports = new WebAssembly.Instance(compiled, { env: { memory, abort } }).exports as Exports
    this.memory = new Uint8Array(memory.buffer)
    this.#asked = new Int32Array(memory.buffer, 0, ASKED + LANES * ASKED_WORDS)
    this.words = new Uint32Array(memory.buffer)
    this.doubles = new Float64Array(memory.buffer)
    this.#addon = bind === null ? null : bind(memory.buffer)
  }

  /** Where message `lane` of four is written, `LANE_BYTES` at most. */
  laneAt(lane: number): number {
    return this.input + lane * LANE_BYTES
  }

  /** Where the tag that belongs to message `lane`, or to a message alone (0), is written: 32 bytes. */
  tagAt(lane: number): number {
    return this.input + this.longest + lane * DIGEST_BYTES
  }

  /** Keeps what a key of any length comes to. */
  setKey(slot: number, key: Uint8Array): void {
    this.#check(slot)
    this.memory.fill(0, KEY, KEY + BLOCK_BYTES)
    this.memory.set(key.length > BLOCK_BYTES ? sha256(key) : key, KEY)
    this.#exports.setKey(slot)
  }

  /** The MAC of the message of `length` bytes at `input`. */
  mac(slot: number, length: number): Uint8Array {
    this.#check(slot)
    this.#exports.mac(slot, this.input, length)
    return this.memory.slice(DIGEST, DIGEST + DIGEST_BYTES)
  }

  /** Whether the tag at `tagAt(0)` is that of the message of `length` bytes at `input`, in a time that depends on the length alone. */
  verify(slot: number, length: number): boolean {
    if (this.#addon === null) return this.#exports.verify(slot, this.input, length, this.tagAt(0)) === 1
    this.#ask(0, slot, this.input, length)
    return this.#answer(1) === 1
  }

  /**
   * Verifies the messages at `laneAt(0)` to `laneAt(3)` by the tags at `tagAt(0)` to `tagAt(3)`: a bit for each that holds. Their lengths
   * must come to the same number of blocks where `isSideBySide`: `blocksOf`.
   * @param count of them that are asked about; side by side all are worked out, and only these are answered
   */
  verify4(slots: Int32Array, lengths: Int32Array, count: number = LANES): number {
    const [s0, s1, s2, s3] = slots
    const [n0, n1, n2, n3] = lengths
    if (this.#addon !== null) {
      for (let lane = 0; lane < count; lane++) this.#ask(lane, slots[lane], this.laneAt(lane), lengths[lane])
      return this.#answer(count)
    }
    const a = this.input
    const t = this.tagAt(0)
    return this.#exports.verify4(
      s0, s1, s2, s3, a, a + LANE_BYTES, a + 2 * LANE_BYTES, a + 3 * LANE_BYTES,
      n0, n1, n2, n3, t, t + DIGEST_BYTES, t + 2 * DIGEST_BYTES, t + 3 * DIGEST_BYTES,
    ) & ((1 << count) - 1) // biome-ignore format: four by four
  }

  /** Whether four messages are worked out in the lanes of one computation, and not one after the other. */
  get isSideBySide(): boolean {
    return this.#addon === null
  }

  /** Whether `ahead` finds anything. */
  get looksAhead(): boolean {
    return this.#addon !== null
  }

  /**
   * Looks at sealed messages of a chunk ahead of their turn, by the key in a slot; what is found of the n-th stands at `found + n * AHEAD_BYTES`. How many;
   * none without the addon.
   */
  ahead(chunk: Uint8Array, start: number, limit: number, version: number, slot: number): number {
    if (this.#addon === null) return 0
    return this.#addon.ahead(chunk, start, limit, version, SLOTS + slot * SLOT_BYTES, this.found)
  }

  #ask(lane: number, slot: number, at: number, length: number): void {
    const asked = this.#asked
    const first = ASKED + lane * ASKED_WORDS
    asked[first] = SLOTS + slot * SLOT_BYTES
    asked[first + 1] = at
    asked[first + 2] = length
    asked[first + 3] = this.tagAt(lane)
  }

  #answer(count: number): number {
    const asked = this.#asked
    asked[0] = count
    this.#addon?.verify()
    return asked[1]
  }

  #check(slot: number): void {
    if (!(slot >= 0 && slot < this.slots)) throw new RangeError(`there is no slot ${slot}`)
  }
}

/** Blocks of the inner hash, of which a message of so many bytes is the end. */
export function blocksOf(length: number): number {
  return (length + 72) >> 6
}
