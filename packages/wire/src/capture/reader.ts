import { append } from '../mqtt/append.ts'
import type { CaptureFault } from './fault.ts'
import type { Format, PlainRecords, Shown } from './file/format.ts'
import { isPcap, Pcap } from './file/pcap.ts'
import { isPcapng, Pcapng } from './file/pcapng.ts'

const EMPTY = new Uint8Array(0)
const MAGIC = 4
const LARGEST_PACKET = 262_144

export interface CaptureReaderOptions {
  /** Largest captured packet in bytes; 262,144, tcpdump's own, unless given. A larger one is a fault. */
  readonly maxPacket?: number
}

/**
 * Reads a capture file, classic or pcapng as its first bytes tell, chunk by chunk, and moves from packet to packet: `feed`
 * a chunk, then call `next` until it answers false; at the end of the file `finish`. Nothing is allocated for a packet.
 *
 * A packet that lies whole in one chunk shares the chunk as its `bytes`; what is copied and kept of an unfinished one is
 * at most `maxPacket` and its header, or one interface's description of 64 KiB.
 */
export class CaptureReader implements Shown {
  time: number
  linkType: number
  bytes: Uint8Array
  start: number
  end: number
  originalLength: number
  /** Set where the file cannot be read any further. `next` then answers false for ever. */
  fault: CaptureFault | null

  readonly #maxPacket: number
  #format: Format | null
  // What was fed and not yet consumed: [at, limit) of the chunk, after the copied beginning of an unfinished step.
  #chunk: Uint8Array
  #at: number
  #limit: number
  #own: Uint8Array
  #kept: number
  // Bytes of the file before the step.
  #offset: number
  #skip: number

  constructor(options: CaptureReaderOptions = {}) {
    this.time = 0
    this.linkType = 0
    this.bytes = EMPTY
    this.start = 0
    this.end = 0
    this.originalLength = 0
    this.fault = null
    this.#maxPacket = options.maxPacket ?? LARGEST_PACKET
    this.#format = null
    this.#chunk = EMPTY
    this.#at = 0
    this.#limit = 0
    this.#own = EMPTY
    this.#kept = 0
    this.#offset = 0
    this.#skip = 0
  }

  /** Bytes copied and kept of what is not whole yet. */
  get held(): number {
    return this.#kept
  }

  /** Takes the file's next chunk; it is referred to, not copied. Call it when `next` has answered false. */
  feed(chunk: Uint8Array): void {
    if (this.fault !== null) return
    const left = this.#limit - this.#at
    const total = left + chunk.length
    this.#chunk =
      left === 0
        ? plain(chunk)
        : append(this.#chunk.subarray(this.#at, this.#limit), left, chunk, 0, chunk.length, total)
    this.#at = 0
    this.#limit = total
  }

  /** Moves to the next packet. False when more bytes are needed, and for ever after a fault. */
  next(): boolean {
    while (this.#pass()) {
      const whole = this.#kept === 0
      const need = whole ? this.#need(this.#chunk, this.#at, this.#limit) : this.#need(this.#own, 0, this.#kept)
      if (this.fault !== null) break
      if (whole && this.#at + need <= this.#limit) {
        this.#at += need
        if (this.#read(this.#chunk, this.#at - need, need)) return true
      } else if (this.#kept >= need) {
        const own = this.#own
        this.#own = EMPTY
        this.#kept = 0
        if (this.#read(own, 0, need)) return true
      } else if (!this.#keep(need)) break
    }
    this.bytes = EMPTY
    this.start = 0
    this.end = 0
    return false
  }

  /**
   * Lets somebody else read the plain records that come next. `pass` is given the chunk, the place where they begin, the end of what is there
   * and how they stand, and answers up to where it has read.
   */
  passBy(pass: (chunk: Uint8Array, at: number, limit: number, plain: PlainRecords) => number): void {
    const plain = this.#format?.plain ?? null
    if (plain === null || this.#kept > 0 || this.#skip > 0 || this.fault !== null) return
    const at = pass(this.#chunk, this.#at, this.#limit, plain)
    this.#offset += at - this.#at
    this.#at = at
  }

  /**
   * No more bytes come, and `next` has answered false. Answers the fault: a file that ends within a record has one, and so has
   * one that ends before its header does, of which nobody can say that it was a capture.
   */
  finish(): CaptureFault | null {
    if (this.fault === null && (this.#kept > 0 || this.#skip > 0 || this.#format?.complete !== true)) {
      if (this.#offset === 0) this.#fail('capture_empty', 'the file ends before the header of a capture', this.#kept)
      else this.#fail('capture_truncated', 'the file ends within a record', this.#kept)
    }
    return this.fault
  }

  /** Passes over what is of no interest; false where there is more of it than bytes, or no way on. */
  #pass(): boolean {
    if (this.#skip > 0) {
      const passed = Math.min(this.#skip, this.#limit - this.#at)
      this.#at += passed
      this.#skip -= passed
      this.#offset += passed
    }
    return this.#skip === 0 && this.fault === null
  }

  #need(bytes: Uint8Array, at: number, limit: number): number {
    if (this.#format === null) {
      if (limit - at < MAGIC) return MAGIC
      if (isPcap(bytes, at)) this.#format = new Pcap(this.#maxPacket)
      else if (isPcapng(bytes, at)) this.#format = new Pcapng(this.#maxPacket)
      else {
        const magic = Array.from(bytes.subarray(at, at + MAGIC), byte => byte.toString(16).padStart(2, '0')).join(' ')
        this.#fail('capture_magic', `a capture file, pcap or pcapng, does not begin with ${magic}`, 0)
        return 0
      }
    }
    const need = this.#format.need(bytes, at, limit)
    this.#blame(this.#format, 0)
    return need
  }

  #read(bytes: Uint8Array, at: number, length: number): boolean {
    const format = this.#format
    if (format === null) return false
    const packet = format.read(bytes, at, this)
    this.#offset += length
    this.#skip = format.skip
    this.#blame(format, length)
    return packet
  }

  /** Takes into its own buffer what the step needs and the chunk has; false where that is nothing. */
  #keep(need: number): boolean {
    const taken = Math.min(need - this.#kept, this.#limit - this.#at)
    this.#own = append(this.#own, this.#kept, this.#chunk, this.#at, taken, need)
    this.#kept += taken
    this.#at += taken
    return taken > 0
  }

  #blame(format: Format, read: number): void {
    const found = format.fault
    if (found !== null) this.#fail(found.code, found.why, found.at - read)
  }

  #fail(code: string, why: string, at: number): void {
    this.fault = { code, why, offset: this.#offset + at }
    this.#chunk = EMPTY
    this.#at = 0
    this.#limit = 0
    this.#own = EMPTY
    this.#kept = 0
  }
}

/** A Buffer's `slice` is no copy, a Uint8Array's is: so nobody who listens needs to know what the file was read into. */
function plain(chunk: Uint8Array): Uint8Array {
  return chunk.constructor === Uint8Array ? chunk : new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.length)
}
