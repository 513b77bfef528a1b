import { type Frame, isFault, readConnack, readConnect, readSuback, readSubscribe } from '@ringwall/wire'
import type { Principal } from '../contract/index.ts'
import type { Opened } from '../seals/opened.ts'
import type { Connector } from './connector.ts'
import {
  joinSuback,
  type MirrorIdentity,
  type MirrorLimits,
  mirrorConnack,
  mirrorConnect,
  reduceSubscribe,
  spellOut,
  withoutSeal,
} from './edit.ts'
import type { Link } from './link.ts'

/** What the mirror must know of a connection. */
export interface Mirrored {
  readonly principal: Principal
  readonly session: { readonly version: 4 | 5 }
  /** Seconds. */
  readonly askedKeepAlive: number
  readonly assignedId: boolean
}

/** The mirrored upstream session: where it is opened, and the only packets whose bytes the gateway changes. */
export class Mirror {
  readonly #connector: Connector
  readonly #identity: MirrorIdentity
  limits: MirrorLimits

  constructor(connector: Connector, identity: MirrorIdentity, limits: MirrorLimits) {
    this.#connector = connector
    this.#identity = identity
    this.limits = limits
  }

  connect(principal: Principal): Promise<Link> {
    return this.#connector.connect(principal.device)
  }

  connectPacket(c: Mirrored, frame: Frame): Uint8Array {
    const connect = legal(readConnect(frame.bytes, frame.body, frame.end))
    return mirrorConnect(connect, c.principal.device, this.#identity, this.limits)
  }

  connackPacket(c: Mirrored, frame: Frame): Uint8Array {
    const connack = legal(readConnack(frame.bytes, frame.body, frame.end, c.session.version))
    const assignedId = c.assignedId ? c.principal.device : null
    return mirrorConnack(connack, this.limits, { keepAlive: c.askedKeepAlive, assignedId })
  }

  subscribePacket(c: Mirrored, frame: Frame, reasons: Uint8Array): Uint8Array {
    return reduceSubscribe(legal(readSubscribe(frame.bytes, frame.body, frame.end, c.session.version)), reasons)
  }

  subackPacket(c: Mirrored, frame: Frame, reasons: Uint8Array): Uint8Array {
    return joinSuback(legal(readSuback(frame.bytes, frame.body, frame.end, c.session.version)), reasons)
  }

  publishPacket(_c: Mirrored, frame: Frame, topic: Uint8Array): Uint8Array {
    return spellOut(frame, topic)
  }

  unsealedPacket(_c: Mirrored, frame: Frame, topic: Uint8Array | null, opened: Opened): Uint8Array {
    return withoutSeal(frame, topic, opened)
  }
}

/** The scanner and the session let only legal packets come this far. */
function legal<T extends object>(read: T): Exclude<T, { fatal: boolean }> {
  if (isFault(read)) throw new TypeError(`an illegal packet came through: ${read.why}`)
  return read as Exclude<T, { fatal: boolean }>
}
