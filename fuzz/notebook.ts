import type { Finding } from '../packages/wire/fuzz/target.ts'

const LARGEST_INPUT = 65_536
const HEADER = 3 * Int32Array.BYTES_PER_ELEMENT

/** What the runner is trying right now, in shared memory, so that a hang can be told with its input. */
export class Notebook {
  readonly memory: SharedArrayBuffer
  readonly #words: Int32Array
  readonly #input: Uint8Array

  constructor(memory = new SharedArrayBuffer(HEADER + LARGEST_INPUT)) {
    this.memory = memory
    this.#words = new Int32Array(memory, 0, 3)
    this.#input = new Uint8Array(memory, HEADER)
  }

  /** Inputs begun so far; one that stays the same for long means a hang. */
  get begun(): number {
    return Atomics.load(this.#words, 0)
  }

  begin(seed: number, input: Uint8Array): void {
    this.#input.set(input.subarray(0, LARGEST_INPUT))
    this.#words[1] = seed
    this.#words[2] = Math.min(input.length, LARGEST_INPUT)
    Atomics.add(this.#words, 0, 1)
  }

  finding(why: string): Finding {
    return { why, seed: this.#words[1], input: this.#input.slice(0, this.#words[2]) }
  }
}
