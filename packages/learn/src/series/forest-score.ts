import type { Matrix } from '../base/matrix.ts'
import { fitIsolation, type IsolationForest, type IsolationOptions } from '../trees/index.ts'
import type { Piece, Recipe, Scorer, ScoreStream } from './scorer.ts'

/** The score of an isolation forest over single rows, from 0 to 1. Errors: those of `fitIsolation`. */
export function forestScore(sensors: readonly number[], options: IsolationOptions = {}): Recipe {
  return {
    name: 'isolation forest',
    warmUp: 0,
    fit: pieces =>
      new ForestScorer(pieces[0]?.columns ?? 0, sensors, fitIsolation(chosenColumns(pieces, sensors), options)),
  }
}

/** The rows of all pieces in one table, with the chosen columns only. */
export function chosenColumns(pieces: readonly Piece[], sensors: readonly number[]): Matrix {
  const rows = pieces.reduce((sum, piece) => sum + piece.rows, 0)
  const data = new Float32Array(rows * sensors.length)
  let at = 0
  for (const { rows: count, columns, data: values } of pieces)
    for (let row = 0; row < count; row++) for (const sensor of sensors) data[at++] = values[row * columns + sensor]!
  return { rows, columns: sensors.length, data }
}

class ForestScorer implements Scorer {
  readonly name = 'isolation forest'
  readonly sensors: number
  readonly warmUp = 0
  readonly #chosen: readonly number[]
  readonly #forest: IsolationForest

  constructor(sensors: number, chosen: readonly number[], forest: IsolationForest) {
    this.sensors = sensors
    this.#chosen = chosen
    this.#forest = forest
  }

  stream(): ScoreStream {
    const last = new Float32Array(this.#chosen.length)
    const shares = new Float64Array(this.sensors)
    return {
      bytes: last.byteLength + shares.byteLength,
      push: row => {
        for (const [i, sensor] of this.#chosen.entries()) last[i] = row[sensor]!
        return this.#forest.score(last)
      },
      // Steps by which a sensor shortens the path: a share of the strangeness, not of the score itself.
      contributions: () => {
        const moves = this.#forest.contributions(last)
        for (const [i, sensor] of this.#chosen.entries()) shares[sensor] = moves[i]!
        return shares
      },
    }
  }
}
