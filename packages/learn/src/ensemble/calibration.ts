import { LearnError } from '../base/error.ts'
import type { Matrix } from '../base/matrix.ts'
import { minimize } from './minimize.ts'

/** Vector scaling (Guo et al., ICML 2017): softmax(scale[k] * log p[k] + bias[k]). One scale for all and no bias is temperature scaling. */
export interface Calibration {
  /** A number a class, from 0 on; all 1 leaves probabilities as they are, all 0 forgets them. */
  readonly scale: Float64Array
  readonly bias: Float64Array
}

/** A probability is not taken for smaller. */
export const LEAST = 1e-6
/** What holds the shared scale at 1, what classes' differ by and biases at 0, in rows: a class of a handful of rows is not bent after them, and rows that are all told rightly make nothing sure beyond measure. */
const HELD = 2

/** What changes nothing. */
export function identity(classes: number): Calibration {
  return { scale: new Float64Array(classes).fill(1), bias: new Float64Array(classes) }
}

/**
 * Learns from rows that the probabilities' maker has not learned from: log loss, with L2 on how far the shared scale is from 1, on what the classes' differ from it by, and on biases.
 * No scale is below 0: what is worse than nothing on these rows is forgotten, and not turned round, which would take chance for knowledge.
 * @param codes the true class of each row
 * Errors: `labels_length`, `labels_wrong`.
 */
export function calibrate(probabilities: Matrix, codes: Int32Array): Calibration {
  const { rows, columns: classes } = probabilities
  checkCodes(codes, probabilities)
  if (rows === 0) return identity(classes)
  const logs = Float64Array.from(probabilities.data, each => Math.log(Math.max(LEAST, each)))
  // Classes whose scale would be negative are held at 0, and the others found anew.
  const isHeld = new Array<boolean>(classes).fill(false)
  for (;;) {
    const found = least(logs, codes, isHeld)
    const negative = [...found.scale.keys()].filter(k => found.scale[k]! < 0)
    if (negative.length === 0) return found
    for (const k of negative) isHeld[k] = true
  }
}

/** The least loss where some classes' scales are 0. */
function least(logs: Float64Array, codes: Int32Array, isHeld: readonly boolean[]): Calibration {
  const [rows, classes] = [codes.length, isHeld.length]
  const row = new Float64Array(classes)
  // A shared scale, then what each class's differs, then biases.
  const begin = start(classes)
  const scaleOf = (at: Float64Array, k: number): number => (isHeld[k] === true ? 0 : at[0]! + at[1 + k]!)
  const found = minimize((at, gradient) => {
    let loss = 0
    for (let i = 0; i < rows; i++) {
      const from = i * classes
      for (let k = 0; k < classes; k++) row[k] = scaleOf(at, k) * logs[from + k]! + at[1 + classes + k]!
      loss -= softmaxLoss(row, codes[i]!)
      for (let k = 0; k < classes; k++) {
        gradient[1 + classes + k]! += row[k]! / rows
        if (isHeld[k] === true) continue
        const along = row[k]! * logs[from + k]!
        gradient[0]! += along / rows
        gradient[1 + k]! += along / rows
      }
    }
    loss /= rows
    for (const [j, each] of at.entries()) {
      const off = each - begin[j]!
      loss += (HELD / 2 / rows) * off ** 2
      gradient[j]! += (HELD / rows) * off
    }
    return loss
  }, begin)
  return { scale: Float64Array.from(isHeld, (_, k) => scaleOf(found, k)), bias: found.slice(1 + classes) }
}

function start(classes: number): Float64Array {
  const at = new Float64Array(1 + 2 * classes)
  at[0] = 1
  return at
}

/** Turns logits into the slope of the log loss (probability less truth), in place; gives back the log of the true class's probability. */
export function softmaxLoss(row: Float64Array, code: number): number {
  const log = row[code]! - softmax(row)
  row[code]!--
  return log
}

/** In place; gives back the log of the sum. */
export function softmax(row: Float64Array): number {
  const top = row.reduce((most, each) => Math.max(most, each), Number.NEGATIVE_INFINITY)
  let sum = 0
  for (let k = 0; k < row.length; k++) {
    row[k] = Math.exp(row[k]! - top)
    sum += row[k]!
  }
  for (let k = 0; k < row.length; k++) row[k]! /= sum
  return top + Math.log(sum)
}

/** Probabilities that say how often they are right. */
export function calibrated({ scale, bias }: Calibration, { rows, columns, data }: Matrix): Matrix {
  const out = new Float32Array(data.length)
  const row = new Float64Array(columns)
  for (let from = 0; from < data.length; from += columns) {
    for (let k = 0; k < columns; k++) row[k] = scale[k]! * Math.log(Math.max(LEAST, data[from + k]!)) + bias[k]!
    softmax(row)
    out.set(row, from)
  }
  return { rows, columns, data: out }
}

/** Errors: `labels_length`, `labels_wrong`. */
export function checkCodes(codes: Int32Array, { rows, columns }: Matrix): void {
  if (codes.length !== rows) throw new LearnError('labels_length', `${codes.length} labels for ${rows} rows`)
  for (const [row, code] of codes.entries())
    if (!(code >= 0 && code < columns))
      throw new LearnError('labels_wrong', `row ${row} is of class ${code}, and there are ${columns}`)
}
