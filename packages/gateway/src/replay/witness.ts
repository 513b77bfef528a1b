import type { Closing } from '@ringwall/wire/capture'
import { numberProperty, PacketType, Property } from '@ringwall/wire/mqtt'
import { CONNACK_CODES, type Happening, happening, type Kind, messageOf } from '../evidence/happening.ts'
import type { Conversation } from './conversation.ts'
import type { Observer } from './observer.ts'
import type { Judgement, Moment, Outlet } from './outlet.ts'
import { propertiesEnd, u16 } from './places.ts'
import { Texts } from './texts.ts'

/** Of the length of properties, which is whole. */
function lengthBytes(bytes: Uint8Array, at: number): number {
  let count = 1
  while (count < 4 && bytes[at + count - 1] >= 0x80) count++
  return count
}

type Parts = Partial<Happening> & { readonly kind: Kind }

const ACKNOWLEDGEMENTS: Readonly<Record<number, string>> = {
  [PacketType.PUBACK]: 'puback',
  [PacketType.PUBREC]: 'pubrec',
  [PacketType.PUBREL]: 'pubrel',
  [PacketType.PUBCOMP]: 'pubcomp',
}
/** A second: as often as a connection's unfinished packet is told. */
const PROGRESS = 1_000

/** Tells the scenarios what happens in a capture, in the words in which the gateway tells it live. */
export class Witness implements Observer, Outlet {
  readonly #take: (happening: Happening) => void
  readonly #moment: Moment
  readonly #texts = new Texts()
  /** When a connection's progress was last told. */
  readonly #told = new WeakMap<Conversation, number>()
  /** Conversations whose fault was told: it is one to the floor, and may be one to the reader as well. */
  readonly #faulty = new WeakSet<Conversation>()

  constructor(take: (happening: Happening) => void, moment: Moment) {
    this.#take = take
    this.#moment = moment
  }

  opened(c: Conversation): void {
    this.#tell(c, { kind: 'opened' })
  }

  closed(c: Conversation, how: Closing): void {
    // Where the capture ends the connection need not have.
    if (how !== 'end') this.#tell(c, { kind: 'closed' })
  }

  progress(c: Conversation, bytes: number): void {
    if (this.#moment.time < (this.#told.get(c) ?? 0) + PROGRESS) return
    this.#told.set(c, this.#moment.time)
    this.#tell(c, { kind: 'progress', bytes })
  }

  lost(c: Conversation, why: 'malformed' | 'gap'): void {
    if (why === 'malformed') this.#fault(c, 'malformed')
  }

  judgement(c: Conversation, { decision, findings, action, address }: Judgement): void {
    for (const { guard, code } of findings) {
      if (guard === 'floor') this.#fault(c, code)
      else this.#tell(c, { kind: 'verdict', guard, code, decision, topic: action === 'connect' ? '' : address })
    }
  }

  packet(c: Conversation, up: boolean, bytes: Uint8Array, start: number, body: number, end: number): void {
    const type = bytes[start] >> 4
    switch (type) {
      case PacketType.PUBLISH:
        return this.#message(c, up, bytes, start, body, end)
      case PacketType.CONNECT: {
        const { user, secret, keepAlive, will, clean } = c.connect
        return this.#tell(c, { kind: 'connect', user, secret, keepAlive, clean, topic: will, bytes: end - start })
      }
      case PacketType.CONNACK: {
        const { user, secret } = c.connect
        return this.#tell(c, { kind: 'connack', user, secret, code: CONNACK_CODES[bytes[body + 1]] ?? 'refused' })
      }
      case PacketType.SUBSCRIBE:
      case PacketType.UNSUBSCRIBE:
        return this.#filters(c, bytes, body, end, type === PacketType.SUBSCRIBE)
      case PacketType.PINGREQ:
        return this.#tell(c, { kind: 'ping' })
      case PacketType.DISCONNECT:
        if (up) this.#tell(c, { kind: 'disconnect' })
        return
      default:
        if (up && type in ACKNOWLEDGEMENTS && end - body >= 2) {
          this.#tell(c, { kind: 'acknowledge', code: ACKNOWLEDGEMENTS[type], packet: u16(bytes, body) })
        }
    }
  }

  #message(c: Conversation, up: boolean, bytes: Uint8Array, start: number, body: number, end: number): void {
    const stop = body + 2 + u16(bytes, body)
    if (stop > end) return
    const qos = (bytes[start] >> 1) & 3
    const after = propertiesEnd(c.version, bytes, stop + (qos === 0 ? 0 : 2), end)
    if (after > end) return
    const place = stop + (qos === 0 ? 0 : 2)
    const topic = stop > body + 2 ? this.#texts.of(bytes, body + 2, stop) : this.#aliased(c, up, bytes, place, after)
    const packet = qos === 0 ? 0 : u16(bytes, stop)
    const kind = up ? 'publish' : 'receive'
    const [retain, dup] = [(bytes[start] & 1) !== 0, (bytes[start] & 8) !== 0]
    this.#take(messageOf(kind, this.#moment.time, c.party, topic, end - after, qos, retain, dup, packet))
  }

  /** The topic that a message without one stands for, by its alias in `[start, end)`; '' where that is not known. */
  #aliased(c: Conversation, up: boolean, bytes: Uint8Array, start: number, end: number): string {
    if (c.version !== 5) return ''
    const properties = start + lengthBytes(bytes, start)
    const alias = numberProperty(bytes, properties, end, Property.TOPIC_ALIAS, 0)
    const topic = (up ? c.aliasesUp : c.aliasesDown).known(alias)
    return topic === null ? '' : this.#texts.of(topic, 0, topic.length)
  }

  #filters(c: Conversation, bytes: Uint8Array, body: number, end: number, subscribes: boolean): void {
    const packet = u16(bytes, body)
    let at = propertiesEnd(c.version, bytes, body + 2, end)
    while (at + 2 < end) {
      const stop = at + 2 + u16(bytes, at)
      const next = subscribes ? stop + 1 : stop
      if (next > end) return
      const topic = this.#texts.of(bytes, at + 2, stop)
      const qos = subscribes ? bytes[stop] & 3 : 0
      this.#tell(c, { kind: subscribes ? 'subscribe' : 'unsubscribe', topic, qos, packet })
      at = next
    }
  }

  #fault(c: Conversation, code: string): void {
    if (this.#faulty.has(c)) return
    this.#faulty.add(c)
    this.#tell(c, { kind: 'fault', code })
  }

  #tell({ party }: Conversation, parts: Parts): void {
    this.#take(happening({ ...party, time: this.#moment.time, ...parts }))
  }
}
