import type { Happening, Kind } from '../happening.ts'
import { COLUMNS } from './columns.ts'
import { SessionState } from './session.ts'
import { Source } from './sources.ts'
import { TopicShapes } from './topics.ts'

/** Sessions and addresses that are followed at once: 4.5 KB for both where each session has 32 topics, so 150 MB where all are there. */
const MOST_SESSIONS = 32_768
const MOST_SOURCES = 16_384

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
  /** Sessions and addresses that were forgotten because there was no room. */
  evicted = 0
  readonly #size: WindowSize
  readonly #each: (row: SessionRow) => void
  readonly #sessions = new Map<number, SessionState>()
  readonly #sources = new Map<string, Source>()
  /** Sessions with a window that is open, in the order in which those began. */
  readonly #open = new Set<SessionState>()
  readonly #shapes = new TopicShapes()

  constructor(size: WindowSize, each: (row: SessionRow) => void) {
    this.#size = size
    this.#each = each
  }

  take(happening: Happening): void {
    if (PASSED_OVER.has(happening.kind)) return
    const { kind, time, connection } = happening
    this.advance(time)
    // What is illegal in the broker's packets is nothing that the device did.
    if (kind === 'fault' && happening.code.startsWith('broker_')) return
    const session = this.#sessions.get(connection) ?? this.#met(happening)
    session.source.take(happening, session.asked !== null)
    if (!session.over) this.#into(session, happening)
    if (kind === 'closed') this.#sessions.delete(connection)
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
    const session = new SessionState(connection, address, this.#sourceOf(address, time))
    this.#sessions.set(connection, session)
    return session
  }

  /** Lets the session go that was met first; what is open of it is given away. */
  #makeRoom(): void {
    const [first] = this.#sessions.values()
    if (first === undefined) return
    if (first.isOpen) this.#close(first)
    this.#sessions.delete(first.connection)
    this.evicted++
  }

  #sourceOf(address: string, time: number): Source {
    const known = this.#sources.get(address)
    if (known !== undefined) {
      // Behind all others: whom nothing was heard of for longest makes room first.
      this.#sources.delete(address)
      this.#sources.set(address, known)
      return known
    }
    if (this.#sources.size >= MOST_SOURCES) {
      const [first] = this.#sources.keys()
      this.#sources.delete(first)
      this.evicted++
    }
    const source = new Source(this.#size.span, time)
    this.#sources.set(address, source)
    return source
  }
}
