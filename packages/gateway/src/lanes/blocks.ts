import { AddressWords, type Network } from './address-words.ts'
import { type HashKey, SipHash } from './approvals-hash.ts'

/** The header: version, whose lowest bit says which half counts; until when blocks do not count; which lengths of networks stand in it. */
const VERSION = 0
const SUSPENDED = 1
const LENGTHS = 2
const LENGTH_WORDS = 5
const HEAD = 8

/** A slot: end (seconds since the Unix epoch, unsigned), bits of the network, and its four words. */
const WORDS = 6
const EMPTY = 0
const REMOVED = 1
/** What stands for `bits` where a slot is of a device: its words are a keyed hash of the id. */
const DEVICE = 255
/** Networks of IPv4 begin behind so many bits. */
const MAPPED_BITS = 96
const BITS = 128

/**
 * Who may not come in and until when, in memory that all threads share: addresses, networks and devices in one table with open
 * addressing. A network is found by looking once for each length of prefix that stands in the table, so that a table of single
 * addresses costs one look and one of thousands of networks not much more.
 *
 * One writer, the main thread; readers on all workers without a lock and without allocation. Between two rebuilds a slot is
 * taken once and keeps what it names; only its end changes, in one store. A rebuild fills the other half and then publishes it
 * by the version, and a reader who was overtaken looks again. Ends are wall time, for they outlive a restart, and need no timer.
 */
export class SharedBlocks {
  readonly buffer: SharedArrayBuffer
  /** Entries that it holds at most; its writer keeps to that. */
  readonly capacity: number
  readonly #words: Int32Array
  readonly #slots: number
  readonly #seed: number
  readonly #hash: SipHash
  readonly #address = new AddressWords()
  readonly #masked = new AddressWords()
  #used = 0
  #end = 0

  /**
   * @param memory the number of entries (a power of two; 96 bytes each), or the block that another thread made
   * @param key secret, and the same for all threads
   */
  constructor(memory: number | SharedArrayBuffer, key: HashKey) {
    this.buffer =
      typeof memory === 'number'
        ? new SharedArrayBuffer((HEAD + memory * 4 * WORDS) * Int32Array.BYTES_PER_ELEMENT)
        : memory
    this.#words = new Int32Array(this.buffer)
    // Two halves, each twice as large as what may stand in it.
    this.#slots = (this.#words.length - HEAD) / (2 * WORDS)
    this.capacity = this.#slots / 2
    this.#seed = key[0]
    this.#hash = new SipHash(key)
  }

  /** Until when an address is blocked, milliseconds since the Unix epoch; 0 where it is not. @param wall now, in the same */
  address(text: string, wall: number): number {
    if (this.#isBare() || !this.#address.read(text)) return 0
    for (;;) {
      const version = Atomics.load(this.#words, VERSION)
      const end = this.#covering(version & 1)
      if (Atomics.load(this.#words, VERSION) === version) return this.#counts(end, wall)
    }
  }

  /** The same of a device. */
  device(id: string, wall: number): number {
    this.#name(id)
    for (;;) {
      const version = Atomics.load(this.#words, VERSION)
      this.#find(version & 1, DEVICE, this.#hash.low, this.#hash.high, 0, 0)
      if (Atomics.load(this.#words, VERSION) === version) return this.#counts(this.#end, wall)
    }
  }

  /** Blocks a network until a time, or changes until when. The writer only. @param until milliseconds since the Unix epoch */
  block({ words: [a, b, c, d], bits }: Network, until: number): void {
    this.#put(bits, a, b, c, d, until)
  }

  unblock({ words: [a, b, c, d], bits }: Network): void {
    this.#drop(bits, a, b, c, d)
  }

  blockDevice(id: string, until: number): void {
    this.#name(id)
    this.#put(DEVICE, this.#hash.low, this.#hash.high, 0, 0, until)
  }

  unblockDevice(id: string): void {
    this.#name(id)
    this.#drop(DEVICE, this.#hash.low, this.#hash.high, 0, 0)
  }

  /** No block counts until then. @param until milliseconds since the Unix epoch; 0 lets all count again */
  suspend(until: number): void {
    Atomics.store(this.#words, SUSPENDED, seconds(until))
  }

  /** Whether no network at all stands in it. */
  #isBare(): boolean {
    for (let i = 0; i < LENGTH_WORDS; i++) if (Atomics.load(this.#words, LENGTHS + i) !== 0) return false
    return true
  }

  #counts(end: number, wall: number): number {
    const now = wall / 1_000
    return end > now && Atomics.load(this.#words, SUSPENDED) >>> 0 <= now ? end * 1_000 : 0
  }

  /** The latest end among the networks that hold the address on hand. */
  #covering(half: number): number {
    const masked = this.#masked
    const shortest = this.#address.isFour ? MAPPED_BITS : 0
    let latest = 0
    masked.words.set(this.#address.words)
    for (let i = LENGTH_WORDS - 1; i >= 0; i--) {
      let lengths = Atomics.load(this.#words, LENGTHS + i)
      while (lengths !== 0) {
        const bit = 31 - Math.clz32(lengths)
        lengths &= ~(1 << bit)
        const bits = i * 32 + bit
        if (bits < shortest) return latest
        masked.mask(bits)
        const { words } = masked
        this.#find(half, bits, words[0], words[1], words[2], words[3])
        if (this.#end > latest) latest = this.#end
      }
    }
    return latest
  }

  /** The word of the slot that names this, or of the empty one where it would stand; its end is read once, for that may change. */
  #find(half: number, bits: number, a: number, b: number, c: number, d: number): number {
    const words = this.#words
    const mask = this.#slots - 1
    const first = HEAD + half * this.#slots * WORDS
    let slot = this.#mix(bits, a, b, c, d)
    for (;;) {
      const at = first + (slot & mask) * WORDS
      this.#end = Atomics.load(words, at) >>> 0
      if (this.#end === EMPTY) return at
      const same =
        words[at + 1] === bits &&
        words[at + 2] === (a | 0) &&
        words[at + 3] === (b | 0) &&
        words[at + 4] === (c | 0) &&
        words[at + 5] === (d | 0)
      if (same) return at
      slot++
    }
  }

  #put(bits: number, a: number, b: number, c: number, d: number, until: number): void {
    const words = this.#words
    // A quarter stays empty, so that every search ends soon.
    if (this.#used >= this.#slots * 0.75) this.#rebuild()
    const at = this.#find(Atomics.load(words, VERSION) & 1, bits, a, b, c, d)
    if (this.#end === EMPTY) {
      words[at + 1] = bits
      words[at + 2] = a
      words[at + 3] = b
      words[at + 4] = c
      words[at + 5] = d
      this.#used++
    }
    if (bits <= BITS) Atomics.or(words, LENGTHS + (bits >> 5), 1 << (bits & 31))
    Atomics.store(words, at, Math.max(REMOVED, seconds(until)))
  }

  #drop(bits: number, a: number, b: number, c: number, d: number): void {
    const at = this.#find(Atomics.load(this.#words, VERSION) & 1, bits, a, b, c, d)
    if (this.#end !== EMPTY) Atomics.store(this.#words, at, REMOVED)
  }

  /** Writes what was not removed into the other half, which nobody reads by now, and makes that the one that counts. */
  #rebuild(): void {
    const words = this.#words
    const version = Atomics.load(words, VERSION)
    const size = this.#slots * WORDS
    const from = HEAD + (version & 1) * size
    const half = ~version & 1
    const lengths = new Int32Array(LENGTH_WORDS)
    words.fill(0, HEAD + half * size, HEAD + (half + 1) * size)
    this.#used = 0
    for (let at = from; at < from + size; at += WORDS) {
      if (words[at] === EMPTY || words[at] === REMOVED) continue
      const [end, bits, a, b, c, d] = words.subarray(at, at + WORDS)
      words.set([end, bits, a, b, c, d], this.#find(half, bits, a, b, c, d))
      if (bits <= BITS) lengths[bits >> 5] |= 1 << (bits & 31)
      this.#used++
    }
    for (let i = 0; i < LENGTH_WORDS; i++) Atomics.store(words, LENGTHS + i, lengths[i])
    Atomics.store(words, VERSION, (version + 1) | 0)
  }

  #name(id: string): void {
    const hash = this.#hash
    hash.begin()
    for (let i = 0; i < id.length; i++) {
      hash.byte(id.charCodeAt(i))
      hash.byte(id.charCodeAt(i) >>> 8)
    }
    hash.finish()
  }

  #mix(bits: number, a: number, b: number, c: number, d: number): number {
    let hash = Math.imul(this.#seed ^ bits, 0x9e3779b1)
    hash = Math.imul(hash ^ (hash >>> 15) ^ a, 0x85ebca6b)
    hash = Math.imul(hash ^ (hash >>> 13) ^ b, 0xc2b2ae35)
    hash = Math.imul(hash ^ (hash >>> 16) ^ c, 0x27d4eb2f)
    hash = Math.imul(hash ^ (hash >>> 15) ^ d, 0x165667b1)
    return hash ^ (hash >>> 14)
  }
}

/** The last second that an unsigned word holds: in the year 2106. */
const LAST = 2 ** 32 - 1

function seconds(milliseconds: number): number {
  return Math.min(LAST, Math.max(0, Math.ceil(milliseconds / 1_000)))
}
