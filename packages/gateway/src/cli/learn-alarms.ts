/** One row of the result. */
export interface ScoredRow {
  readonly score: number
  readonly alarm: boolean
  readonly change: boolean
  /** Which column; -1 for none. */
  readonly sensor: number
}

/** An alarm from its first row to its last one, both included. */
export interface AlarmSpan {
  readonly from: number
  readonly to: number
  readonly highest: number
  /** The column that was blamed in most of its rows; -1 for none. */
  readonly sensor: number
}

/** The alarms of a series. */
export function alarmsIn(rows: readonly ScoredRow[]): AlarmSpan[] {
  const spans: AlarmSpan[] = []
  for (let from = 0; from < rows.length; from++) {
    if (!rows[from]!.alarm) continue
    const blamed = new Map<number, number>()
    let to = from
    let highest = 0
    for (; to < rows.length && rows[to]!.alarm; to++) {
      const { score, sensor } = rows[to]!
      highest = Math.max(highest, score)
      if (sensor >= 0) blamed.set(sensor, (blamed.get(sensor) ?? 0) + 1)
    }
    const [sensor] = [...blamed].reduce((one, other) => (other[1] > one[1] ? other : one), [-1, 0])
    spans.push({ from, to: to - 1, highest, sensor })
    from = to
  }
  return spans
}
