import { type Matrix, rowOf } from '../../../packages/learn/src/index.ts'
import {
  Alarm,
  calibrationOf,
  DEFAULTS,
  forestScore,
  heldOutScores,
  netScore,
  pcaQ,
  pcaT2,
  type Recipe,
  type Scorer,
  SeriesDetector,
  selectSensors,
  trainedChannel,
} from '../../../packages/learn/src/series/index.ts'

/** What a contender says of a row. */
export interface Said {
  /** Above 1 where it alarms. */
  readonly score: number
  readonly alarm: boolean
}

/** A detector that learned, without labels. */
export interface Learned {
  /** Judges rows that come after those of `before`. */
  judge(before: Matrix, rows: Matrix): Said[]
}

export interface Contender {
  readonly name: string
  /** Whether its figures depend on the seed. */
  readonly seeded: boolean
  learn(train: Matrix, seed: number): Learned | Promise<Learned>
}

/** What all are set to: 1 % of normal rows may score above the threshold. One configuration for all sets. */
const RATE = DEFAULTS.falseAlarms

export const RINGWALL = 'ringwall'

/** The detector as `ringwall learn series` runs it. */
export const ringwall: Contender = {
  name: RINGWALL,
  seeded: false,
  learn(train) {
    const detector = SeriesDetector.fit(train)
    return {
      judge(before, rows) {
        const stream = detector.stream()
        for (let row = 0; row < before.rows; row++) stream.warm(rowOf(before, row))
        return Array.from({ length: rows.rows }, (_, row) => stream.push(rowOf(rows, row)))
      },
    }
  },
}

/** Hotelling's T2 and Q of principal components with 90 % of the variance, on the rows as they are. */
export const t2AndQ: Contender = {
  name: 'T2 and Q',
  seeded: false,
  learn(train) {
    const sensors = moving(train)
    return calibrated([pcaT2(sensors), pcaQ(sensors)], train)
  },
}

/** Liu's isolation forest (100 trees of 256), on the rows as they are. */
export const isolationForest: Contender = {
  name: 'isolation forest',
  seeded: true,
  learn: (train, seed) => calibrated([forestScore(moving(train), { seed })], train),
}

/** A dense autoencoder whose code has a quarter of 32 numbers, on scaled rows. */
export const autoencoder: Contender = {
  name: 'autoencoder',
  seeded: true,
  async learn(train, seed) {
    const channel = await trainedChannel(netScore({ kind: 'autoencoder', sensors: moving(train), seed }), train, RATE)
    return judgedBy([channel])
  },
}

/** Recipes, each with a threshold at its share of the rate by rows held out, as ringwall's own: no peer is judged by a worse threshold. */
function calibrated(recipes: readonly Recipe[], train: Matrix): Learned {
  const held = recipes.map(recipe => heldOutScores(recipe, train, 4))
  // Q leaves nothing over of a single sensor.
  const kept = recipes.filter((_, i) => held[i]!.some(score => score > 0))
  return judgedBy(
    kept.map(recipe => ({
      scorer: recipe.fit([train]),
      threshold: calibrationOf(held[recipes.indexOf(recipe)]!).threshold(RATE / kept.length),
    })),
  )
}

/** Where a peer's alarm ends: all of them reach more on SKAB and on BATADAL with it than with ringwall's own .9. */
const PEERS_OFF = 0.75

/** Alarms by the highest of some scores. */
function judgedBy(channels: readonly { scorer: Scorer; threshold: number }[]): Learned {
  return {
    judge(before, rows) {
      const streams = channels.map(({ scorer }) => scorer.stream())
      const alarm = new Alarm({ on: 1, off: PEERS_OFF, beginAfter: 1, endAfter: 1 })
      for (let row = 0; row < before.rows; row++) for (const stream of streams) stream.push(rowOf(before, row))
      return Array.from({ length: rows.rows }, (_, row) => {
        const values = rowOf(rows, row)
        const score = Math.max(...streams.map((stream, i) => stream.push(values) / channels[i]!.threshold))
        return { score, alarm: alarm.next(score) }
      })
    },
  }
}

/** The sensors that are not constant: which ones are fit for more than that is ringwall's own judgment. */
export function moving(train: Matrix): number[] {
  const { unfit } = selectSensors(train, 1, false)
  return Array.from({ length: train.columns }, (_, i) => i).filter(i => unfit.get(i) !== 'constant')
}
