import { type Matrix, randomOf } from '../../../packages/learn/src/index.ts'

/** A table with a label a row, 0 or 1. */
export interface Labeled {
  readonly table: Matrix
  readonly labels: Float32Array
}

/** Normal noise, of which the label follows by a product, a wave, a line and a step, and noise of its own. */
export function makeLabeled(rows: number, columns: number, seed: number): Labeled {
  const random = randomOf(seed)
  const data = new Float32Array(rows * columns).map(() => random.normal())
  const labels = Float32Array.from({ length: rows }, (_, i) => {
    const [a, b, c, d, e, f] = data.subarray(i * columns, i * columns + 6) as unknown as number[]
    const says = a! * b! + Math.sin(2 * c!) + 0.5 * d! - (e! > 0 ? 0.5 * f! : 0)
    return Number(says + 0.5 * random.normal() > 0)
  })
  return { table: { rows, columns, data }, labels }
}

/** Correlated normal rows; one of twenty is drawn from a wider cloud. */
export function makeOutliers(rows: number, columns: number, seed: number): Labeled {
  const random = randomOf(seed)
  const data = new Float32Array(rows * columns)
  const labels = new Float32Array(rows)
  for (let i = 0; i < rows; i++) {
    const strange = random.next() < 0.05
    const shared = random.normal()
    labels[i] = Number(strange)
    for (let j = 0; j < columns; j++)
      data[i * columns + j] = strange ? 2 * random.normal() : 0.6 * shared + 0.8 * random.normal()
  }
  return { table: { rows, columns, data }, labels }
}

/** The area under the ROC curve; scores that are equal count half. */
export function areaUnderCurve(scores: Float32Array, labels: Float32Array): number {
  const order = Array.from(scores.keys()).sort((a, b) => scores[a]! - scores[b]!)
  let [ranks, positives] = [0, 0]
  for (let from = 0; from < order.length; ) {
    let to = from
    while (to < order.length && scores[order[to]!] === scores[order[from]!]) to++
    for (let i = from; i < to; i++) {
      if (labels[order[i]!] !== 1) continue
      ranks += (from + to + 1) / 2
      positives++
    }
    from = to
  }
  return (ranks - (positives * (positives + 1)) / 2) / (positives * (scores.length - positives))
}

/** The share of labels that were found. */
export function shareRight(found: Float32Array, labels: Float32Array): number {
  return found.filter((label, i) => label === labels[i]).length / labels.length
}
