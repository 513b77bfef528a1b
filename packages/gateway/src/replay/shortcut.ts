import { type Flow, Ready, type ReadyFor, type Shortcut } from '@ringwall/wire/capture'
import { Conversation } from './conversation.ts'
import type { FramePlace } from './frames.ts'
import type { Observer } from './observer.ts'
import type { Clockwork } from './outlet.ts'

/** What takes messages that were read without it. */
export interface Taker {
  /** One, with all that asks for each. */
  take(c: Conversation, place: FramePlace, up: boolean, time: number): void
  /** So many, of which nobody wants to know more. */
  count(c: Conversation, count: number): void
}

/** Says which conversations may be read in one step from record to message, and hands their messages on. */
export class MessageShortcut implements Shortcut {
  readonly tells: boolean
  readonly #observers: readonly Observer[]
  readonly #moment: Clockwork
  readonly #taker: Taker
  readonly #place: { -readonly [Key in keyof FramePlace]: FramePlace[Key] } = {
    bytes: new Uint8Array(0),
    start: 0,
    body: 0,
    end: 0,
  }

  /** @param tells whether each message is asked about by somebody */
  constructor(tells: boolean, observers: readonly Observer[], moment: Clockwork, taker: Taker) {
    this.tells = tells
    this.#observers = observers
    this.#moment = moment
    this.#taker = taker
  }

  ready(flow: Flow): ReadyFor {
    const c = flow.state
    if (!(c instanceof Conversation) || c.over || !c.recognized || !c.transactions.connected) return Ready.NO
    // A version that nobody knows is not read as one that is.
    if (c.version < 3 || c.version > 5) return Ready.NO
    for (let i = 0; i < this.#observers.length; i++) {
      if (this.#observers[i].settled?.(c) === false) return Ready.NO
    }
    const begins = (c.up.idle ? Ready.UP : 0) | (c.down.idle ? Ready.DOWN : 0)
    return begins === 0 || c.version !== 5 ? begins : begins | Ready.FIVE
  }

  message(
    flow: Flow,
    up: boolean,
    bytes: Uint8Array,
    start: number,
    body: number,
    end: number,
    time: number,
    latest: number,
    packet: number,
  ): void {
    if (!(flow.state instanceof Conversation)) return
    const place = this.#place
    place.bytes = bytes
    place.start = start
    place.body = body
    place.end = end
    this.#moment.packet = packet
    if (latest > this.#moment.time) this.#moment.time = latest
    this.#taker.take(flow.state, place, up, time)
  }

  messages(flow: Flow, count: number): void {
    if (flow.state instanceof Conversation) this.#taker.count(flow.state, count)
  }
}
