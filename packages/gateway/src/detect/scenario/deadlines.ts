/** What a slot's deadline takes at most: its entry, its places in the heap and in the set. */
export const DEADLINE_BYTES = 96

/**
 * Which slots have a deadline, the earliest first: a binary heap in which each slot stands at most once. A deadline that is
 * put off costs nothing: `due` learns the true one and puts the slot back.
 */
export class Deadlines {
  readonly #heap: Entry[] = []
  readonly #standing = new Set<number>()

  /** A slot has a deadline at this time, or later. */
  set(slot: number, time: number): void {
    if (this.#standing.has(slot)) return
    this.#standing.add(slot)
    this.#push({ time, slot })
  }

  /**
   * Hands out the slots that are due, in the order of their deadlines, and of their numbers where these are the same.
   * @param deadlineOf the true deadline of a slot; infinity where it has none any more.
   */
  due(now: number, deadlineOf: (slot: number) => number, each: (slot: number, time: number) => void): void {
    for (let first = this.#heap[0]; first !== undefined && first.time <= now; first = this.#heap[0]) {
      this.#pop()
      this.#standing.delete(first.slot)
      const time = deadlineOf(first.slot)
      if (time === first.time) each(first.slot, time)
      else if (time !== Number.POSITIVE_INFINITY) this.set(first.slot, time)
    }
  }

  #push(entry: Entry): void {
    const heap = this.#heap
    let at = heap.push(entry) - 1
    while (at > 0) {
      const up = (at - 1) >> 1
      if (!before(entry, heap[up])) break
      heap[at] = heap[up]
      at = up
    }
    heap[at] = entry
  }

  #pop(): void {
    const heap = this.#heap
    const last = heap.pop()
    if (last === undefined || heap.length === 0) return
    let at = 0
    for (;;) {
      let down = 2 * at + 1
      if (down >= heap.length) break
      if (down + 1 < heap.length && before(heap[down + 1], heap[down])) down++
      if (!before(heap[down], last)) break
      heap[at] = heap[down]
      at = down
    }
    heap[at] = last
  }
}

interface Entry {
  readonly time: number
  readonly slot: number
}

function before(a: Entry, b: Entry): boolean {
  return a.time < b.time || (a.time === b.time && a.slot < b.slot)
}
