import { LearnError } from '../base/error.ts'
import type { Matrix } from '../base/matrix.ts'
import { type Calibration, calibrationOf, heldOutScores, heldOutTrained } from './calibration.ts'
import { rowDistance, windowDistance } from './distance.ts'
import { RECORDS } from './record.ts'
import { recordScore } from './records.ts'
import type { Recipe, Scorer, TrainedRecipe } from './scorer.ts'
import { selectSensors, type Unfit } from './select.ts'
import { smoothed } from './smooth.ts'

/** A scorer with what its scores are like where nothing is wrong. */
export interface Channel {
  readonly name: string
  readonly scorer: Scorer
  readonly calibration: Calibration
  /** The score at which it alarms. */
  readonly threshold: number
}

/** What the default channels are made with; each was chosen as docs/learn-series.md tells. */
export interface ChannelOptions {
  /** Rows of a window. */
  readonly window: number
  /** Variance beside that of a feature that a direction may have from what was not seen in training. */
  readonly ridge: number
  /** Rows over which the distance of a row is averaged. */
  readonly smoothing: number
  /** The most that one direction adds to the distance of a row. */
  readonly cap: number
}

export const DEFAULT_CHANNELS: ChannelOptions = { window: 36, ridge: 0.03, smoothing: 15, cap: 16 }

/** Stretches that a training set is cut into to hold rows out; a window must fit into each several times. */
export const FOLDS = 4
const WINDOWS_A_STRETCH = 3
const LEAST_WINDOW = 4

/** The window that training rows have room for. Error: `rows_too_few`. */
export function windowFor(rows: number, wanted: number): number {
  const window = Math.min(wanted, Math.floor(rows / (FOLDS * WINDOWS_A_STRETCH)))
  if (window < LEAST_WINDOW)
    throw new LearnError(
      'rows_too_few',
      `${rows} training rows: at least ${LEAST_WINDOW * FOLDS * WINDOWS_A_STRETCH} are needed`,
    )
  return window
}

/**
 * The default recipes for training rows without gaps: one of windows, over sensors that keep their level, and one of single rows with the row before, over
 * sensors that keep their level or their relation to others.
 */
export function defaultRecipes(train: Matrix, { window, ridge, smoothing, cap }: ChannelOptions) {
  const alone = selectSensors(train, window, false)
  const given = selectSensors(train, window, true)
  const recipes: Recipe[] = [
    windowDistance(alone.sensors, window, ridge),
    smoothed(rowDistance(given.sensors, 1, ridge, cap), smoothing),
  ]
  const unfit: ReadonlyMap<number, Unfit> = given.unfit
  return { recipes, unfit }
}

/**
 * The channel of a table of one sensor: records. They need no threshold by rows held out; a record among n rows is as likely as each of them to be the highest or lowest.
 */
export function recordChannel(train: Matrix): Channel {
  const scorer = recordScore([0]).fit([train])
  const calibration: Calibration = {
    count: train.rows,
    threshold: () => 1,
    p: score => (score > 1 ? Math.min(1, RECORDS / (train.rows + 1)) : 1),
  }
  return { name: scorer.name, scorer, calibration, threshold: 1 }
}

/** Learns recipes and calibrates each by rows held out, at its share of the rate of false alarms. */
export function learnChannels(
  recipes: readonly Recipe[],
  train: Matrix,
  rate: number,
  progress: (done: number) => void,
): Channel[] {
  const steps = recipes.length * (FOLDS + 1)
  let done = 0
  const step = () => progress(++done / steps)
  return recipes.map(recipe => {
    const calibration = calibrationOf(heldOutScores(recipe, train, FOLDS, step))
    const scorer = recipe.fit([train])
    step()
    const threshold = calibration.threshold(rate / recipes.length)
    return { name: recipe.name, scorer, calibration, threshold: Math.max(threshold, Number.MIN_VALUE) }
  })
}

/** A channel of a scorer whose learning takes its time, to be given to a detector as one of its own. */
export async function trainedChannel(recipe: TrainedRecipe, train: Matrix, rate: number): Promise<Channel> {
  const calibration = calibrationOf(await heldOutTrained(recipe, train, FOLDS))
  const scorer = await recipe.fit([train])
  const threshold = Math.max(calibration.threshold(rate), Number.MIN_VALUE)
  return { name: recipe.name, scorer, calibration, threshold }
}
