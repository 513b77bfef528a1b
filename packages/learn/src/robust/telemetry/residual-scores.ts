import type { LongMemory } from './long-memory.ts'
import type { CopyableStream, ResidualStream, Watched } from './residual.ts'

/** A residual, and where its sums are held. */
export interface Held extends Watched {
  readonly most: Float64Array | undefined
}

/** The scores of one machine by its residuals. */
export class ResidualScores implements CopyableStream {
  readonly #watched: readonly Held[]
  readonly #streams: readonly ResidualStream[]
  readonly #memories: readonly LongMemory[]
  readonly #shares: Float64Array
  /** The last score of each residual. */
  readonly #scores: Float64Array
  readonly #heard: Float64Array

  constructor(
    watched: readonly Held[],
    streams: readonly ResidualStream[],
    memories: readonly LongMemory[],
    sensors: number,
    scores = new Float64Array(watched.length).fill(Number.NaN),
  ) {
    this.#watched = watched
    this.#streams = streams
    this.#memories = memories
    this.#shares = new Float64Array(sensors)
    this.#heard = new Float64Array(sensors)
    this.#scores = scores
  }

  get bytes(): number {
    const sum = (parts: readonly { bytes: number }[]): number => parts.reduce((all, { bytes }) => all + bytes, 0)
    const arrays = [this.#shares, this.#heard, this.#scores].reduce((all, { byteLength }) => all + byteLength, 0)
    return sum(this.#streams) + sum(this.#memories) + arrays
  }

  push(row: ArrayLike<number>, unheard?: ArrayLike<number>): number {
    const heard = unheard === undefined ? row : this.#without(row, unheard)
    this.#shares.fill(0)
    let most = Number.NaN
    for (const [i, watched] of this.#watched.entries()) {
      const residual = this.#streams[i].push(heard)
      if (Number.isFinite(residual)) this.#scores[i] = this.#scoreOf(i, watched, residual)
      const score = this.#scores[i]
      if (Number.isNaN(score) || score <= most) continue
      most = score
      this.#shares.fill(0)
      this.#shares[watched.model.sensor] = score
    }
    return most
  }

  contributions(): Float64Array {
    return this.#shares
  }

  copy(): ResidualScores {
    return new ResidualScores(
      this.#watched,
      this.#streams.map(stream => stream.copy()),
      this.#memories.map(memory => memory.copy()),
      this.#shares.length,
      this.#scores.slice(),
    )
  }

  #scoreOf(i: number, { mean, deviation, limits, most }: Held, residual: number): number {
    const levels = this.#memories[i].push((residual - mean) / deviation, most)
    let highest = 0
    for (let k = 0; k < levels.length; k++) highest = Math.max(highest, levels[k] / limits[k])
    return highest
  }

  /** What only stands in for a silent sensor was not said. */
  #without(row: ArrayLike<number>, unheard: ArrayLike<number>): Float64Array {
    const heard = this.#heard
    for (let i = 0; i < heard.length; i++) heard[i] = unheard[i] === 1 ? Number.NaN : row[i]
    return heard
  }
}
