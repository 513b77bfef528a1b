import { LearnError } from '../../base/error.ts'
import { rowOf } from '../../base/matrix.ts'
import type { Piece, Recipe, Scorer } from '../../series/scorer.ts'
import { fitLinearResidual, type LinearResidualOptions, linearName } from './linear-residual.ts'
import { LONG_MEMORY, LongMemory, type MemoryOptions } from './long-memory.ts'
import type { CopyableStream, ResidualModel, ResidualStream } from './residual.ts'

/** A residual with what it was like in training. */
interface Watched {
  readonly model: ResidualModel
  readonly mean: number
  readonly deviation: number
  /** The highest that each sum and mean came to. */
  readonly limits: Float64Array
}

/**
 * Scores rows by residuals that are added up: the highest sum or mean over the highest that it came to in training. All of it falls to the sensors that the residuals are of.
 * Errors: `rows_too_few`, `sensors_constant` where a residual never moves.
 */
export class ResidualScorer implements Scorer {
  readonly name: string
  readonly sensors: number
  readonly warmUp: number
  readonly #watched: readonly Watched[]
  readonly #memory: MemoryOptions

  constructor(
    name: string,
    models: readonly ResidualModel[],
    pieces: readonly Piece[],
    memory: MemoryOptions = LONG_MEMORY,
  ) {
    this.name = name
    this.sensors = pieces[0]?.columns ?? 0
    this.warmUp = Math.min(...models.map(model => model.warmUp))
    this.#memory = memory
    this.#watched = models.map(model => watchedOf(model, pieces, memory))
  }

  stream(): CopyableStream {
    return new ResidualScores(
      this.#watched,
      this.#watched.map(({ model }) => model.stream()),
      this.#watched.map(() => new LongMemory(this.#memory)),
      this.sensors,
    )
  }
}

/** A recipe of a linear residual (see `fitLinearResidual`): redundancy where its lag is 0, else a balance. Each has its own threshold that way; give a detector several. */
export function linearResidualScore(options: LinearResidualOptions): Recipe {
  const name = linearName(options.lag)
  return {
    name,
    warmUp: options.lag,
    fit: pieces => new ResidualScorer(name, [fitLinearResidual(options, pieces)], pieces),
  }
}

function watchedOf(model: ResidualModel, pieces: readonly Piece[], memory: MemoryOptions): Watched {
  const residuals = pieces.map(piece => {
    const stream = model.stream()
    const all = Float64Array.from({ length: piece.rows }, (_, row) => stream.push(rowOf(piece, row)))
    return all.filter(value => !Number.isNaN(value))
  })
  const known = residuals.flatMap(each => Array.from(each))
  if (known.length < 2)
    throw new LearnError('rows_too_few', `no stretch of rows is longer than the ${model.warmUp} of ${model.name}`)
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length
  const deviation = Math.sqrt(known.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (known.length - 1))
  if (!(deviation > 0))
    throw new LearnError(
      'sensors_constant',
      `${model.name} of column ${model.sensor} leaves nothing over: no noise to measure by`,
    )
  const limits = new Float64Array(memory.slacks.length + memory.means.length)
  for (const piece of residuals) {
    const sums = new LongMemory(memory)
    for (const value of piece)
      for (const [i, level] of sums.push((value - mean) / deviation).entries()) limits[i] = Math.max(limits[i], level)
  }
  return { model, mean, deviation, limits: limits.map(limit => Math.max(limit, Number.MIN_VALUE)) }
}

class ResidualScores implements CopyableStream {
  readonly #watched: readonly Watched[]
  readonly #streams: readonly ResidualStream[]
  readonly #memories: readonly LongMemory[]
  readonly #shares: Float64Array

  constructor(
    watched: readonly Watched[],
    streams: readonly ResidualStream[],
    memories: readonly LongMemory[],
    sensors: number,
  ) {
    this.#watched = watched
    this.#streams = streams
    this.#memories = memories
    this.#shares = new Float64Array(sensors)
  }

  get bytes(): number {
    const sum = (parts: readonly { bytes: number }[]): number => parts.reduce((all, { bytes }) => all + bytes, 0)
    return sum(this.#streams) + sum(this.#memories) + this.#shares.byteLength
  }

  push(row: ArrayLike<number>): number {
    this.#shares.fill(0)
    let most = Number.NaN
    for (const [i, { model, mean, deviation, limits }] of this.#watched.entries()) {
      const residual = this.#streams[i].push(row)
      if (Number.isNaN(residual)) continue
      const levels = this.#memories[i].push((residual - mean) / deviation, limits)
      for (let k = 0; k < levels.length; k++) {
        const score = levels[k] / limits[k]
        if (score <= most) continue
        most = score
        this.#shares.fill(0)
        this.#shares[model.sensor] = score
      }
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
    )
  }
}
