const THREAD = 0
const QUEUE = 1
const WORDS = 2

/**
 * Whether devices may be read: words that all workers look at before they judge a chunk. The ledger's thread and the main thread each set
 * their own, where `ledger.overload` is `block` and they do not keep up.
 */
export class SharedHold {
  readonly buffer: SharedArrayBuffer
  readonly #words: Int32Array

  constructor(buffer = new SharedArrayBuffer(WORDS * Int32Array.BYTES_PER_ELEMENT)) {
    this.buffer = buffer
    this.#words = new Int32Array(buffer)
  }

  get isOn(): boolean {
    return Atomics.load(this.#words, THREAD) !== 0 || Atomics.load(this.#words, QUEUE) !== 0
  }

  /** The disk does not follow. */
  set disk(isBehind: boolean) {
    Atomics.store(this.#words, THREAD, isBehind ? 1 : 0)
  }

  /** What is under way to the ledger's thread does not become less. */
  set queue(isBehind: boolean) {
    Atomics.store(this.#words, QUEUE, isBehind ? 1 : 0)
  }
}
