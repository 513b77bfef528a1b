import type { Budget } from './frames.ts'

/** More or longer ones than a connection really has are not kept: what they stand for is then not known. */
const MOST = 256
const LONGEST = 1_024

/** What the topic aliases of one direction of a connection stand for; at most 256 KiB, and of all together what the budget has left. */
export class Aliases {
  #topics: Map<number, Uint8Array> | null = null
  readonly #budget: Budget

  constructor(budget: Budget) {
    this.#budget = budget
  }

  /** What an alias stands for; null where that is not known. */
  known(alias: number): Uint8Array | null {
    return this.#topics?.get(alias) ?? null
  }

  /**
   * The topic of a PUBLISH with an alias, whose content begins at `body`: null where its own counts, or nothing is known. An
   * alias that is defined anew stands for the new topic.
   */
  topicOf(alias: number, bytes: Uint8Array, body: number): Uint8Array | null {
    const length = (bytes[body] << 8) | bytes[body + 1]
    if (length === 0) return this.known(alias)
    this.#topics ??= new Map()
    this.#budget.left += this.#topics.get(alias)?.length ?? 0
    this.#topics.delete(alias)
    if (length > LONGEST || this.#topics.size >= MOST || length > this.#budget.left) return null
    this.#budget.left -= length
    this.#topics.set(alias, bytes.slice(body + 2, body + 2 + length))
    return null
  }

  /** The connection is over. */
  forget(): void {
    for (const topic of this.#topics?.values() ?? []) this.#budget.left += topic.length
    this.#topics = null
  }
}
