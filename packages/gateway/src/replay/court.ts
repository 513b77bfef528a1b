import { type Connect, type Fault, isFault, PacketType, readConnack, readConnect, Scanner } from '@ringwall/wire/mqtt'
import { Step } from '../contract/index.ts'
import { Session } from '../session/session.ts'
import type { Conversation } from './conversation.ts'
import type { Missing } from './missing.ts'
import type { Observer } from './observer.ts'
import type { Judgement, Outlet } from './outlet.ts'

/** What the gateway is configured to be, as far as the floor asks. */
export interface FloorOptions {
  readonly strict: boolean
  readonly inflight: number
  readonly aliases: number
  readonly maxPacket: number
  readonly authMethods: readonly string[]
}

/** Who is asked about the acts of a conversation once the floor found a packet legal. */
export interface Bench {
  connect(c: Conversation, frame: Scanner, connect: Connect): void
  /** Anything else; `step` is what the session made of the packet. */
  packet(c: Conversation, frame: Scanner, step: Step, session: Session): void
  closed(c: Conversation): void
}

interface Case {
  readonly up: Scanner
  readonly down: Scanner
  readonly session: Session
  /** The server has been heard. */
  heard: boolean
}

/**
 * Judges conversations by the floor as the gateway would have: its own scanners and session. A conversation's first fault ends
 * the judging of it, for there the gateway would have ended the connection. What cannot be known from the capture is counted
 * as not evaluable, never guessed.
 */
export class Court implements Observer {
  readonly #options: FloorOptions
  readonly #outlets: readonly Outlet[]
  readonly #missing: Missing
  readonly #bench: Bench | null

  constructor(options: FloorOptions, outlets: readonly Outlet[], missing: Missing, bench: Bench | null) {
    this.#options = options
    this.#outlets = outlets
    this.#missing = missing
    this.#bench = bench
  }

  opened(c: Conversation): void {
    if (c.holed) return this.#missing.add('floor', 'the connection began before the capture, or its beginning is lost')
    const { strict, inflight, aliases, maxPacket } = this.#options
    const both = { maxPacket, strict }
    c.case = {
      up: new Scanner({ from: 'client', ...both, aliasMaximum: aliases }),
      down: new Scanner({ from: 'server', ...both, aliasMaximum: aliases }),
      session: new Session(inflight),
      heard: false,
    }
  }

  packet(c: Conversation, up: boolean, bytes: Uint8Array, start: number, _body: number, end: number): void {
    const found = c.case as Case | null
    if (found === null) return
    const frame = up ? found.up : found.down
    frame.feed(bytes, start, end)
    // Whole packets are fed: `next` is false only after a fault that ended the reading.
    if (!frame.next()) return
    if (up) this.#fromClient(c, found, frame)
    else this.#fromServer(c, found, frame)
    // There is no other: the scanner lets go of the packet, which may be large.
    frame.next()
  }

  /** Without a bench there is nothing that it would say to a legal packet that is no part of an exchange. */
  get takesLegal(): boolean {
    return this.#bench !== null
  }

  /** From here on such a packet can only be legal, as far as the floor judges at all. */
  settled(c: Conversation): boolean {
    const found = c.case as Case | null
    return found === null || (found.heard && found.session.open)
  }

  lost(c: Conversation, why: 'malformed' | 'gap'): void {
    if (c.case === null) return
    if (why === 'gap') this.#missing.add('floor', 'a part of the connection is missing in the capture')
    this.#end(c)
  }

  closed(c: Conversation): void {
    this.#end(c)
  }

  #fromClient(c: Conversation, { session, heard, down }: Case, frame: Scanner): void {
    if (frame.type === PacketType.CONNECT && !session.connected && isOld(frame)) {
      this.#missing.add('floor', 'MQTT 3.1, which the gateway does not carry')
      return this.#end(c)
    }
    if (!heard) answerUnheard(frame, session)
    const step = session.fromClient(frame)
    if (step === Step.illegal) return this.#illegal(c, session.fault, true, frame)
    if (step !== Step.connect) {
      this.#bench?.packet(c, frame, step === Step.crowded ? Step.publish : step, session)
      if (frame.type === PacketType.PUBLISH) session.up.forwarded(frame.packetId, frame.qos)
      return
    }
    const connect = readConnect(frame.bytes, frame.body, frame.end)
    if (isFault(connect)) return this.#illegal(c, connect, true, frame)
    const wrong = session.begin(connect, this.#options.authMethods)
    if (wrong !== null) return this.#illegal(c, wrong, true, frame)
    // Nobody here asks the session who it is, and that may be long.
    session.clientId = ''
    down.version = session.version
    // 3.1.1 has no receive maximum, and what the gateway would have made of a large one is not this client's fault.
    session.up.receiveMaximum = 65_535
    this.#bench?.connect(c, frame, connect)
  }

  #fromServer(c: Conversation, found: Case, frame: Scanner): void {
    const { session, up } = found
    found.heard = true
    const step = session.fromServer(frame)
    if (step === Step.illegal) return this.#illegal(c, session.fault, false, frame)
    if (step === Step.connack) {
      const answer = readConnack(frame.bytes, frame.body, frame.end, session.version)
      if (!isFault(answer) && answer.reason === 0) {
        session.established = true
        up.aliasMaximum = answer.topicAliasMaximum
      }
    } else this.#bench?.packet(c, frame, step, session)
    if (frame.type === PacketType.PUBLISH) session.down.forwarded(frame.packetId, frame.qos)
  }

  #illegal(c: Conversation, fault: Fault | null, fromClient: boolean, frame: Scanner): void {
    const { code, clause, why } = fault ?? { code: 'malformed', clause: '', why: 'illegal packet' }
    const finding = {
      guard: 'floor',
      code: fromClient ? code : `broker_${code}`,
      severity: 'medium',
      clause,
      why,
    } as const
    const judgement: Judgement = {
      decision: 'disconnect',
      findings: [finding],
      device: c.connect.clientId,
      action: frame.type === PacketType.CONNECT ? 'connect' : 'packet',
      address: '',
      fromClient,
    }
    this.#end(c)
    for (const outlet of this.#outlets) outlet.judgement?.(c, judgement)
  }

  #end(c: Conversation): void {
    if (c.case === null) return
    c.case = null
    this.#bench?.closed(c)
  }
}

/** A CONNECT of MQTT 3.1: `MQIsdp`, level 3. */
function isOld({ bytes, body, end }: Scanner): boolean {
  return end - body > 8 && bytes[body + 1] === 6 && bytes[body + 2] === 0x4d && bytes[body + 8] === 3
}

/** Where only the client's side was captured, what it awaits is taken to have come before it uses an identifier again. */
function answerUnheard(frame: Scanner, session: Session): void {
  if (!session.connected || frame.fault !== null) return
  // An authentication goes on only with a server that is heard.
  if (session.authenticates && frame.type !== PacketType.AUTH) session.established = true
  if (frame.packetId === 0 || frame.type === PacketType.PUBREL) return
  session.up.acknowledged(frame.packetId)
  session.up.recorded(frame.packetId, 0)
  session.up.completed(frame.packetId)
}
