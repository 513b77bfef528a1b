/** More different texts than this are no enumeration. */
const MOST_STATES = 8
/** How often each text of an enumeration must have been seen on the average. */
const OFTEN = 10

/** What one device's texts in one field look like. Constant memory. */
export class TextField {
  count = 0
  longest = 0
  #always = { device: true, site: true }
  readonly #seen = new Map<string, number>()

  add(text: string, device: string, site: string): void {
    this.count++
    this.longest = Math.max(this.longest, [...text].length)
    if (text !== device) this.#always.device = false
    if (text !== site) this.#always.site = false
    if (this.#seen.has(text) || this.#seen.size <= MOST_STATES) this.#seen.set(text, (this.#seen.get(text) ?? 0) + 1)
  }

  /** `${device}` or `${site}` where the text was always that. */
  get placeholder(): string | null {
    if (this.#always.device) return '${device}'
    return this.#always.site ? '${site}' : null
  }

  /** The few texts that the field takes, or null where they are many. */
  get states(): string[] | null {
    const { size } = this.#seen
    if (size > MOST_STATES || (size > 1 && this.count < OFTEN * size)) return null
    return [...this.#seen.keys()].sort()
  }

  join(other: TextField): void {
    this.count += other.count
    this.longest = Math.max(this.longest, other.longest)
    this.#always.device &&= other.#always.device
    this.#always.site &&= other.#always.site
    for (const [text, count] of other.#seen) {
      if (this.#seen.has(text) || this.#seen.size <= MOST_STATES)
        this.#seen.set(text, (this.#seen.get(text) ?? 0) + count)
    }
  }
}
