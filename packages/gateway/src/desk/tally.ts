import { type Counts, type Decision, noCounts } from '../contract/index.ts'

/** How often a guard's code led to a decision. */
export interface CodeCount {
  readonly guard: string
  readonly code: string
  readonly decision: Decision
  count: number
}

/** What one worker told last: counts since it began, and what is so now. */
export interface WorkerState {
  readonly counts: Counts
  readonly connections: number
  readonly buffered: number
}

/** Joins what the workers tell. A worker that died keeps its counts here, so that totals never fall. */
export class TallyBook {
  readonly #workers = new Map<number, WorkerState>()
  readonly #codes = new Map<string, CodeCount>()
  #ended: Counts = noCounts()

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

  get totals(): Counts {
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

function sum(a: Counts, b: Counts): Counts {
  const total = noCounts()
  for (const key of Object.keys(total) as (keyof Counts)[]) total[key] = a[key] + b[key]
  return total
}
