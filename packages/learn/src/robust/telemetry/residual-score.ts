import { LearnError } from '../../base/error.ts'
import { LARGEST } from '../../base/fields.ts'
import { rowOf } from '../../base/matrix.ts'
import type { Piece, Recipe, Scorer } from '../../series/scorer.ts'
import { fitLinearResidual, type LinearResidual, linearName } from './linear-residual.ts'
import { LONG_MEMORY, LongMemory, type MemoryOptions } from './long-memory.ts'
import type { CopyableStream, ResidualModel, Watched } from './residual.ts'
import { ResidualScores } from './residual-scores.ts'
import type { LinearResidualOptions } from './witnesses.ts'

/** Times the threshold at which a sum is held, so that an alarm ends soon after its cause. */
const HELD = 1.5

/** What a scorer is made of. */
export interface ResidualParts<Model extends ResidualModel = ResidualModel> {
  readonly name: string
  /** Values in a row. */
  readonly sensors: number
  readonly watched: readonly Watched<Model>[]
  readonly memory: MemoryOptions
  /** The score that alarms; sums are held at 1.5 times of it. Absent: nowhere, as long as it is not known. */
  readonly threshold?: number
}

/**
 * Scores rows by residuals that are added up: the highest sum or mean over the highest that it came to in training. All of it falls to the sensor whose residual it is of. A row
 * without a value that counts leaves sums and score as they were: silence raises no alarm and ends none.
 */
export class ResidualScorer<Model extends ResidualModel = ResidualModel> implements Scorer {
  readonly name: string
  readonly sensors: number
  readonly warmUp: number
  readonly parts: ResidualParts<Model>

  constructor(parts: ResidualParts<Model>) {
    this.name = parts.name
    this.sensors = parts.sensors
    this.warmUp = Math.min(...parts.watched.map(({ model }) => model.warmUp))
    this.parts = parts
  }

  /** Errors: `rows_too_few`, `sensors_constant` where a residual never moves. */
  static fit<Model extends ResidualModel>(
    name: string,
    models: readonly Model[],
    pieces: readonly Piece[],
    memory: MemoryOptions = LONG_MEMORY,
  ): ResidualScorer<Model> {
    const watched = models.map(model => watchedOf(model, pieces, memory))
    return new ResidualScorer({ name, sensors: pieces[0]?.columns ?? 0, watched, memory })
  }

  /** The same scores up to 1.5 times a threshold, where its sums are held. */
  heldAt(threshold: number): ResidualScorer<Model> {
    return new ResidualScorer({ ...this.parts, threshold })
  }

  stream(): CopyableStream {
    const { watched, memory, threshold } = this.parts
    const most = watched.map(({ limits }) =>
      threshold === undefined ? undefined : limits.map(limit => Math.min(LARGEST, HELD * threshold * limit)),
    )
    return new ResidualScores(
      watched.map((each, i) => ({ ...each, most: most[i] })),
      watched.map(({ model }) => model.stream()),
      watched.map(() => new LongMemory(memory)),
      this.sensors,
    )
  }
}

/** A recipe whose scorer can be kept. */
export interface LinearRecipe extends Recipe {
  fit(pieces: readonly Piece[]): ResidualScorer<LinearResidual>
}

/** A recipe of a linear residual (see `fitLinearResidual`): redundancy where its lag is 0, else a balance. Each has its own threshold that way; give a detector several. */
export function linearResidualScore(options: LinearResidualOptions): LinearRecipe {
  const name = linearName(options.lag)
  return {
    name,
    warmUp: options.lag,
    fit: pieces => ResidualScorer.fit(name, [fitLinearResidual(options, pieces)], pieces),
  }
}

function watchedOf<Model extends ResidualModel>(
  model: Model,
  pieces: readonly Piece[],
  memory: MemoryOptions,
): Watched<Model> {
  const residuals = pieces.map(piece => {
    const stream = model.stream()
    const all = Float64Array.from({ length: piece.rows }, (_, row) => stream.push(rowOf(piece, row)))
    return all.filter(Number.isFinite)
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
