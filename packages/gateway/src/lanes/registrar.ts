import type { LaneTable } from './table.ts'

/** Who wants a lane: a session of a worker. Session numbers are unique within their worker. */
export interface Holder {
  readonly worker: number
  readonly session: number
  /** Where its peer calls from, an address. */
  readonly address?: string
}

/** What happens when a device that has a live session opens a second one. */
export type Takeover = 'keep' | 'replace'

export type LeaseAnswer =
  | { readonly kind: 'granted'; readonly index: number; readonly epoch: number }
  | { readonly kind: 'contested' }
  | { readonly kind: 'full' }

type Reply = (answer: LeaseAnswer) => void

interface Entry {
  readonly index: number
  holder: Holder | null
  next: { holder: Holder; reply: Reply } | null
}

export interface RegistrarActions {
  /** Asks the holder whether its session lives (policy `keep`): it answers with `alive`, or is on its way out and releases. */
  probe(holder: Holder): void
  /** Asks the holder to end its session, so that another may have the lane (policy `replace`). */
  revoke(holder: Holder): void
  /** A device has got a lane of its own; it keeps it until it is evicted. */
  assigned?(device: string, index: number): void
  /** A lane is about to be cleared for another device. */
  evicted?(device: string, index: number): void
}

/**
 * Leases lanes to sessions, in the main thread, so that a device's second session is decided by policy and not by which
 * worker got it. A lane is granted anew only after its holder gave it back or died with its worker.
 */
export class Registrar {
  readonly #table: LaneTable
  readonly #actions: RegistrarActions
  readonly #entries = new Map<string, Entry>()
  #used = 0

  constructor(table: LaneTable, actions: RegistrarActions) {
    this.#table = table
    this.#actions = actions
  }

  /** Devices with a live session. */
  get leased(): number {
    let count = 0
    for (const entry of this.#entries.values()) if (entry.holder !== null) count++
    return count
  }

  /** The lanes that devices have, with or without a session. */
  *lanes(): Generator<readonly [device: string, index: number]> {
    for (const [device, { index }] of this.#entries) yield [device, index]
  }

  /** The lane that a device has, with or without a session; -1 where it has none. */
  laneOf(device: string): number {
    return this.#entries.get(device)?.index ?? -1
  }

  /** How many devices have a session from where this fits. */
  count(fits: (address: string) => boolean): number {
    let count = 0
    for (const { holder } of this.#entries.values()) if (holder?.address !== undefined && fits(holder.address)) count++
    return count
  }

  /** Who holds a device's lane now; null where nobody does. */
  holderOf(device: string): Holder | null {
    return this.#entries.get(device)?.holder ?? null
  }

  /** Grants, refuses or queues a lease; `reply` is called once, now or when the former holder is gone. */
  lease(device: string, holder: Holder, takeover: Takeover, reply: Reply): void {
    const entry = this.#entry(device)
    if (entry === null) return reply({ kind: 'full' })
    if (entry.holder === null) return this.#grant(entry, holder, reply)
    // Only the latest comer waits: of three connections of one device, the one in the middle is gone already.
    entry.next?.reply({ kind: 'contested' })
    entry.next = { holder, reply }
    if (takeover === 'keep') this.#actions.probe(entry.holder)
    else this.#actions.revoke(entry.holder)
  }

  /** The holder's session lives: whoever waits for the lane is turned away. */
  alive(device: string, holder: Holder): void {
    const entry = this.#entries.get(device)
    if (entry?.next == null || entry.holder === null || !same(entry.holder, holder)) return
    const { reply } = entry.next
    entry.next = null
    reply({ kind: 'contested' })
  }

  /** Takes a lane back, or a place in the queue for it. Unknown holders are passed over: they were replaced. */
  release(device: string, holder: Holder): void {
    const entry = this.#entries.get(device)
    if (entry === undefined) return
    if (entry.next !== null && same(entry.next.holder, holder)) entry.next = null
    else if (entry.holder !== null && same(entry.holder, holder)) this.#free(entry)
  }

  /** Takes back all that a dead worker held. */
  releaseWorker(worker: number): void {
    for (const entry of this.#entries.values()) {
      if (entry.next?.holder.worker === worker) entry.next = null
      if (entry.holder?.worker === worker) this.#free(entry)
    }
  }

  #free(entry: Entry): void {
    entry.holder = null
    const next = entry.next
    entry.next = null
    if (next !== null) this.#grant(entry, next.holder, next.reply)
  }

  #grant(entry: Entry, holder: Holder, reply: Reply): void {
    entry.holder = holder
    reply({ kind: 'granted', index: entry.index, epoch: this.#table.advance(entry.index) })
  }

  #entry(device: string): Entry | null {
    const known = this.#entries.get(device)
    if (known !== undefined) {
      // Least recently used first: Map keeps insertion order.
      this.#entries.delete(device)
      this.#entries.set(device, known)
      return known
    }
    const index = this.#used < this.#table.capacity ? this.#used++ : this.#evict()
    if (index === -1) return null
    const entry: Entry = { index, holder: null, next: null }
    this.#entries.set(device, entry)
    this.#actions.assigned?.(device, index)
    return entry
  }

  #evict(): number {
    for (const [device, entry] of this.#entries) {
      if (entry.holder !== null) continue
      this.#entries.delete(device)
      this.#actions.evicted?.(device, entry.index)
      this.#table.clear(entry.index)
      return entry.index
    }
    return -1
  }
}

function same(a: Holder, b: Holder): boolean {
  return a.worker === b.worker && a.session === b.session
}
