import { largest } from '../../base/largest.ts'
import { accuracyOf, macroF1Of, tallyOf } from '../../base/tally.ts'

/** How well classes were told. */
export interface ClassFigures {
  readonly accuracy: number
  /** The mean of the classes' F1: each class counts alike, however rare. */
  readonly macroF1: number
  /** The mean of -log of the probability that the true class was given. */
  readonly logLoss: number
  /** How far probabilities are from how often they hold: the expected calibration error over ten bins (Guo et al., ICML 2017). */
  readonly calibrationError: number
}

const LEAST = 1e-7
const BINS = 10

/** @param probabilities row after row, one a class; @param codes -1 where the true class is not known */
export function judge(probabilities: Float32Array, codes: Int32Array, classes: number): ClassFigures {
  const predicted = codes.map((_, row) => largest(probabilities, row * classes, classes))
  // Of each bin, how much surer its rows are than right, in all.
  const surplus = new Float64Array(BINS)
  let [loss, known] = [0, 0]
  for (const [row, code] of codes.entries()) {
    if (code < 0) continue
    known++
    const sure = probabilities[row * classes + predicted[row]!]!
    surplus[Math.min(BINS - 1, Math.floor(sure * BINS))]! += sure - Number(predicted[row] === code)
    loss -= Math.log(Math.max(LEAST, probabilities[row * classes + code]!))
  }
  const tally = tallyOf(predicted, codes, classes)
  return {
    accuracy: accuracyOf(tally),
    macroF1: macroF1Of(tally),
    logLoss: loss / known,
    calibrationError: surplus.reduce((sum, each) => sum + Math.abs(each), 0) / known,
  }
}
