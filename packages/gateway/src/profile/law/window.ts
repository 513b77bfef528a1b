/** How many parts a drift window has. It covers the running part and the eleven before: 11/12 of its length at least. */
const PARTS = 12

/** Words that a drift window has in the lane: the running part's number, then a sum and a count for each part. */
export const WINDOW_WORDS = 1 + 2 * PARTS

/** A mean is judged once at least so many parts hold something: a single message's noise is no drift. */
const LEAST_PARTS = PARTS / 2

/** A law's residuals over the last so many milliseconds, summed by parts in words of the lane, so that memory is bounded. */
export class DriftWindow {
  readonly kind: 'sum' | 'mean'
  readonly limit: number
  /** Milliseconds. */
  readonly length: number
  readonly #part: number

  constructor(length: number, kind: 'sum' | 'mean', limit: number) {
    this.length = length
    this.kind = kind
    this.limit = limit
    this.#part = length / PARTS
  }

  /** What the window comes to with one more residual; 0 for a mean over too little. */
  with(residual: number, time: number, words: Float64Array, at: number): number {
    const running = Math.floor(time / this.#part)
    const head = words[at]
    let sum = residual
    let count = 1
    let filled = 0
    const first = Math.max(running, head) - PARTS + 1
    let word = at + 1 + 2 * slotOf(first)
    for (let part = first; part <= head; part++) {
      if (words[word + 1] !== 0) {
        sum += words[word]
        count += words[word + 1]
        filled++
      }
      word = word === at + 2 * PARTS - 1 ? at + 1 : word + 2
    }
    if (this.kind === 'sum') return sum
    return filled < LEAST_PARTS ? 0 : sum / count
  }

  /** Keeps a residual. A clock that went back adds to the running part. */
  add(residual: number, time: number, words: Float64Array, at: number): void {
    const running = Math.floor(time / this.#part)
    const head = words[at]
    if (running > head) {
      for (let part = Math.max(head + 1, running - PARTS + 1); part <= running; part++) {
        const word = at + 1 + 2 * slotOf(part)
        words[word] = 0
        words[word + 1] = 0
      }
      words[at] = running
    }
    const word = at + 1 + 2 * slotOf(words[at])
    words[word] += residual
    words[word + 1]++
  }
}

/** Without the remainder of doubles, which is slow. A lane that nothing was kept in has the part 0: it stands for none. */
function slotOf(part: number): number {
  return part < 0 ? 0 : part - Math.floor(part / PARTS) * PARTS
}
