import {
  type Fault,
  isFault,
  LARGEST_PACKET,
  PacketType,
  packetName,
  Reason,
  readConnect,
  Scanner,
} from '@ringwall/wire'
import { Step } from '../contract/index.ts'
import { Session } from '../session/session.ts'

/** What the broker is taken to have granted. */
export interface InspectOptions {
  /** Refuse what a receiver may refuse, as `session.strict` does. Default: true. */
  readonly strict?: boolean
  /** The broker's topic alias maximum. Default: 65,535. */
  readonly aliases?: number
  /** Largest packet in bytes. Default: what MQTT can frame. */
  readonly maxPacket?: number
  /** The broker's receive maximum. Default: 65,535. */
  readonly receiveMaximum?: number
  /** Methods of extended authentication that are let through, as `session.authMethods`. Default: none. */
  readonly authMethods?: readonly string[]
}

/** The verdict on a stream. Packets count from 1, the offset is in bytes from the stream's beginning. */
export interface StreamVerdict {
  readonly verdict: 'accept' | 'reject'
  /** The fault's code, and whether a receiver may accept it nevertheless. */
  readonly code: string | null
  readonly strict: boolean
  readonly clause: string | null
  readonly why: string
  readonly packet: number | null
  readonly offset: number | null
}

/**
 * Judges all bytes that one client sent on one connection, by the gateway's own scanner and session. What the broker said is
 * not there: it is taken to have granted what the options say and to have answered at once, so that nothing is refused that a
 * legal client could have sent.
 */
export function inspectStream(bytes: Uint8Array, options: InspectOptions = {}): StreamVerdict {
  const inspection = new Inspection(options)
  inspection.feed(bytes)
  return inspection.end()
}

/** The same, chunk by chunk: of the stream only an unfinished packet is kept. */
export class Inspection {
  readonly #options: InspectOptions
  readonly #scanner: Scanner
  readonly #session: Session
  readonly #aliases = new Set<number>()
  #packets = 0
  /** Bytes that were fed, and those of them in whole packets. */
  #fed = 0
  #read = 0
  /** The first byte of the unfinished packet. */
  #first = 0
  #rejected: StreamVerdict | null = null

  constructor(options: InspectOptions = {}) {
    this.#options = options
    this.#scanner = new Scanner({
      from: 'client',
      maxPacket: options.maxPacket ?? LARGEST_PACKET,
      aliasMaximum: options.aliases ?? 65_535,
      strict: options.strict ?? true,
    })
    this.#session = new Session(options.receiveMaximum ?? 65_535)
  }

  /** Takes the next bytes; the chunk is free again when it returns. */
  feed(chunk: Uint8Array): void {
    if (this.#rejected !== null) return
    const scanner = this.#scanner
    scanner.feed(chunk)
    while (scanner.next()) {
      this.#packets++
      const fault = judge(scanner, this.#session, this.#aliases, this.#options)
      if (fault !== null) {
        this.#rejected = rejected(fault, this.#packets, this.#read + fault.offset - scanner.start)
        return
      }
      this.#read += scanner.end - scanner.start
    }
    if (this.#read >= this.#fed) this.#first = chunk[this.#read - this.#fed] ?? 0
    this.#fed += chunk.length
  }

  /** The verdict on all that was fed. */
  end(): StreamVerdict {
    if (this.#rejected !== null) return this.#rejected
    const left = this.#fed - this.#read
    if (left > 0 || this.#packets === 0) return this.#incomplete(left)
    const version = this.#session.version === 5 ? '5.0' : '3.1.1'
    const why = `${this.#packets} ${this.#packets === 1 ? 'packet' : 'packets'} of MQTT ${version}, all legal`
    return { verdict: 'accept', code: null, strict: false, clause: null, why, packet: null, offset: null }
  }

  #incomplete(left: number): StreamVerdict {
    const packet = this.#packets + 1
    const name = packetName(this.#first >> 4)
    const why =
      left === 0 ? 'there are no bytes' : `the stream ends within packet ${packet}, ${left} bytes into a ${name}`
    const clause = this.#session.version === 5 ? 'MQTT-2.1.4' : 'MQTT-2.2.3'
    return { verdict: 'reject', code: 'incomplete', strict: false, clause, why, packet, offset: this.#read }
  }
}

/** Judges the packet that the scanner stands on, and does what the broker's answer would have done. */
function judge(frame: Scanner, session: Session, aliases: Set<number>, options: InspectOptions): Fault | null {
  guessAnswers(frame, session)
  const step = session.fromClient(frame)
  if (step === Step.illegal) return session.fault
  if (step === Step.connect) return begin(frame, session, options)
  if (step === Step.crowded) return crowded(frame, session)
  if (frame.type === PacketType.PUBREL) session.up.completed(frame.packetId)
  if (frame.type !== PacketType.PUBLISH) return null
  session.up.forwarded(frame.packetId, frame.qos)
  if (frame.qos === 1) session.up.acknowledged(frame.packetId)
  if (frame.qos === 2) session.up.recorded(frame.packetId, Reason.SUCCESS)
  if (frame.alias === 0) return null
  if (frame.topicEnd > frame.topicStart) aliases.add(frame.alias)
  return aliases.has(frame.alias) ? null : unknownAlias(frame)
}

/** What the broker must have said before this packet, if its client was in its right. */
function guessAnswers(frame: Scanner, session: Session): void {
  if (frame.fault !== null || !session.connected) return
  const { type, packetId } = frame
  // An authentication is over with the first packet that cannot be a part of it.
  const partOfIt =
    type === PacketType.DISCONNECT || (type === PacketType.AUTH && frame.reason !== Reason.RE_AUTHENTICATE)
  if (!session.established) session.established = !session.authenticates || !partOfIt
  // A version 5 broker may have refused the former message with this identifier, which is free again then.
  const takesId = type === PacketType.PUBLISH || type === PacketType.SUBSCRIBE || type === PacketType.UNSUBSCRIBE
  if (session.version === 5 && takesId && packetId !== 0) session.up.completed(packetId)
}

function begin(frame: Scanner, session: Session, options: InspectOptions): Fault | null {
  const connect = readConnect(frame.bytes, frame.body, frame.end)
  if (isFault(connect)) return connect
  return session.begin(connect, options.authMethods ?? [])
}

function crowded(frame: Scanner, { up }: Session): Fault {
  const why = `more than ${up.receiveMaximum} messages of QoS 2 without PUBREL, whose PUBREC came`
  const place = { reason: Reason.RECEIVE_MAXIMUM_EXCEEDED, offset: frame.start }
  return { code: 'receive_maximum', clause: 'MQTT-3.3.4-7', why, fatal: false, ...place }
}

function unknownAlias(frame: Scanner): Fault {
  const why = `topic alias ${frame.alias} was not set on this connection`
  const place = { reason: Reason.PROTOCOL_ERROR, offset: frame.start }
  return { code: 'alias_unknown', clause: 'MQTT-3.3.2.3.4', why, fatal: false, ...place }
}

function rejected({ code, clause, why, strict = false }: Fault, packet: number, offset: number): StreamVerdict {
  return { verdict: 'reject', code, strict, clause, why, packet, offset }
}
