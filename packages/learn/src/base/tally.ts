/** How often each class was told, was there, and both. */
export interface Tally {
  readonly right: Float64Array
  readonly told: Float64Array
  readonly there: Float64Array
}

/** Counts over rows. @param actual -1 where the true class is not known: such rows do not count */
export function tallyOf(predicted: Int32Array, actual: Int32Array, classes: number): Tally {
  const tally = {
    right: new Float64Array(classes),
    told: new Float64Array(classes),
    there: new Float64Array(classes),
  }
  for (const [row, code] of actual.entries()) {
    if (code < 0) continue
    const found = predicted[row]!
    tally.told[found]!++
    tally.there[code]!++
    if (found === code) tally.right[code]!++
  }
  return tally
}

/** The share of rows that were told rightly; NaN where there are none. */
export const accuracyOf = ({ right, there }: Tally): number => sumOf(right) / sumOf(there)

/** F1 of a class: the harmonic mean of recall and precision; 0 where it is never told rightly. */
export const f1Of = ({ right, told, there }: Tally, k: number): number =>
  right[k] === 0 ? 0 : (2 * right[k]!) / (there[k]! + told[k]!)

/** The mean F1 of the classes that are there or were told: each counts alike, however rare. */
export function macroF1Of(tally: Tally): number {
  const present = Array.from(tally.there.keys()).filter(k => tally.there[k]! + tally.told[k]! > 0)
  return present.reduce((sum, k) => sum + f1Of(tally, k), 0) / present.length
}

const sumOf = (counts: Float64Array): number => counts.reduce((sum, count) => sum + count, 0)
