import { LearnError } from '../../base/error.ts'
import type { Matrix } from '../../base/matrix.ts'
import { columnName, type Names } from './suspect.ts'

/** Rows of a class under which nothing can be held out. */
const FEWEST = 20

/** A class of which too few rows are known to judge any. */
export interface Unjudged {
  readonly label: number
  readonly rows: number
}

/** The classes that can be judged, in their order, and those that cannot. Errors: `labels_length`, `labels_wrong`, `class_single`, `classes_few`, `value_infinite`. */
export function judgeable(rows: Matrix, labels: Int32Array, names: Names): { judged: number[]; unjudged: Unjudged[] } {
  if (labels.length !== rows.rows)
    throw new LearnError('labels_length', `${labels.length} labels of ${rows.rows} rows: one a row is needed`)
  const infinite = rows.data.findIndex(value => Math.abs(value) === Number.POSITIVE_INFINITY)
  if (infinite >= 0)
    throw new LearnError(
      'value_infinite',
      `row ${Math.floor(infinite / rows.columns)}, ${columnName(infinite % rows.columns, names)}: ${rows.data[infinite]}`,
    )
  const counts = new Map<number, number>()
  for (const [row, label] of labels.entries()) {
    if (label < 0) throw new LearnError('labels_wrong', `row ${row} is of class ${label}: classes begin at 0`)
    counts.set(label, (counts.get(label) ?? 0) + 1)
  }
  if (counts.size < 2) throw new LearnError('class_single', 'all rows are of one class: there is nothing to compare')
  const known = [...counts.keys()].sort((a, b) => a - b)
  const judged = known.filter(label => counts.get(label)! >= FEWEST)
  if (judged.length < 2)
    throw new LearnError(
      'classes_few',
      `${judged.length} of ${counts.size} classes have ${FEWEST} rows: that many of two classes are needed to judge labels`,
    )
  const unjudged = known.filter(label => !judged.includes(label)).map(label => ({ label, rows: counts.get(label)! }))
  return { judged, unjudged }
}
