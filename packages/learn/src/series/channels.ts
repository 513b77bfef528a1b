import { LearnError } from '../base/error.ts'
import type { Fields, Kept } from '../base/fields.ts'
import type { Matrix } from '../base/matrix.ts'
import { type Calibration, calibrationFrom, calibrationOf, MOST_SCORE, recordCalibration } from './calibration.ts'
import { rowDistance, windowDistance } from './distance.ts'
import { heldOutScores, heldOutTrained } from './held-out.ts'
import { recordScore } from './records.ts'
import { keptScorer, MOST_ROWS, type Recipe, type Scorer, type TrainedRecipe } from './scorer.ts'
import { scorerFrom } from './scorer-from.ts'
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

/** Refuses what no channel can be made with. Error: `channel_options`. */
export function checkChannels({ window, ridge, smoothing, cap }: ChannelOptions): void {
  for (const [name, rows] of Object.entries({ window, smoothing }))
    if (!(Number.isInteger(rows) && rows >= 1 && rows <= MOST_ROWS))
      throw new LearnError('channel_options', `${name} is ${rows}; it is a whole number of rows from 1 to ${MOST_ROWS}`)
  if (!(ridge > 0 && ridge < Number.POSITIVE_INFINITY))
    throw new LearnError('channel_options', `ridge is ${ridge}; it is a variance above 0`)
  if (!(cap > 0)) throw new LearnError('channel_options', `cap is ${cap}; it is a number above 0`)
}

/** Stretches that a training set is cut into to hold rows out; a window must fit into each several times. */
const FOLDS = 4
const WINDOWS_A_STRETCH = 3
const LEAST_WINDOW = 4
/** Fewest rows to learn from. */
export const LEAST_ROWS = LEAST_WINDOW * FOLDS * WINDOWS_A_STRETCH

/** The window that training rows have room for. Error: `rows_too_few`. */
export function windowFor(rows: number, wanted: number): number {
  const window = Math.min(wanted, Math.floor(rows / (FOLDS * WINDOWS_A_STRETCH)))
  if (window < LEAST_WINDOW)
    throw new LearnError('rows_too_few', `${rows} training rows: at least ${LEAST_ROWS} are needed`)
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

/** The channel of a table of one sensor: records, which need no threshold by rows held out. */
export function recordChannel(train: Matrix): Channel {
  const scorer = recordScore([0]).fit([train])
  return { name: scorer.name, scorer, calibration: recordCalibration(train.rows), threshold: 1 }
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

/** A channel for a model file. Error: `scorer_unkept`. */
export function keptChannel({ name, scorer, calibration, threshold }: Channel): Kept {
  return { name, threshold, scorer: keptScorer(scorer), calibration: calibration.keep() }
}

/** Makes a channel of what `keptChannel` gave. Error: `model_field`. */
export function channelFrom(fields: Fields): Channel {
  return {
    name: fields.text('name'),
    threshold: fields.number('threshold', { least: Number.MIN_VALUE, most: MOST_SCORE }),
    scorer: scorerFrom(fields.of('scorer')),
    calibration: calibrationFrom(fields.of('calibration')),
  }
}
