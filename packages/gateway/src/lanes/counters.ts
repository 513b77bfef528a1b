/**
 * Counts that admission shares between threads: connections and open handshakes, a column for each worker, so that what a
 * dead worker had open can be taken back; and connections by address, hashed like the words of `SharedLimits`.
 */
export class SharedCounters {
  readonly buffer: SharedArrayBuffer
  readonly #words: Int32Array
  readonly #workers: number

  /** @param memory the number of addresses' words to make, or the block that another thread made. */
  constructor(memory: number | SharedArrayBuffer, workers: number) {
    const head = workers * 2
    this.buffer =
      typeof memory === 'number' ? new SharedArrayBuffer((head + memory) * Int32Array.BYTES_PER_ELEMENT) : memory
    this.#words = new Int32Array(this.buffer)
    this.#workers = workers
  }

  /** Adds to a worker's open connections and returns the total of all workers. */
  connections(worker: number, change: number): number {
    Atomics.add(this.#words, worker, change)
    return this.#sum(0)
  }

  /** Adds to a worker's open handshakes and returns the total of all workers. */
  handshakes(worker: number, change: number): number {
    Atomics.add(this.#words, this.#workers + worker, change)
    return this.#sum(this.#workers)
  }

  /** Adds to the connections of an address's word and returns what the word holds then; never less than none. */
  address(slot: number, change: number): number {
    const word = this.#workers * 2 + slot
    for (;;) {
      const known = Atomics.load(this.#words, word)
      // Connections that are older than a worker's death are not counted any more: closing them must not make room.
      const next = Math.max(0, known + change)
      if (Atomics.compareExchange(this.#words, word, known, next) === known) return next
    }
  }

  /** Takes back what a dead worker had open. By address nothing can be told apart, so those counts start anew. */
  forget(worker: number): void {
    Atomics.store(this.#words, worker, 0)
    Atomics.store(this.#words, this.#workers + worker, 0)
    this.#words.fill(0, this.#workers * 2)
  }

  #sum(from: number): number {
    let total = 0
    for (let i = 0; i < this.#workers; i++) total += Atomics.load(this.#words, from + i)
    return total
  }
}
