/** Which telemetry was published, by device and sequence number. */
export class Tally {
  readonly #published = new Map<string, Set<number>>()
  #count = 0

  /** Called once the broker's side has it (QoS 1) or the socket has it (QoS 0). */
  published(device: string, n: number): void {
    const numbers = this.#published.get(device) ?? new Set()
    this.#published.set(device, numbers)
    if (!numbers.has(n)) this.#count += 1
    numbers.add(n)
  }

  get count(): number {
    return this.#count
  }

  /** Published messages that `seen` does not know. */
  missing(seen: (device: string, n: number) => boolean): { device: string; n: number }[] {
    const found: { device: string; n: number }[] = []
    for (const [device, numbers] of this.#published)
      for (const n of numbers) if (!seen(device, n)) found.push({ device, n })
    return found
  }
}
