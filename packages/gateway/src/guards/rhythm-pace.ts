import { MOST_OWED, OWED_AT_LEAST, RhythmEntry as Word } from '../lanes/rhythm-words.ts'

/** Intervals that are learned before anything is said of timing; those that scatter need more, see `isSteady`. */
const LEAST_INTERVALS = 20
/** Means and spreads are of about so many of the latest intervals, so that an odd beginning is forgotten. */
const MEMORY = 1_024
/** So much faster or slower (as a share of the learned interval) is never named; jitter has no say then. */
const SLACK = 0.25
/** Messages out of rhythm that say nothing yet, where the rhythm is steady. */
const LEAST_LIMIT = 6
/** How limits grow with the scatter: excursions of a sum with drift `SLACK` pass s²/(2·SLACK)·L once in e^L messages (L = 20). */
const SCATTER = 40
/** From so many intervals on a gap gives `SLACK` more: how much was held up in it is a matter of chance as well. */
const GAP = 16
/** What is owed fades by this share with each message in rhythm. */
const FADING = 1 / 16

/** The scores of one topic as they are after an act, worked out before it is known whether the act goes through. */
export class Pace {
  early = 0
  late = 0
  /** Whether the interval is one of the rhythm: no connection, mode or start of the gateway lies within. */
  isWhole = false

  /**
   * Works out the scores of a message. `early` counts the messages that a topic is ahead of its rhythm, less `SLACK` for each; a gap
   * makes it negative, so that what was held up may come at once. `late` counts intervals that were too long, each as one
   * at most: a stalled network is one of them, whatever it took. Both are sums of changes (CUSUM, Page 1954).
   * @param modeSince since when the operating mode has been the present one
   */
  count(words: Float64Array, at: number, now: number, epoch: number, modeSince: number): void {
    const last = words[at + Word.last]
    if (last < modeSince || last === 0 || words[at + Word.intervals] === 0)
      return this.#begin(words, at, epoch, modeSince)
    const share = (now - last) / Math.max(words[at + Word.mean], SHORTEST)
    const early = words[at + Word.early]
    const owed = early < 0 ? early - early * Math.min(share, 1) * FADING : early
    const ahead = owed + 1 - (share > GAP ? share * (1 + SLACK) : share)
    this.early = ahead > 0 ? Math.max(0, ahead - SLACK) : Math.max(-MOST_OWED, ahead)
    const late = words[at + Word.late]
    this.isWhole = words[at + Word.epoch] === epoch
    this.late = this.isWhole ? Math.max(0, late + Math.min(share - 1, 1) - SLACK) : late
  }

  /** The first message that is known, of the topic or in this mode, or with which a first interval ends. */
  #begin(words: Float64Array, at: number, epoch: number, modeSince: number): void {
    const last = words[at + Word.last]
    this.isWhole = last !== 0 && last >= modeSince && words[at + Word.epoch] === epoch
    this.late = 0
    // What was not heard while the gateway was away stands there already (`owe`).
    const owed = Math.min(words[at + Word.early], -OWED_AT_LEAST)
    this.early = words[at + Word.intervals] === 0 ? 0 : owed
  }
}

/** Intervals count as no shorter, in milliseconds: messages of one record have none between them. */
const SHORTEST = 1

/** Takes an interval into what is learned of a topic's timing. */
export function learnInterval(words: Float64Array, at: number, interval: number): void {
  const count = ++words[at + Word.intervals]
  const mean = words[at + Word.mean]
  const variance = words[at + Word.variance]
  // A device that was away for an hour has not slowed down.
  const taken = count > LEAST_INTERVALS ? Math.min(interval, 2 * mean + 8 * Math.sqrt(variance)) : interval
  const weight = Math.max(1 / count, 1 / MEMORY)
  const change = taken - mean
  words[at + Word.mean] = mean + weight * change
  words[at + Word.variance] = (1 - weight) * (variance + weight * change * change)
  if (count === 1 || interval < words[at + Word.shortest]) words[at + Word.shortest] = interval
  if (interval > words[at + Word.longest]) words[at + Word.longest] = interval
  learnRange(words, at, Math.log2(Math.max(interval, SHORTEST)), count)
}

/** The twentieth and its counterpart, by stochastic approximation (Robbins and Monro 1951) from the first intervals' extremes. */
function learnRange(words: Float64Array, at: number, value: number, count: number): void {
  const low = words[at + Word.low]
  const high = words[at + Word.high]
  if (count <= LEAST_INTERVALS) {
    words[at + Word.low] = count === 1 ? value : Math.min(low, value)
    words[at + Word.high] = count === 1 ? value : Math.max(high, value)
    return
  }
  // The best step is 1 / (count x density there), which for a normal distribution is three times its range.
  const step = (3 * (high - low + FINEST)) / Math.min(count, MEMORY)
  words[at + Word.low] = low + step * (TAIL - (value < low ? 1 : 0))
  words[at + Word.high] = high + step * ((value > high ? 1 : 0) - TAIL)
}

const TAIL = 0.05
/** Octaves: a range of nothing still moves. */
const FINEST = 0.01

/** Remembers how far the scores of a topic go while it learns; what came before its mean was known counts for nothing. */
export function learnScores(words: Float64Array, at: number, { early, late }: Pace): void {
  const count = words[at + Word.intervals]
  const begins = count < LEAST_INTERVALS || (count <= MEMORY && (count & (count - 1)) === 0)
  words[at + Word.mostEarly] = begins ? 0 : Math.max(words[at + Word.mostEarly], early)
  words[at + Word.mostLate] = begins ? 0 : Math.max(words[at + Word.mostLate], late)
}

/** Whether the mean is known to a fourth of `SLACK`: by 20 intervals where they scatter little, by 256 where they come by chance. */
export function isSteady(words: Float64Array, at: number): boolean {
  const count = Math.min(words[at + Word.intervals], MEMORY)
  const mean = words[at + Word.mean]
  const bound = SLACK / 4
  return count >= LEAST_INTERVALS && words[at + Word.variance] <= count * (bound * mean) ** 2
}

/** Ends the learning of a topic's timing: from now on `mostEarly` and `mostLate` are limits. */
export function settleTiming(words: Float64Array, at: number): void {
  const scatter = words[at + Word.variance] / Math.max(words[at + Word.mean], SHORTEST) ** 2
  const least = Math.max(LEAST_LIMIT, SCATTER * scatter)
  words[at + Word.mostEarly] = Math.max(least, 2 * words[at + Word.mostEarly])
  words[at + Word.mostLate] = Math.max(least, 2 * words[at + Word.mostLate])
}
