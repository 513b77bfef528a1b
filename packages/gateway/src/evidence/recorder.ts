import type { Address, Decision, Finding, Principal } from '../contract/index.ts'
import { type Batch, DECISIONS, pack, RECORD, Word } from './batch.ts'
import { CONNACK_CODES, KINDS, type Kind } from './happening.ts'
import { shortName } from './names.ts'
import type { Secrets } from './secret.ts'

/** Happenings between two reports; 16,384 in a quarter of a second are more than a worker forwards. One megabyte. */
const MOST = 16_384
/** Messages leave so many places to what happens more seldom: that a connection opened must not be lost. */
const RESERVED = 2_048
/** A record of TLS holds at most some 3,300 messages; with more than this another one might find no room. */
const CROWDED = 10_000
/** Names that are known at once, and new ones between two reports: 25 MB where all are as long as they may be. */
const MOST_NAMES = 16_384
const MOST_NEW = 8_192
/** After so many reports names are told anew, so that a reader that was started anew knows them again within a minute. */
const RENEWED = 240

/** What is asked of a connection. */
export interface Peer {
  readonly id: number
  /** Address and port. */
  readonly peer: string
  readonly principal: Principal
  readonly scene: { readonly wall: number }
  readonly askedKeepAlive: number
}

/** What is asked of an act. */
export interface Message {
  readonly address: Address
  readonly payloadStart: number
  readonly payloadEnd: number
  readonly qos: number
  readonly retain: boolean
}

/** What is asked of a verdict's subject. */
export interface About {
  readonly device: string
  readonly peer: string
  readonly action: string
  readonly address: string
  readonly start: number
  readonly end: number
}

const NUMBER = Object.fromEntries(KINDS.map((kind, index) => [kind, index])) as Record<Kind, number>

/**
 * Takes down what happens on one worker's straight way, for others to look at: eight numbers a happening in memory that is
 * there already, texts once and by their number from then on. What finds no room is counted.
 */
export class Recorder {
  /** Whether anybody looks: nothing is taken down where nobody does. */
  recording = true
  readonly #records = new Float64Array(MOST * RECORD)
  readonly #names = new Map<string, number>()
  #new: string[] = []
  #from = 1
  #used = 0
  #dropped = 0
  #taken = 0
  readonly #secrets: Secrets

  constructor(secrets: Secrets) {
    this.#secrets = secrets
  }

  /** Whether another chunk might find no room. */
  get isCrowded(): boolean {
    return this.#used > CROWDED || this.#new.length > MOST_NEW / 2
  }

  opened(c: Peer, wall: number): void {
    const { device, roles } = c.principal
    const at = this.#place(MOST)
    if (at < 0) return
    this.#put(at, 'opened', wall, c.id)
    this.#texts(at, addressOf(c.peer), device, roles.join(' '))
  }

  /** @param bytes kept of a packet that is not whole. */
  progress(c: Peer, bytes: number): void {
    const at = this.#place(MOST - RESERVED)
    if (at < 0) return
    this.#put(at, 'progress', c.scene.wall, c.id)
    this.#records[at + Word.bytes] = bytes
  }

  /**
   * @param clean no session of before is wanted
   * @param bytes of the packet
   */
  connect(c: Peer, user: string, password: Uint8Array | undefined, will: string, clean: boolean, bytes: number): void {
    const at = this.#place(MOST)
    if (at < 0) return
    this.#put(at, 'connect', c.scene.wall, c.id, this.#text(will))
    this.#records[at + Word.head] = pack(NUMBER.connect, 0, false, 0, clean)
    this.#records[at + Word.bytes] = bytes
    this.#records[at + Word.a] = this.#text(user)
    this.#records[at + Word.b] = c.askedKeepAlive
    this.#records[at + Word.c] = this.#secrets.of(password)
  }

  connack(c: Peer, reason: number): void {
    const at = this.#place(MOST)
    if (at < 0) return
    this.#put(at, 'connack', c.scene.wall, c.id)
    this.#records[at + Word.a] = this.#text(CONNACK_CODES[reason] ?? 'other')
  }

  /** @param packet its identifier, 0 where nothing follows it. */
  message(c: Peer, kind: 'publish' | 'receive', act: Message, packet: number, dup = false): void {
    const at = this.#place(MOST - RESERVED)
    if (at < 0) return
    const records = this.#records
    const topic = this.#name(act.address.text)
    if (topic < 0) return this.#undo()
    records[at] = c.scene.wall
    records[at + Word.head] = pack(NUMBER[kind], act.qos, act.retain, 0, dup)
    records[at + Word.connection] = c.id
    records[at + Word.topic] = topic
    records[at + Word.bytes] = act.payloadEnd - act.payloadStart
    records[at + Word.a] = packet
  }

  filter(c: Peer, kind: 'subscribe' | 'unsubscribe', text: string, qos: number): void {
    const at = this.#place(MOST - RESERVED)
    if (at < 0) return
    const topic = this.#name(text)
    if (topic < 0) return this.#undo()
    this.#put(at, kind, c.scene.wall, c.id, topic)
    this.#records[at + Word.head] = pack(NUMBER[kind], qos)
  }

  acknowledge(c: Peer, code: string, packet: number): void {
    const at = this.#place(MOST - RESERVED)
    if (at < 0) return
    this.#put(at, 'acknowledge', c.scene.wall, c.id)
    this.#records[at + Word.a] = this.#text(code)
    this.#records[at + Word.b] = packet
  }

  /** An illegal packet. */
  fault(c: Peer, code: string): void {
    const at = this.#place(MOST)
    if (at < 0) return
    this.#put(at, 'fault', c.scene.wall, c.id)
    this.#records[at + Word.a] = this.#text(code)
  }

  /** @param wall milliseconds since the Unix epoch; where it is left out, the connection's own. */
  note(c: Peer, kind: 'ping' | 'disconnect' | 'closed', wall = c.scene.wall): void {
    const at = this.#place(kind === 'ping' ? MOST - RESERVED : MOST)
    if (at >= 0) this.#put(at, kind, wall, c.id)
  }

  verdict(decision: Decision, findings: readonly Finding[], about: About, wall: number): void {
    for (const { guard, code } of findings) {
      const at = this.#place(MOST - RESERVED)
      if (at < 0) return
      const topic = this.#name(about.address)
      if (topic < 0) return this.#undo()
      const kind = about.action === 'handshake' ? 'handshake' : 'verdict'
      this.#put(at, kind, wall, 0, topic)
      this.#records[at + Word.head] = pack(NUMBER[kind], 0, false, DECISIONS.indexOf(decision))
      this.#records[at + Word.bytes] = about.end - about.start
      this.#records[at + Word.connection] = this.#text(addressOf(about.peer))
      this.#texts(at, code, guard, about.device)
    }
  }

  /** All since the last call. */
  take(): Batch {
    const batch = {
      records: this.#records.slice(0, this.#used * RECORD),
      names: this.#new,
      from: this.#from,
      dropped: this.#dropped,
    }
    this.#used = 0
    this.#new = []
    if (this.#names.size > MOST_NAMES || ++this.#taken % RENEWED === 0) this.#names.clear()
    this.#from = this.#names.size + 1
    return batch
  }

  #place(most: number): number {
    if (!this.recording) return -1
    if (this.#used < most) return this.#used++ * RECORD
    this.#dropped++
    return -1
  }

  /** The place that was taken last is given back: one of its names found no room. */
  #undo(): void {
    this.#used--
    this.#dropped++
  }

  #put(at: number, kind: Kind, wall: number, connection: number, topic = 0): void {
    this.#records.fill(0, at, at + RECORD)
    this.#records[at] = wall
    this.#records[at + Word.head] = NUMBER[kind]
    this.#records[at + Word.connection] = connection
    this.#records[at + Word.topic] = topic
  }

  #texts(at: number, a: string, b: string, c: string): void {
    this.#records[at + Word.a] = this.#text(a)
    this.#records[at + Word.b] = this.#text(b)
    this.#records[at + Word.c] = this.#text(c)
  }

  /** The number of a text that is not what the happening is about; none where there is no more room for new ones. */
  #text(text: string): number {
    return Math.max(this.#name(text), 0)
  }

  /** The number of a text; -1 where there is no more room for new ones. */
  #name(text: string): number {
    const known = this.#names.get(text)
    if (known !== undefined) return known
    if (text === '') return 0
    const short = shortName(text)
    if (short !== text) return this.#name(short)
    if (this.#new.length >= MOST_NEW) return -1
    this.#new.push(text)
    this.#names.set(text, this.#from + this.#new.length - 1)
    return this.#from + this.#new.length - 1
  }
}

function addressOf(peer: string): string {
  return peer.slice(0, peer.lastIndexOf(':'))
}
