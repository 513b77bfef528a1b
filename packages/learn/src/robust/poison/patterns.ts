import type { Matrix } from '../../base/matrix.ts'

/** Values that stand together in rows of one label. */
export interface Pattern {
  readonly columns: readonly number[]
  readonly values: readonly number[]
  readonly label: number
  /** Rows that have the values and the label. */
  readonly rows: readonly number[]
}

/** What counts as a rare pattern of one label. */
export interface PatternOptions {
  /** The least and the largest share of all rows. */
  readonly least: number
  readonly most: number
  /** The least share of its rows that bear its label. */
  readonly purity: number
}

/** Rows under which a pattern is chance. */
const FEWEST = 12

/** All values of one column and pairs of values of two that are rare and stand in rows of one label nearly always. */
export function* rarePatterns(rows: Matrix, labels: Int32Array, options: PatternOptions): Generator<Pattern> {
  const { columns } = rows
  const ids = Array.from({ length: columns }, (_, column) => idsOf(rows, column))
  for (let a = 0; a < columns; a++) {
    if (ids[a].count < 2) continue
    yield* named(rows, [a], groups(ids[a].of, labels, options))
    for (let b = a + 1; b < columns; b++) {
      const width = ids[b].count
      if (width < 2) continue
      const pair = ids[a].of.map((id, row) => id * width + ids[b].of[row])
      yield* named(rows, [a, b], groups(pair, labels, options))
    }
  }
}

interface Ids {
  readonly of: Float64Array
  readonly count: number
}

function idsOf({ rows, columns, data }: Matrix, column: number): Ids {
  const known = new Map<number, number>()
  const of = Float64Array.from({ length: rows }, (_, row) => {
    const value = data[row * columns + column]
    let id = known.get(value)
    if (id === undefined) {
      id = known.size
      known.set(value, id)
    }
    return id
  })
  return { of, count: known.size }
}

interface Group {
  readonly all: readonly number[]
  readonly own: readonly number[]
  readonly label: number
}

function groups(keys: Float64Array, labels: Int32Array, { least, most, purity }: PatternOptions): Group[] {
  const counts = new Map<number, number>()
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1)
  const few = Math.max(FEWEST, least * keys.length)
  const wanted = new Map<number, number[]>()
  for (const [key, count] of counts) if (count >= few && count <= most * keys.length) wanted.set(key, [])
  if (wanted.size === 0) return []
  for (const [row, key] of keys.entries()) wanted.get(key)?.push(row)
  return [...wanted.values()].flatMap(all => {
    const label = commonest(all, labels)
    const own = all.filter(row => labels[row] === label)
    return own.length >= purity * all.length ? [{ all, own, label }] : []
  })
}

function commonest(rows: readonly number[], labels: Int32Array): number {
  const counts = new Map<number, number>()
  for (const row of rows) counts.set(labels[row], (counts.get(labels[row]) ?? 0) + 1)
  return [...counts].reduce((best, each) => (each[1] > best[1] ? each : best))[0]
}

function* named(
  { columns: width, data }: Matrix,
  columns: readonly number[],
  found: readonly Group[],
): Generator<Pattern> {
  for (const { own, label } of found)
    yield { columns, values: columns.map(column => data[own[0] * width + column]), label, rows: own }
}
