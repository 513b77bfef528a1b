import type { Decision } from '../contract/index.ts'

/** Counts since the gateway began, of all its workers. */
export interface Totals {
  accepted: number
  acts: number
  forwarded: number
  delivered: number
  refused: number
  throttled: number
  bytesUp: number
  bytesDown: number
}

/** How often a guard's code led to a decision. */
export interface CodeCount {
  readonly guard: string
  readonly code: string
  readonly decision: Decision
  count: number
}

/** What one worker told last: counts since it began, and what is so now. */
export interface WorkerState {
  readonly counts: Totals
  readonly connections: number
  readonly buffered: number
}

const NONE: Totals = {
  accepted: 0,
  acts: 0,
  forwarded: 0,
  delivered: 0,
  refused: 0,
  throttled: 0,
  bytesUp: 0,
  bytesDown: 0,
}

/** Joins what the workers tell. A worker that died keeps its counts here, so that totals never fall. */
export class TallyBook {
  readonly #workers = new Map<number, WorkerState>()
  readonly #codes = new Map<string, CodeCount>()
  #ended: Totals = { ...NONE }

  update(worker: number, state: WorkerState): void {
    this.#workers.set(worker, state)
  }

  count({ guard, code, decision, count }: CodeCount): void {
    const key = `${guard} ${code} ${decision}`
    const known = this.#codes.get(key)
    if (known === undefined) this.#codes.set(key, { guard, code, decision, count })
    else known.count += count
  }

  /** A worker died; another will begin at zero under its number. */
  end(worker: number): void {
    const state = this.#workers.get(worker)
    if (state !== undefined) this.#ended = sum(this.#ended, state.counts)
    this.#workers.delete(worker)
  }

  get totals(): Totals {
    let totals = this.#ended
    for (const { counts } of this.#workers.values()) totals = sum(totals, counts)
    return totals
  }

  get connections(): number {
    return [...this.#workers.values()].reduce((total, each) => total + each.connections, 0)
  }

  /** Bytes kept for unfinished packets and waiting sends. */
  get buffered(): number {
    return [...this.#workers.values()].reduce((total, each) => total + each.buffered, 0)
  }

  get codes(): readonly CodeCount[] {
    return [...this.#codes.values()]
  }
}

function sum(a: Totals, b: Totals): Totals {
  return {
    accepted: a.accepted + b.accepted,
    acts: a.acts + b.acts,
    forwarded: a.forwarded + b.forwarded,
    delivered: a.delivered + b.delivered,
    refused: a.refused + b.refused,
    throttled: a.throttled + b.throttled,
    bytesUp: a.bytesUp + b.bytesUp,
    bytesDown: a.bytesDown + b.bytesDown,
  }
}
