import type { Fields, Kept } from '../base/fields.ts'
import { fitIsolation, IsolationForest, type IsolationOptions, type Tree } from '../trees/index.ts'
import { chosenColumns, chosenIn, heardOf } from './chosen.ts'
import type { KeptScorer, Recipe, Scorer, ScoreStream } from './scorer.ts'

/**
 * The score of an isolation forest over single rows, from 0 to 1. A sensor that is not heard is a missing value to the trees: where they ask for it, a row goes with most of the training rows. Where less
 * than half of the sensors are heard, there is no score. Errors: those of `fitIsolation`.
 */
export function forestScore(sensors: readonly number[], options: IsolationOptions = {}): Recipe {
  return {
    name: 'isolation forest',
    warmUp: 0,
    fit: pieces =>
      new ForestScorer(pieces[0]?.columns ?? 0, sensors, fitIsolation(chosenColumns(pieces, sensors), options)),
  }
}

/** Makes a forest's score of what `keep` gave. Errors: `model_field`, `model_tree`. */
export function forestFrom(fields: Fields): Scorer {
  const { sensors, chosen } = chosenIn(fields)
  const sample = fields.whole('sample', { least: 2, most: MOST_SAMPLE })
  const trees = fields.list('trees', { least: 1, most: MOST_TREES }).map(treeFrom)
  return new ForestScorer(sensors, chosen, new IsolationForest({ columns: chosen.length, sample, trees }))
}

const MOST_SAMPLE = 65_536
const MOST_TREES = 10_000

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

  keep(): KeptScorer {
    const { sample, trees } = this.#forest.model
    const kept = trees.map((tree): Kept => ({ ...tree }))
    return { kind: 'forest', sensors: this.sensors, chosen: Int32Array.from(this.#chosen), sample, trees: kept }
  }

  stream(): ScoreStream {
    const last = new Float32Array(this.#chosen.length)
    const shares = new Float64Array(this.sensors)
    return {
      bytes: last.byteLength + shares.byteLength,
      push: (row, unheard) => {
        for (const [i, sensor] of this.#chosen.entries()) last[i] = unheard?.[sensor] === 1 ? Number.NaN : row[sensor]!
        return 2 * heardOf(this.#chosen, unheard) < last.length ? Number.NaN : this.#forest.score(last)
      },
      // Steps by which a sensor shortens the path: a share of the strangeness, not of the score itself.
      contributions: () => {
        const moves = this.#forest.contributions(last)
        for (const [i, sensor] of this.#chosen.entries()) shares[sensor] = Number.isNaN(last[i]!) ? 0 : moves[i]!
        return shares
      },
    }
  }
}

/** A tree; whether its nodes hang together is for the forest to check. */
function treeFrom(fields: Fields): Tree {
  const feature = fields.numbers('feature', Int32Array, { least: 1 })
  const floats = (name: string): Float32Array => fields.numbers(name, Float32Array, feature.length)
  return {
    feature,
    threshold: floats('threshold'),
    left: fields.numbers('left', Int32Array, feature.length),
    right: fields.numbers('right', Int32Array, feature.length),
    missingLeft: fields.numbers('missingLeft', Uint8Array, feature.length, { most: 1 }),
    value: fields.numbers('value', Float32Array, feature.length, { least: 0 }),
    cover: floats('cover'),
    gain: floats('gain'),
  }
}
