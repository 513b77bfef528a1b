import type { Happening, Kind } from '../happening.ts'
import { COLUMNS } from './columns.ts'
import { Marks } from './marks.ts'
import { Peers } from './peers.ts'
import { SessionState } from './session.ts'
import { TopicShapes } from './topics.ts'

/** Sessions that are followed at once. */
const MOST_SESSIONS = 32_768

/** Where a window of a session ends, unless the session does before. */
export interface WindowSize {
  /** Milliseconds from its first happening on. */
  readonly span: number
  /** Happenings. */
  readonly most: number
}

/** What one session did in one window. Who it was stands beside the numbers and is none of them. */
export interface SessionRow {
  readonly connection: number
  readonly address: string
  readonly device: string
  /** Of its first and last happening, wall milliseconds. */
  readonly began: number
  readonly ended: number
  /** A number a column, in the order of `COLUMNS`; NaN where it is not known. */
  readonly values: Float64Array
}

/** What only a gateway sees, which would have no counterpart in a capture. */
const PASSED_OVER: ReadonlySet<Kind> = new Set(['handshake', 'verdict'])

/**
 * Makes rows of numbers of what happens in sessions, window by window: the same for a capture and live, because it takes nothing
 * but happenings. A row is a function of the happenings up to its last one, and not of when it is given away. A window ends after
 * its span, after so many happenings, with an illegal packet (the gateway ends the connection there), and with its session.
 */
export class SessionWindows {
  readonly #size: WindowSize
  readonly #each: (row: SessionRow) => void
  readonly #sessions = new Map<number, SessionState>()
  readonly #peers: Peers
  /** Sessions with a window that is open, in the order in which those began. */
  readonly #open = new Set<SessionState>()
  readonly #marks = new Marks()
  readonly #shapes = new TopicShapes(this.#marks)
  #crowdedOut = 0

  constructor(size: WindowSize, each: (row: SessionRow) => void) {
    this.#size = size
    this.#each = each
    this.#peers = new Peers(size.span)
  }

  /** Sessions and addresses that were forgotten because there was no room. */
  get evicted(): number {
    return this.#crowdedOut + this.#peers.evicted
  }

  take(happening: Happening): void {
    if (PASSED_OVER.has(happening.kind)) return
    const { kind, time, connection } = happening
    this.advance(time)
    // What is illegal in the broker's packets is nothing that the device did.
    if (kind === 'fault' && happening.code.startsWith('broker_')) return
    const known = this.#sessions.get(connection)
    if (known === undefined && kind === 'closed') return this.#closedUnmet(happening)
    const session = known ?? this.#met(happening)
    if (!session.over) this.#judge(session, happening)
    if (kind === 'closed') this.#forget(session)
  }

  /** Time has gone on to `time`, in wall milliseconds: windows that lasted long enough are given away. */
  advance(time: number): void {
    for (const session of this.#open) {
      if (time - session.began < this.#size.span) return
      this.#close(session)
    }
  }

  /** Gives away what is open: nothing more comes. */
  flush(): void {
    for (const session of this.#open) this.#close(session)
  }

  /** The gateway ends a connection with its illegal packet: what a capture has of it behind that, its end too, was never to be. */
  #judge(session: SessionState, happening: Happening): void {
    const { source, waits } = session
    source.take(happening, waits, this.#marks)
    this.#into(session, happening)
    if (session.over) source.take({ ...happening, kind: 'closed' }, waits, this.#marks)
  }

  #into(session: SessionState, happening: Happening): void {
    session.take(happening, this.#shapes)
    this.#open.add(session)
    const isLast = happening.kind === 'closed' || session.over || session.happenings >= this.#size.most
    if (isLast) this.#close(session)
  }

  #close(session: SessionState): void {
    this.#open.delete(session)
    const { connection, address, device, began, ended } = session
    const values = Float64Array.from(COLUMNS, ({ of }) => of(session))
    session.clear()
    this.#each({ connection, address, device, began, ended, values })
  }

  #met({ connection, address, time }: Happening): SessionState {
    if (this.#sessions.size >= MOST_SESSIONS) this.#makeRoom()
    const session = new SessionState(connection, address, this.#peers.sourceOf(address, time))
    this.#sessions.set(connection, session)
    this.#peers.add(session)
    return session
  }

  /** One that was forgotten ends: its address is told, and nobody makes room for it. */
  #closedUnmet(happening: Happening): void {
    this.#peers.sourceOf(happening.address, happening.time).take(happening, false, this.#marks)
  }

  /** Lets a session go of the address that has most; what is open of it is given away. */
  #makeRoom(): void {
    const first = this.#peers.foremost
    if (first === undefined) return
    if (first.isOpen) this.#close(first)
    first.source.lose(first.waits)
    this.#forget(first)
    this.#crowdedOut++
  }

  #forget(session: SessionState): void {
    this.#sessions.delete(session.connection)
    this.#peers.remove(session)
  }
}
