import { told } from '../../sanitize/removal.ts'
import { className, type Names, type Suspect } from './suspect.ts'

/**
 * Confident learning (Northcutt et al. 2021): a row is doubtful where models that did not see it are as sure of another class as they are, on the mean, of rows that bear that class, and hold its own
 * label for the less likely. Classes that are hard to tell set a low bar for themselves, so that a row is not doubted for being of one.
 * @param probabilities row after row, out of fold
 */
export function doubtfulLabels(
  probabilities: Float32Array,
  labels: Int32Array,
  classes: number,
  remedy: Suspect['remedy'],
  names: Names = {},
): Suspect[] {
  const sure = new Float64Array(classes)
  const count = new Float64Array(classes)
  for (const [row, label] of labels.entries()) {
    sure[label] += probabilities[row * classes + label]
    count[label]++
  }
  const bar = sure.map((sum, label) => (count[label] > 0 ? sum / count[label] : 1))
  const found: Suspect[] = []
  for (const [row, label] of labels.entries()) {
    let likelier = -1
    for (let other = 0; other < classes; other++) {
      const p = probabilities[row * classes + other]
      if (p >= bar[other] && (likelier < 0 || p > probabilities[row * classes + likelier])) likelier = other
    }
    if (likelier < 0 || likelier === label) continue
    const p = probabilities[row * classes + likelier]
    const own = probabilities[row * classes + label]
    if (own >= p) continue
    const why = `rows like it are of ${className(likelier, names)} with probability ${told(p)} (at least ${told(bar[likelier])} counts), of ${className(label, names)} with ${told(own)}`
    found.push({ code: 'label_doubtful', row, label, likelier, remedy, why })
  }
  return found
}
