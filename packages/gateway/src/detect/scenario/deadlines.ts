import { Heap } from '../../base/heap.ts'

/** What a slot's deadline takes at most: its entry, its places in the heap and in the set. */
export const DEADLINE_BYTES = 96

/**
 * Which slots have a deadline, the earliest first: a binary heap in which each slot stands at most once. A deadline that is
 * put off costs nothing: `due` learns the true one and puts the slot back.
 */
export class Deadlines {
  readonly #heap = new Heap<Entry>(before)
  readonly #standing: Uint8Array

  /** @param most slots. */
  constructor(most: number) {
    this.#standing = new Uint8Array(most)
  }

  /** Before this time none is due. */
  get first(): number {
    return this.#heap.first?.time ?? Number.POSITIVE_INFINITY
  }

  /** Whether a slot stands here already: its deadline need not be set again. */
  has(slot: number): boolean {
    return this.#standing[slot] !== 0
  }

  /** A slot has a deadline at this time, or later. */
  set(slot: number, time: number): void {
    if (this.has(slot)) return
    this.#standing[slot] = 1
    this.#heap.push({ time, slot })
  }

  /**
   * Hands out the slots that are due, in the order of their deadlines, and of their numbers where these are the same.
   * @param deadlineOf the true deadline of a slot; infinity where it has none any more.
   */
  due(now: number, deadlineOf: (slot: number) => number, each: (slot: number, time: number) => void): void {
    for (let first = this.#heap.first; first !== undefined && first.time <= now; first = this.#heap.first) {
      this.#heap.pop()
      this.#standing[first.slot] = 0
      const time = deadlineOf(first.slot)
      if (time === first.time) each(first.slot, time)
      else if (time !== Number.POSITIVE_INFINITY) this.set(first.slot, time)
    }
  }
}

interface Entry {
  readonly time: number
  readonly slot: number
}

function before(a: Entry, b: Entry): boolean {
  return a.time < b.time || (a.time === b.time && a.slot < b.slot)
}
