/** Words that a pace takes: how many intervals, their mean, the sum of squares about it, and when it came last. */
export const PACE_WORDS = 4

const COUNT = 0
const MEAN = 1
const SQUARES = 2
const LAST = 3

/** From so many intervals on the oldest weigh less, so that a pace may change in time. */
const LONGEST_MEMORY = 200

/** The intervals of one subject, kept in four words (Welford's mean and variance). */
export const pace = {
  /** Takes down that it came. @returns the interval, 0 for the first. */
  note(words: Float64Array, at: number, time: number): number {
    const last = words[at + LAST]
    words[at + LAST] = time
    if (last === 0) return 0
    const interval = time - last
    const before = words[at + COUNT]
    const count = Math.min(before + 1, LONGEST_MEMORY)
    const off = interval - words[at + MEAN]
    words[at + COUNT] = count
    words[at + MEAN] += off / count
    if (before === LONGEST_MEMORY) words[at + SQUARES] *= 1 - 1 / LONGEST_MEMORY
    words[at + SQUARES] += off * (interval - words[at + MEAN])
    return interval
  },
  /** Forgets the intervals; the last time stays. */
  restart(words: Float64Array, at: number): void {
    words.fill(0, at, at + LAST)
  },
  count: (words: Float64Array, at: number): number => words[at + COUNT],
  mean: (words: Float64Array, at: number): number => words[at + MEAN],
  last: (words: Float64Array, at: number): number => words[at + LAST],
  /** Standard deviation by mean; infinity before there are two intervals. */
  jitter(words: Float64Array, at: number): number {
    const count = words[at + COUNT]
    if (count < 2 || words[at + MEAN] === 0) return Number.POSITIVE_INFINITY
    return Math.sqrt(Math.max(0, words[at + SQUARES]) / count) / words[at + MEAN]
  },
}
