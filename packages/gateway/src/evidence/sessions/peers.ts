import { networkOf } from '../../base/network.ts'
import type { SessionState } from './session.ts'
import { Source } from './sources.ts'

/** Addresses that are remembered though no session of theirs is followed. */
const MOST_SOURCES = 16_384

/**
 * Addresses, and whose sessions are followed. What counts as one address is what counts as one at admission: an IPv6 network of 64
 * bits. Whoever has most sessions makes room first, so that one that opens many pushes out its own; an address without sessions is
 * forgotten before any other.
 */
export class Peers {
  /** Addresses that were forgotten because there was no room. */
  evicted = 0
  readonly #span: number
  /** Those with sessions, and the others, whom nothing was heard of for longest first. */
  readonly #busy = new Map<string, Source>()
  readonly #idle = new Map<string, Source>()
  readonly #sessions = new Map<Source, Set<SessionState>>()
  /** Addresses by how many sessions they have. */
  readonly #levels: Set<Source>[] = [new Set()]
  #most = 0

  /** @param span of the addresses' counts, in milliseconds */
  constructor(span: number) {
    this.#span = span
  }

  /** What is known of an address, from now on. */
  sourceOf(address: string, time: number): Source {
    const network = networkOf(address)
    const known = this.#busy.get(network) ?? this.#idle.get(network)
    if (known !== undefined) return known
    if (this.#busy.size + this.#idle.size >= MOST_SOURCES) this.#forget()
    const source = new Source(network, this.#span, time)
    this.#idle.set(network, source)
    return source
  }

  add(session: SessionState): void {
    const { source } = session
    const sessions = this.#sessions.get(source) ?? new Set()
    sessions.add(session)
    this.#sessions.set(source, sessions)
    this.#level(source, sessions.size - 1, sessions.size)
    this.#idle.delete(source.network)
    this.#busy.set(source.network, source)
  }

  remove(session: SessionState): void {
    const { source } = session
    const sessions = this.#sessions.get(source)
    if (sessions?.delete(session) !== true) return
    this.#level(source, sessions.size + 1, sessions.size)
    if (sessions.size > 0) return
    this.#sessions.delete(source)
    this.#busy.delete(source.network)
    this.#idle.set(source.network, source)
  }

  /** Who is to make room: the session that was met first, of the address that has most. */
  get foremost(): SessionState | undefined {
    const [source] = this.#levels[this.#most] ?? []
    const [session] = (source === undefined ? undefined : this.#sessions.get(source)) ?? []
    return session
  }

  #level(source: Source, from: number, to: number): void {
    this.#levels[from]?.delete(source)
    this.#levels[to] ??= new Set()
    if (to > 0) this.#levels[to].add(source)
    this.#most = Math.max(this.#most, to)
    while (this.#most > 0 && this.#levels[this.#most].size === 0) this.#most--
  }

  #forget(): void {
    const [network] = this.#idle.keys()
    if (network === undefined) return
    this.#idle.delete(network)
    this.evicted++
  }
}
