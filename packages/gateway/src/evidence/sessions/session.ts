import { type Happening, KINDS, type Kind } from '../happening.ts'
import { Distinct } from './distinct.ts'
import { Moments } from './moments.ts'
import { SOURCE_FIGURES, type Source } from './sources.ts'
import type { TopicShapes } from './topics.ts'

/** Topics that are told apart in a window. */
const MOST_TOPICS = 32
const SECOND = 1_000

/** What the device itself does: the others come from the broker, or from the connection. */
const OWN: ReadonlySet<Kind> = new Set([
  'progress',
  'connect',
  'publish',
  'subscribe',
  'unsubscribe',
  'acknowledge',
  'ping',
  'disconnect',
  'fault',
])

/** What a CONNECT said about the session, but for who it was. */
export interface Asked {
  readonly clean: boolean
  readonly user: boolean
  readonly password: boolean
  readonly will: boolean
  /** Seconds; 0 switches it off. */
  readonly keepAlive: number
}

/** What one session did, in the window that is open and as far as it lasts before that. Times in milliseconds. */
export class SessionState {
  readonly connection: number
  readonly address: string
  device = ''
  readonly source: Source
  /** When it began; NaN where that is not known. */
  opened = Number.NaN
  asked: Asked | null = null
  /** From the connection to its CONNECT, and on to the answer; NaN where one of them is not known. */
  connectAfter = Number.NaN
  answerAfter = Number.NaN
  refused = Number.NaN
  /** An illegal packet came: the gateway ends such a connection, and what else a capture has of it was never to be. */
  over = false

  /** Of the window: its first and last happening, and the silence before it (NaN where nothing was before). */
  began = Number.NaN
  ended = Number.NaN
  silence = Number.NaN
  readonly counts = new Float64Array(KINDS.length)
  happenings = 0
  own = 0
  bytes = 0
  readonly sent = new Moments()
  readonly received = new Moments()
  readonly gaps = new Moments()
  readonly ownGaps = new Moments()
  /** The longest that the device was silent, also since before the window. */
  longestSilence = 0
  readonly qos = new Float64Array(3)
  retained = 0
  repeated = 0
  readonly depths = new Moments()
  readonly lengths = new Moments()
  readonly entropies = new Moments()
  wild = 0
  odd = 0
  waiting = 0
  readonly around = new Float64Array(SOURCE_FIGURES.length)
  readonly #topics = new Distinct(MOST_TOPICS)
  #connectedAt = Number.NaN
  #ownAt = Number.NaN

  constructor(connection: number, address: string, source: Source) {
    this.connection = connection
    this.address = address
    this.source = source
  }

  /** Whether it began, goes on and has sent no CONNECT yet. */
  get waits(): boolean {
    return this.asked === null && !this.over && !Number.isNaN(this.opened)
  }

  /** Whether a window is open. */
  get isOpen(): boolean {
    return this.happenings > 0
  }

  /** Different topics and filters, up to 32. */
  get topics(): number {
    return this.#topics.size
  }

  count(kind: Kind): number {
    return this.counts[KINDS.indexOf(kind)]
  }

  /** Takes what happened in it; the address's own counts have it already. */
  take(happening: Happening, shapes: TopicShapes): void {
    const { kind, time } = happening
    if (!this.isOpen) this.#begin(time)
    // The end of a connection is told by another clock, which may be a little behind.
    else this.gaps.add(Math.max(0, time - this.ended) / SECOND)
    this.ended = Math.max(time, this.isOpen ? this.ended : time)
    this.happenings++
    this.counts[KINDS.indexOf(kind)]++
    if (happening.device !== '') this.device = happening.device
    if (OWN.has(kind)) this.#heard(time)
    this.#note(happening, shapes)
    this.source.tell(time, this.around)
  }

  /** Forgets the window, and keeps what lasts. */
  clear(): void {
    this.counts.fill(0)
    this.qos.fill(0)
    for (const each of this.#moments) each.clear()
    this.#topics.clear()
    this.happenings = 0
    this.own = 0
    this.bytes = 0
    this.longestSilence = 0
    this.retained = 0
    this.repeated = 0
    this.wild = 0
    this.odd = 0
    this.waiting = 0
  }

  get #moments(): readonly Moments[] {
    return [this.sent, this.received, this.gaps, this.ownGaps, this.depths, this.lengths, this.entropies]
  }

  #begin(time: number): void {
    this.silence = (time - this.ended) / SECOND
    this.began = time
  }

  #heard(time: number): void {
    const gap = (time - this.#ownAt) / SECOND
    if (gap > this.longestSilence) this.longestSilence = gap
    if (this.own > 0) this.ownGaps.add(gap)
    this.own++
    this.#ownAt = time
  }

  #note(happening: Happening, shapes: TopicShapes): void {
    const { kind, time } = happening
    switch (kind) {
      case 'opened':
        this.opened = time
        return
      case 'progress':
        this.waiting = Math.max(this.waiting, happening.bytes)
        return
      case 'connect':
        return this.#connect(happening)
      case 'connack':
        this.refused = happening.code === 'accepted' ? 0 : 1
        this.answerAfter = (time - this.#connectedAt) / SECOND
        return
      case 'publish':
      case 'receive':
        return this.#message(happening, shapes)
      case 'subscribe':
      case 'unsubscribe':
        return this.#topic(happening.topic, shapes)
      case 'fault':
        this.over = true
    }
  }

  #connect({ time, clean, user, secret, topic, keepAlive }: Happening): void {
    this.asked = { clean, user: user !== '', password: secret !== 0, will: topic !== '', keepAlive }
    this.connectAfter = (time - this.opened) / SECOND
    this.#connectedAt = time
  }

  #message({ kind, topic, bytes, qos, retain, dup }: Happening, shapes: TopicShapes): void {
    this.bytes += bytes
    ;(kind === 'publish' ? this.sent : this.received).add(bytes)
    if (qos < this.qos.length) this.qos[qos]++
    if (retain) this.retained++
    if (dup) this.repeated++
    this.#topic(topic, shapes)
  }

  #topic(topic: string, shapes: TopicShapes): void {
    const { depth, length, entropy, wild, odd, mark } = shapes.of(topic)
    this.depths.add(depth)
    this.lengths.add(length)
    this.entropies.add(entropy)
    if (wild) this.wild++
    if (odd) this.odd++
    this.#topics.add(mark)
  }
}
