/** F1 with the shares of normal rows that alarm (FAR) and of wrong rows that do not (MAR), pooled over all rows. */
export class Pooled {
  #hits = 0
  #wrong = 0
  #falseAlarms = 0
  #normal = 0

  add(alarm: boolean, label: number): void {
    if (label === 1) {
      this.#wrong++
      if (alarm) this.#hits++
    } else {
      this.#normal++
      if (alarm) this.#falseAlarms++
    }
  }

  get f1(): number {
    return (2 * this.#hits) / (this.#hits + this.#falseAlarms + this.#wrong)
  }

  get falseAlarmRate(): number {
    return this.#falseAlarms / this.#normal
  }

  get missedRate(): number {
    return 1 - this.#hits / this.#wrong
  }
}

/** BATADAL's S: the mean of 1 - time to detect (of each attack's length) and of the shares of wrong and of normal rows that are told rightly. */
export function batadalScore(alarms: readonly boolean[], labels: Uint8Array): number {
  const shares: number[] = []
  const pooled = new Pooled()
  for (let row = 0; row < labels.length; row++) {
    pooled.add(alarms[row]!, labels[row]!)
    if (labels[row] !== 1 || labels[row - 1] === 1) continue
    let end = row
    while (labels[end] === 1) end++
    let detected = row
    while (detected < end && !alarms[detected]) detected++
    shares.push((detected - row) / (end - row))
  }
  const inTime = 1 - shares.reduce((sum, share) => sum + share, 0) / shares.length
  return (inTime + (1 - pooled.missedRate + 1 - pooled.falseAlarmRate) / 2) / 2
}

/** What a detection outside a window, and a window without one, cost. */
export interface NabProfile {
  readonly name: string
  readonly falsePositive: number
  readonly falseNegative: number
}

export const NAB_PROFILES: readonly NabProfile[] = [
  { name: 'standard', falsePositive: 0.11, falseNegative: 1 },
  { name: 'low FP', falsePositive: 0.22, falseNegative: 1 },
  { name: 'low FN', falsePositive: 0.11, falseNegative: 2 },
]

/** NAB's scaled sigmoid: near 1 long before, 0 at the edge, near -1 behind. */
function sigmoid(at: number): number {
  return at > 3 ? -1 : 2 / (1 + Math.exp(5 * at)) - 1
}

/**
 * One series' raw score as NAB's own sweeper counts it: the earliest detection in a window earns by how early it is (1 at the window's first row), each detection outside costs, less where it comes
 * shortly after a window; rows of the probation do not count.
 */
export function nabRawScore(
  detections: readonly number[],
  windows: readonly (readonly [number, number])[],
  probation: number,
  { falsePositive, falseNegative }: NabProfile,
): number {
  let score = 0
  const counted = detections.filter(row => row >= probation)
  for (const [from, to] of windows) {
    const inside = counted.filter(row => row >= from && row <= to)
    if (inside.length === 0) score -= falseNegative
    else score += sigmoid(-(to - Math.min(...inside) + 1) / (to - from + 1)) / sigmoid(-1)
  }
  for (const row of counted) {
    if (windows.some(([from, to]) => row >= from && row <= to)) continue
    const before = windows.filter(([, to]) => to < row).pop()
    score +=
      falsePositive * (before === undefined ? -1 : sigmoid((row - before[1]) / Math.max(1, before[1] - before[0])))
  }
  return score
}

/** Raw scores as a share of the way from a detector that says nothing (0) to one that is right at once (100). */
export function nabNormalized(raw: number, windows: number, { falseNegative }: NabProfile): number {
  return (100 * (raw + falseNegative * windows)) / (windows * (1 + falseNegative))
}
