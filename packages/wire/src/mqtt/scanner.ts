import { append } from './append.ts'
import { readBody } from './body.ts'
import { Reason } from './codes.ts'
import { type Fault, fatalFault } from './fault.ts'
import type { Frame } from './frame.ts'
import { malformedLength, notShortest, reservedType } from './framing.ts'

const EMPTY = new Uint8Array(0)

export interface ScannerOptions {
  /** Which side's bytes these are. */
  readonly from: 'client' | 'server'
  /** Largest whole packet, in bytes. */
  readonly maxPacket: number
  /** Largest topic alias that may be used; 0 unless given. */
  readonly aliasMaximum?: number
  /** Refuses all that a receiver may refuse though it need not (`Fault.strict`); false unless given, and then the little that cannot be relaxed. */
  readonly strict?: boolean
}

/**
 * Takes the bytes of one direction of one connection, chunk by chunk, and moves from packet to packet:
 * `feed` a chunk, then call `next` until it answers false. Nothing is allocated for a legal PUBLISH or acknowledgement.
 *
 * Packets that lie whole in one chunk share the chunk as their `bytes`. Buffers are never written again once a packet
 * in them was shown, so a caller may keep and send a slice for as long as it likes.
 */
export class Scanner implements Frame {
  readonly fromClient: boolean
  /** A scanner of client bytes sets it when it meets CONNECT; for server bytes the caller does. */
  version: 0 | 4 | 5
  /** A larger packet is a fatal fault, found from its fixed header before anything of it is kept. */
  maxPacket: number
  aliasMaximum: number
  strict: boolean
  bytes: Uint8Array
  start: number
  body: number
  end: number
  type: number
  flags: number
  qos: number
  dup: boolean
  retain: boolean
  packetId: number
  reason: number
  topicStart: number
  topicEnd: number
  topicHash: number
  alias: number
  utf8Payload: boolean
  payloadStart: number
  payloadEnd: number
  propertiesStart: number
  propertiesEnd: number
  fault: Fault | null
  strictFault: Fault | null

  // What was fed and not yet consumed: [at, limit) of the chunk, after the copied beginning of an unfinished packet.
  #chunk: Uint8Array
  #at: number
  #limit: number
  #joined: boolean
  #own: Uint8Array
  #kept: number
  // Bytes of the unfinished packet that must be there before it is worth looking again.
  #need: number
  #lost: boolean

  constructor(options: ScannerOptions) {
    this.fromClient = options.from === 'client'
    this.version = 0
    this.maxPacket = options.maxPacket
    this.aliasMaximum = options.aliasMaximum ?? 0
    this.strict = options.strict ?? false
    this.bytes = EMPTY
    this.start = 0
    this.body = 0
    this.end = 0
    this.type = 0
    this.flags = 0
    this.qos = 0
    this.dup = false
    this.retain = false
    this.packetId = 0
    this.reason = 0
    this.topicStart = 0
    this.topicEnd = 0
    this.topicHash = 0
    this.alias = 0
    this.utf8Payload = false
    this.payloadStart = 0
    this.payloadEnd = 0
    this.propertiesStart = 0
    this.propertiesEnd = 0
    this.fault = null
    this.strictFault = null
    this.#chunk = EMPTY
    this.#at = 0
    this.#limit = 0
    this.#joined = false
    this.#own = EMPTY
    this.#kept = 0
    this.#need = 0
    this.#lost = false
  }

  /** Bytes copied and kept: the beginning of an unfinished packet, and chunks joined while the caller paused. */
  get held(): number {
    return this.#kept + (this.#joined ? this.#limit - this.#at : 0)
  }

  /** Bytes fed and not yet consumed, those held included. */
  get pending(): number {
    return this.#kept + this.#limit - this.#at
  }

  /** How far `bytes` holds what was received, once a packet was shown: behind its `end`, what will come next lies there already. */
  get received(): number {
    return this.bytes === this.#chunk ? this.#limit : this.end
  }

  /** Takes the bytes `[start, end)` of a chunk; it is referred to, not copied, until they are consumed. After a fatal fault it is ignored. */
  feed(chunk: Uint8Array, start = 0, end = chunk.length): void {
    if (this.#lost) return
    if (this.#at === this.#limit) {
      this.#chunk = chunk
      this.#at = start
      this.#limit = end
      this.#joined = false
    } else this.#join(chunk.subarray(start, end))
  }

  /**
   * Moves to the next whole packet. False when more bytes are needed, and for ever after a fatal fault was reported;
   * the frame's fields then mean nothing and `bytes` is released.
   */
  next(): boolean {
    if (this.#kept !== 0) return this.#resume()
    const next = this.#frame(this.#chunk, this.#at, this.#limit)
    if (next < 0) {
      if (this.#at !== this.#limit) this.#keep()
      return this.#stop()
    }
    this.#at = next
    return true
  }

  /** Goes on with an unfinished packet: takes what it still needs from the chunk, and no more. */
  #resume(): boolean {
    for (;;) {
      const taken = Math.min(this.#need - this.#kept, this.#limit - this.#at)
      this.#own = append(this.#own, this.#kept, this.#chunk, this.#at, taken, this.#need)
      this.#kept += taken
      this.#at += taken
      if (this.#kept < this.#need) return this.#stop()
      if (this.#frame(this.#own, 0, this.#kept) >= 0) {
        this.#own = EMPTY
        this.#kept = 0
        return true
      }
    }
  }

  /** Reads the frame at `start`. Answers where it ends, or -1 having set `#need` where it is not whole. */
  #frame(bytes: Uint8Array, start: number, limit: number): number {
    let at = start + 1
    let length = 0
    let shift = 0
    let byte = 0x80
    while (byte >= 0x80) {
      if (shift > 21) return this.#lose(bytes, start, at, malformedLength(at, this.version))
      if (at >= limit) {
        this.#need = at - start + 1
        return -1
      }
      byte = bytes[at++]
      length |= (byte & 0x7f) << shift
      shift += 7
    }
    const end = at + length
    if (end - start > this.maxPacket) return this.#lose(bytes, start, at, this.#tooLarge(end - start, start))
    if (bytes[start] < 0x10) return this.#lose(bytes, start, at, reservedType(start, this.version))
    if (end > limit) {
      this.#need = end - start
      return -1
    }
    this.#begin(bytes, start, at, end)
    readBody(this)
    if (byte === 0 && shift > 7 && this.version === 5 && this.strict) this.strictFault ??= notShortest(start)
    if (this.strictFault !== null && this.fault === null) this.fault = this.strictFault
    return end
  }

  #begin(bytes: Uint8Array, start: number, body: number, end: number): void {
    this.bytes = bytes
    this.start = start
    this.body = body
    this.end = end
    this.type = end === 0 ? 0 : bytes[start] >> 4
    this.flags = end === 0 ? 0 : bytes[start] & 15
    this.qos = 0
    this.dup = false
    this.retain = false
    this.packetId = 0
    this.reason = 0
    this.topicStart = body
    this.topicEnd = body
    this.topicHash = 0
    this.alias = 0
    this.utf8Payload = false
    this.payloadStart = end
    this.payloadEnd = end
    this.propertiesStart = body
    this.propertiesEnd = body
    this.fault = null
    this.strictFault = null
  }

  #keep(): void {
    const length = this.#limit - this.#at
    this.#own = append(EMPTY, 0, this.#chunk, this.#at, length, this.#need)
    this.#kept = length
    this.#at = this.#limit
  }

  #stop(): false {
    this.#begin(EMPTY, 0, 0, 0)
    this.#chunk = EMPTY
    this.#at = 0
    this.#limit = 0
    this.#joined = false
    return false
  }

  #join(chunk: Uint8Array): void {
    const length = this.#limit - this.#at
    const total = length + chunk.length
    if (!this.#joined || this.#limit + chunk.length > this.#chunk.length) {
      const joined = new Uint8Array(this.#joined ? 2 * total : total)
      joined.set(this.#chunk.subarray(this.#at, this.#limit))
      this.#chunk = joined
      this.#at = 0
      this.#limit = length
      this.#joined = true
    }
    this.#chunk.set(chunk, this.#limit)
    this.#limit += chunk.length
  }

  #lose(bytes: Uint8Array, start: number, body: number, found: Fault): number {
    this.#begin(bytes, start, body, body)
    this.fault = found
    this.#lost = true
    this.#chunk = EMPTY
    this.#at = body
    this.#limit = body
    this.#joined = false
    return body
  }

  #tooLarge(size: number, start: number): Fault {
    const clause = this.version !== 5 ? 'MQTT-2.2.3' : this.fromClient ? 'MQTT-3.2.2-15' : 'MQTT-3.1.2-24'
    const why = `a packet of ${size} bytes is announced, the largest allowed is ${this.maxPacket}`
    return fatalFault('packet_too_large', clause, why, Reason.PACKET_TOO_LARGE, start)
  }
}
