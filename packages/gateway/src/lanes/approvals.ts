import type { Tap } from '../contract/index.ts'
import { type HashKey, SipHash } from './approvals-hash.ts'

/** Version, hash (two words), expiry (seconds, unsigned). */
const WORDS = 4
/** Entries of one bucket. */
const WAYS = 8

/**
 * Which commands a permitted sender has said lately, in memory that all workers share: a message on its way down carries no
 * sender, so this is the proof that it was said through this gateway, word by word. An entry is a keyed hash of site, topic
 * and payload with its expiry; nobody can aim for another's. Memory is fixed: where a bucket is full, what expires first goes,
 * and that command is unproven. Without locks: each entry has a version, odd while somebody writes it; a writer who finds it
 * odd takes another entry, a reader who finds it changed passes it over.
 */
export class SharedApprovals {
  readonly buffer: SharedArrayBuffer
  readonly #words: Int32Array
  readonly #mask: number
  readonly #hash: SipHash
  /** Where the answers of `holds` pass by, null for nowhere. */
  tap: Tap | null = null

  /**
   * @param memory the number of entries (a power of two, 8 at least), or the block that another thread made
   * @param key secret, and the same for all threads
   */
  constructor(memory: number | SharedArrayBuffer, key: HashKey) {
    this.buffer =
      typeof memory === 'number' ? new SharedArrayBuffer(memory * WORDS * Int32Array.BYTES_PER_ELEMENT) : memory
    this.#words = new Int32Array(this.buffer)
    this.#mask = this.#words.length / (WORDS * WAYS) - 1
    this.#hash = new SipHash(key)
  }

  /** Remembers a command. @param until milliseconds of a clock that all threads share and that nobody sets */
  grant(site: string, topic: Uint8Array, bytes: Uint8Array, start: number, end: number, until: number): void {
    const words = this.#words
    const bucket = this.#bucket(site, topic, bytes, start, end)
    const { low, high } = this.#hash
    const expiry = Math.ceil(until / 1000) | 0
    for (let attempt = 0; attempt < WAYS; attempt++) {
      const at = this.#place(bucket, low, high)
      const version = Atomics.load(words, at)
      if ((version & 1) !== 0 || Atomics.compareExchange(words, at, version, version + 1) !== version) continue
      Atomics.store(words, at + 1, low)
      Atomics.store(words, at + 2, high)
      Atomics.store(words, at + 3, expiry)
      Atomics.store(words, at, (version + 2) | 0)
      return
    }
  }

  /** Whether exactly this command was said and has not expired. @param now milliseconds of the same clock */
  holds(site: string, topic: Uint8Array, bytes: Uint8Array, start: number, end: number, now: number): boolean {
    const held = this.#holds(site, topic, bytes, start, end, now)
    return this.tap === null ? held : this.tap.pass(held ? 1 : 0) === 1
  }

  #holds(site: string, topic: Uint8Array, bytes: Uint8Array, start: number, end: number, now: number): boolean {
    const words = this.#words
    const bucket = this.#bucket(site, topic, bytes, start, end)
    const { low, high } = this.#hash
    for (let way = 0; way < WAYS; way++) {
      const at = bucket + way * WORDS
      const version = Atomics.load(words, at)
      if (Atomics.load(words, at + 1) !== low || Atomics.load(words, at + 2) !== high) continue
      const expiry = Atomics.load(words, at + 3) >>> 0
      if ((version & 1) === 0 && Atomics.load(words, at) === version && expiry * 1000 > now) return true
    }
    return false
  }

  /** Where to write: the same command's entry, otherwise the one that expires first and that nobody writes now. */
  #place(bucket: number, low: number, high: number): number {
    const words = this.#words
    let best = bucket
    let soonest = Number.POSITIVE_INFINITY
    for (let way = 0; way < WAYS; way++) {
      const at = bucket + way * WORDS
      if ((Atomics.load(words, at) & 1) !== 0) continue
      if (Atomics.load(words, at + 1) === low && Atomics.load(words, at + 2) === high) return at
      const expiry = Atomics.load(words, at + 3) >>> 0
      if (expiry < soonest) {
        soonest = expiry
        best = at
      }
    }
    return best
  }

  /** Hashes a command, each part behind its length, and gives the first word of its bucket. */
  #bucket(site: string, topic: Uint8Array, bytes: Uint8Array, start: number, end: number): number {
    const hash = this.#hash
    hash.begin()
    hash.byte(site.length)
    for (let i = 0; i < site.length; i++) {
      hash.byte(site.charCodeAt(i))
      hash.byte(site.charCodeAt(i) >>> 8)
    }
    hash.byte(topic.length)
    hash.byte(topic.length >>> 8)
    hash.bytes(topic, 0, topic.length)
    hash.bytes(bytes, start, end)
    hash.finish()
    return (hash.low & this.#mask) * WAYS * WORDS
  }
}
