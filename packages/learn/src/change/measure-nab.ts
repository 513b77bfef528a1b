/** What a detection is worth: `truePositive` at a window's left edge, falling to `falsePositive` at its right one and outside; `missed` for an empty window. */
export interface NabProfile {
  readonly truePositive: number
  readonly falsePositive: number
  readonly missed: number
}

/** The three profiles of the Numenta Anomaly Benchmark (Lavin and Ahmad 2015). */
export const NAB_PROFILES = {
  standard: { truePositive: 1, falsePositive: -0.11, missed: -1 },
  lowFalsePositives: { truePositive: 1, falsePositive: -0.22, missed: -1 },
  lowFalseNegatives: { truePositive: 1, falsePositive: -0.11, missed: -2 },
} as const satisfies Record<string, NabProfile>

/** One file's part of the score. Add those of a set, then `nabScoreOf`. */
export interface NabSums {
  readonly score: number
  readonly perfect: number
  readonly nothing: number
}

/** A stretch of time in which a detection is right; both ends belong to it. */
export interface NabWindow {
  readonly from: number
  readonly to: number
}

/** Windows of `length` that begin at each change; where two overlap the later one is cut on its left. */
export function windowsBehind(changes: readonly number[], length: number): NabWindow[] {
  let end = -Infinity
  return changes
    .toSorted((a, b) => a - b)
    .map(change => {
      const from = Math.max(change, end)
      end = change + length
      return { from, to: end }
    })
}

/** Scores one file. Times of detections and windows are in one unit; windows are ascending and share no more than an edge, which is the earlier one's. */
export function nabSumsOf(detections: readonly number[], windows: readonly NabWindow[], profile: NabProfile): NabSums {
  const first: (number | null)[] = windows.map(() => null)
  let score = 0
  for (const time of detections.toSorted((a, b) => a - b)) {
    const inside = windows.findIndex(({ from, to }) => time >= from && time <= to)
    if (inside < 0) score += profile.falsePositive
    else first[inside] ??= time
  }
  for (const [i, time] of first.entries()) {
    score += time === null ? profile.missed : worth(time, windows[i]!, profile)
  }
  return {
    score,
    perfect: windows.length * profile.truePositive,
    nothing: windows.length * profile.missed,
  }
}

/** 0 for a detector that says nothing, 100 for a perfect one; below 0 for one that cries more than it finds. */
export function nabScoreOf(files: readonly NabSums[]): number {
  const total = (of: (sums: NabSums) => number): number => files.reduce((sum, one) => sum + of(one), 0)
  const nothing = total(one => one.nothing)
  return (100 * (total(one => one.score) - nothing)) / (total(one => one.perfect) - nothing)
}

function worth(time: number, { from, to }: NabWindow, { truePositive, falsePositive }: NabProfile): number {
  const place = to > from ? (time - from) / (to - from) : 0
  const x = (place - 0.5) * Math.PI
  return ((truePositive - falsePositive) / 2) * (1 - Math.tanh(x) / Math.tanh(Math.PI / 2)) + falsePositive
}
