import { LaneWord } from '../lanes/record.ts'

/** Gives out the words of a lane that a profile has. */
export class Layout {
  #next: number

  /** @param from the first that is free. */
  constructor(from: number = LaneWord.profileFirst) {
    this.#next = from
  }

  /** The first of so many words. What does not fit is found by `over`. */
  take(words: number): number {
    const first = this.#next
    this.#next += words
    return first
  }

  get next(): number {
    return this.#next
  }

  /** How many words more are asked for than a lane has. */
  get over(): number {
    return Math.max(0, this.#next - 1 - LaneWord.profileLast)
  }
}
