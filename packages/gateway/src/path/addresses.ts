import type { Address } from '../contract/index.ts'

/** Direct-mapped entries, and topics a connection keeps at most; past that the book is begun anew. */
const NEAR = 16
const MOST = 256

// A leading U+FEFF is part of the topic (MQTT-1.5.4-3).
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/** Bytes of topics a connection keeps at most; longer topics than a sixty-fourth of it are worked out anew each time. */
const MOST_BYTES = 64 * 1024

interface Entry {
  readonly hash: number
  readonly address: Address
}

/**
 * A connection's addresses by their bytes, so that a decision on a topic is worked out once and then found by a compare.
 * Allocated at the first topic: an idle connection has none.
 */
export class AddressBook {
  #near: (Entry | null)[] | null = null
  #all: Map<string, Entry> | null = null
  #slots: number
  #bytes = 0

  /** @param slots how many guards keep something with an address. */
  constructor(slots: number) {
    this.#slots = slots
  }

  /** The address of a topic's bytes `[start, end)`; `hash` is any hash of them. */
  find(bytes: Uint8Array, start: number, end: number, hash: number): Address {
    this.#near ??= new Array<Entry | null>(NEAR).fill(null)
    const entry = this.#near[hash & (NEAR - 1)]
    if (entry !== null && entry.hash === hash && same(entry.address.bytes, bytes, start, end)) return entry.address
    return this.#seek(this.#near, bytes, start, end, hash)
  }

  /** The address of a text that was read already, such as a subscription's filter; it is not kept. */
  make(text: string): Address {
    return { bytes: new TextEncoder().encode(text), text, memo: new Array(this.#slots).fill(undefined) }
  }

  /** Forgets every decision: the configuration changed. */
  forget(slots: number): void {
    this.#slots = slots
    this.#near = null
    this.#all = null
    this.#bytes = 0
  }

  #seek(near: (Entry | null)[], bytes: Uint8Array, start: number, end: number, hash: number): Address {
    this.#all ??= new Map()
    const text = decoder.decode(bytes.subarray(start, end))
    let entry = this.#all.get(text)
    if (entry === undefined) {
      const address = { bytes: bytes.slice(start, end), text, memo: new Array(this.#slots).fill(undefined) }
      if (end - start > MOST_BYTES / 64) return address
      if (this.#all.size >= MOST || this.#bytes > MOST_BYTES) {
        this.#all.clear()
        this.#bytes = 0
      }
      this.#bytes += end - start
      entry = { hash, address }
      this.#all.set(text, entry)
    }
    near[hash & (NEAR - 1)] = entry
    return entry.address
  }
}

function same(known: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  const length = known.length
  if (length !== end - start) return false
  for (let i = 0; i < length; i++) if (known[i] !== bytes[start + i]) return false
  return true
}
