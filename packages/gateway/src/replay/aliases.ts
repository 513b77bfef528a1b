/** More or longer ones than a connection really has are not kept: what they stand for is then not known. */
const MOST = 256
const LONGEST = 1_024

/** What the topic aliases of one direction of a connection stand for; at most 256 KiB. */
export class Aliases {
  #topics: Map<number, Uint8Array> | null = null

  /**
   * The topic of a PUBLISH with an alias, whose content begins at `body`: null where its own counts, or nothing is known. An
   * alias that is defined anew stands for the new topic.
   */
  topicOf(alias: number, bytes: Uint8Array, body: number): Uint8Array | null {
    const length = (bytes[body] << 8) | bytes[body + 1]
    if (length === 0) return this.#topics?.get(alias) ?? null
    this.#topics ??= new Map()
    this.#topics.delete(alias)
    const fits = length <= LONGEST && this.#topics.size < MOST
    if (fits) this.#topics.set(alias, bytes.slice(body + 2, body + 2 + length))
    return null
  }
}
