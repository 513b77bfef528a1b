import type { Scorer } from '../../series/scorer.ts'
import type { CopyableStream } from './residual.ts'

/** A scorer, and the score at which it alarms. */
export interface Armed {
  readonly scorer: Scorer
  readonly threshold: number
  /** Rows that its state depends on, where its streams cannot be copied; those that its `warmUp` says if absent. */
  readonly memory?: number
}

/** What judges a machine's rows, as an attacker who knows it sees it: at each row the state can be copied, and a reading tried on it. */
export class Watch {
  readonly #thresholds: readonly number[]
  readonly #streams: readonly Trial[]
  /** The last score of each. */
  readonly #scores: Float64Array
  /** The place of the part whose score was the highest; -1 before there is one. */
  highest = -1

  private constructor(streams: readonly Trial[], thresholds: readonly number[], scores: Float64Array) {
    this.#streams = streams
    this.#thresholds = thresholds
    this.#scores = scores
  }

  /** Before the first row. */
  static of(armed: readonly Armed[]): Watch {
    return new Watch(
      armed.map(trialOf),
      armed.map(({ threshold }) => threshold),
      new Float64Array(armed.length),
    )
  }

  /** The highest score over its threshold: an alarm above 1. 0 before there is a score; where a part has none, by a value that was not said, its last one stands. */
  push(row: ArrayLike<number>): number {
    let most = 0
    this.highest = -1
    for (const [i, stream] of this.#streams.entries()) {
      const score = stream.push(row) / this.#thresholds[i]
      if (!Number.isNaN(score)) this.#scores[i] = score
      if (!(this.#scores[i] > most)) continue
      most = this.#scores[i]
      this.highest = i
    }
    return most
  }

  copy(): Watch {
    return new Watch(
      this.#streams.map(stream => stream.copy()),
      this.#thresholds,
      this.#scores.slice(),
    )
  }
}

interface Trial {
  push(row: ArrayLike<number>): number
  copy(): Trial
}

function trialOf({ scorer, memory = scorer.warmUp + 1 }: Armed): Trial {
  const stream = scorer.stream()
  return isCopyable(stream) ? stream : new Replayed(scorer, memory, [], stream)
}

function isCopyable(stream: object): stream is CopyableStream {
  return 'copy' in stream
}

/** A stream with a bounded past: a copy runs over its last rows once more when it is first asked. */
class Replayed implements Trial {
  readonly #scorer: Scorer
  readonly #memory: number
  readonly #rows: ArrayLike<number>[]
  #stream

  constructor(
    scorer: Scorer,
    memory: number,
    rows: ArrayLike<number>[],
    stream = null as ReturnType<Scorer['stream']> | null,
  ) {
    this.#scorer = scorer
    this.#memory = memory
    this.#rows = rows
    this.#stream = stream
  }

  push(row: ArrayLike<number>): number {
    if (this.#stream === null) {
      this.#stream = this.#scorer.stream()
      for (const past of this.#rows) this.#stream.push(past)
    }
    this.#rows.push(Float64Array.from(row))
    if (this.#rows.length > this.#memory) this.#rows.shift()
    return this.#stream.push(row)
  }

  copy(): Replayed {
    return new Replayed(this.#scorer, this.#memory, this.#rows.slice())
  }
}
