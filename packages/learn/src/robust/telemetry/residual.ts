import type { ScoreStream } from '../../series/scorer.ts'

/** What a model expects of one sensor, against what that sensor says. */
export interface ResidualModel {
  readonly name: string
  /** The column that is watched. */
  readonly sensor: number
  /** Rows that must come before the first residual. */
  readonly warmUp: number
  stream(): ResidualStream
}

export interface ResidualStream {
  /** What the sensor says less what is expected of it, in the sensor's unit; NaN in the first `warmUp` rows. */
  push(row: ArrayLike<number>): number
  /** The same stream at the same row, that goes its own way from here on. */
  copy(): ResidualStream
  readonly bytes: number
}

/** A stream of scores whose state can be taken apart from it: what an attacker who knows the detector tries a step on. */
export interface CopyableStream extends ScoreStream {
  copy(): CopyableStream
}

/** A residual with what it was like in training. */
export interface Watched<Model extends ResidualModel = ResidualModel> {
  readonly model: Model
  readonly mean: number
  readonly deviation: number
  /** The highest that each sum and mean came to. */
  readonly limits: Float64Array
}
