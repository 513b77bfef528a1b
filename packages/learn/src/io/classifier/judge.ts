import { likeliest } from '../../trees/index.ts'

/** How well classes were told. */
export interface ClassFigures {
  readonly accuracy: number
  /** The mean of the classes' F1: each class counts alike, however rare. */
  readonly macroF1: number
  /** The mean of -log of the probability that the true class was given. */
  readonly logLoss: number
}

const LEAST = 1e-7

/** @param probabilities row after row, one a class; @param codes -1 where the true class is not known */
export function judge(probabilities: Float32Array, codes: Int32Array, classes: number): ClassFigures {
  const [hits, told, there] = [0, 1, 2].map(() => new Float64Array(classes)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ]
  let right = 0
  let loss = 0
  let known = 0
  for (const [row, code] of codes.entries()) {
    if (code < 0) continue
    const found = likeliest(probabilities, row * classes, classes)
    known++
    told[found]!++
    there[code]!++
    if (found === code) {
      right++
      hits[code]!++
    }
    loss -= Math.log(Math.max(LEAST, probabilities[row * classes + code]!))
  }
  const present = Array.from({ length: classes }, (_, k) => k).filter(k => there[k]! + told[k]! > 0)
  const f1 = present.map(k => (2 * hits[k]!) / (there[k]! + told[k]!))
  return {
    accuracy: right / known,
    macroF1: f1.reduce((sum, each) => sum + each, 0) / present.length,
    logLoss: loss / known,
  }
}
