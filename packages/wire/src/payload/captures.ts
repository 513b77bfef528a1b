/**
 * The values that a check took out of a payload, by the slots that its shape gives. Reused by every check of a worker:
 * valid until the next one.
 */
export class Captures {
  /** NaN where the payload has no such value. */
  readonly values: Float64Array
  /** Where the value's own bytes (a number's digits, a string's text without its quotes) begin and end in the payload's buffer. */
  readonly starts: Uint32Array
  readonly ends: Uint32Array

  /** @param slots how many values any payload of the profiles has. */
  constructor(slots: number) {
    this.values = new Float64Array(slots)
    this.starts = new Uint32Array(slots)
    this.ends = new Uint32Array(slots)
  }

  /** Forgets the first so many slots. */
  clear(slots: number): void {
    for (let slot = 0; slot < slots; slot++) this.values[slot] = Number.NaN
  }

  set(slot: number, value: number, start: number, end: number): void {
    this.values[slot] = value
    this.starts[slot] = start
    this.ends[slot] = end
  }
}
