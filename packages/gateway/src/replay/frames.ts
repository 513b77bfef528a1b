/** What `FrameReader.next` came to. */
export const Found = {
  /** More bytes are needed. */
  more: 0,
  /** A whole packet lies at `[start, end)` of `bytes`. */
  packet: 1,
  /** A packet that is longer than what is read of one: its fixed header is at `start`, `length` is all of it, it is passed over. */
  skipped: 2,
  /** The fixed header is none: nothing after it can be read. */
  broken: 3,
} as const
export type Found = (typeof Found)[keyof typeof Found]

const NOTHING = new Uint8Array(0)
const LONGEST_HEADER = 5

/** Where a whole packet lies. */
export interface FramePlace {
  readonly bytes: Uint8Array
  readonly start: number
  readonly body: number
  readonly end: number
}

/** The bytes of unfinished packets, and of what aliases stand for, that all connections together may keep. */
export interface Budget {
  left: number
}

/**
 * Cuts one direction of a connection into MQTT packets by nothing but their fixed headers, so that it also reads what no
 * standard allows. `feed`, then `next` until it answers `more`. What lies whole in the bytes that were fed is not copied; of an
 * unfinished packet at most `longest` bytes and a fixed header are kept.
 */
export class FrameReader implements FramePlace {
  bytes: Uint8Array = NOTHING
  start = 0
  body = 0
  end = 0
  /** The whole length of the packet, its fixed header included. */
  length = 0
  readonly #longest: number
  readonly #budget: Budget
  #fed: Uint8Array = NOTHING
  #at = 0
  #limit = 0
  #own: Uint8Array = NOTHING
  #kept = 0
  /** Bytes still to be passed over. */
  #passing = 0

  /** @param longest bytes after the fixed header of the longest packet that is read */
  constructor(longest: number, budget: Budget) {
    this.#longest = longest
    this.#budget = budget
  }

  /** The next bytes begin a packet. */
  get idle(): boolean {
    return this.#kept === 0 && this.#passing === 0
  }

  /** Bytes of an unfinished packet that are kept. */
  get kept(): number {
    return this.#kept
  }

  /** Takes bytes, which must stay as they are until `next` has answered `more`. */
  feed(bytes: Uint8Array, start: number, end: number): void {
    const passed = Math.min(this.#passing, end - start)
    this.#passing -= passed
    this.#fed = bytes
    this.#at = start + passed
    this.#limit = end
  }

  /** Forgets what was kept: the stream has a hole. */
  reset(): void {
    this.#drop()
    this.#passing = 0
    this.#at = this.#limit
    this.#release()
  }

  next(): Found {
    const found = this.#next()
    if (found === Found.more) this.#release()
    return found
  }

  #next(): Found {
    if (this.#kept > 0) return this.#resume()
    if (this.#at >= this.#limit) return Found.more
    const found = this.#frame(this.#fed, this.#at, this.#limit)
    if (found === Found.packet) this.#at = this.end
    else if (found === Found.more && !this.#keep(this.#limit - this.#at)) return Found.broken
    else if (found === Found.skipped) this.#pass(this.#limit - this.#at)
    return found
  }

  #resume(): Found {
    for (;;) {
      // The fixed header first, byte by byte; then all that the packet still needs.
      const need = this.length > this.#kept ? this.length - this.#kept : 1
      const taken = Math.min(need, this.#limit - this.#at)
      if (taken === 0) return Found.more
      if (!this.#keep(taken)) return Found.broken
      const found = this.#frame(this.#own, 0, this.#kept)
      if (found === Found.more) continue
      if (found === Found.skipped) this.#pass(this.#kept + this.#limit - this.#at)
      this.#drop()
      return found
    }
  }

  /** Reads the frame at `start`. `length` is 0 as long as its fixed header is not whole. */
  #frame(bytes: Uint8Array, start: number, limit: number): Found {
    this.length = 0
    let rest = 0
    for (let at = start + 1; at < start + LONGEST_HEADER; at++) {
      if (at >= limit) return Found.more
      rest |= (bytes[at] & 0x7f) << (7 * (at - start - 1))
      if (bytes[at] < 0x80) return this.#whole(bytes, start, at + 1, rest, limit)
    }
    return Found.broken
  }

  #whole(bytes: Uint8Array, start: number, body: number, rest: number, limit: number): Found {
    this.bytes = bytes
    this.start = start
    this.body = body
    this.end = body + rest
    this.length = this.end - start
    if (rest > this.#longest) return Found.skipped
    return this.end > limit ? Found.more : Found.packet
  }

  /** Passes over the packet of which `here` bytes are there. */
  #pass(here: number): void {
    const over = Math.max(0, here - this.length)
    this.#passing = Math.max(0, this.length - here)
    this.#at = this.#limit - over
  }

  /** Copies bytes to those that are kept. False where there is no room for more. */
  #keep(count: number): boolean {
    const total = this.#kept + count
    if (total > this.#own.length && !this.#grow(total)) return false
    this.#own.set(this.#fed.subarray(this.#at, this.#at + count), this.#kept)
    this.#kept = total
    this.#at += count
    return true
  }

  #grow(total: number): boolean {
    const size = Math.max(64, total, Math.min(2 * this.#own.length, this.length))
    if (size - this.#own.length > this.#budget.left) {
      this.#drop()
      return false
    }
    this.#budget.left -= size - this.#own.length
    const grown = new Uint8Array(size)
    grown.set(this.#own.subarray(0, this.#kept))
    this.#own = grown
    return true
  }

  /** What was read is no longer referred to: neither what was fed, nor a packet that was copied. */
  #release(): void {
    this.bytes = NOTHING
    this.#fed = NOTHING
  }

  #drop(): void {
    this.#budget.left += this.#own.length
    this.#own = NOTHING
    this.#kept = 0
  }
}
