import { LearnError } from '../../base/error.ts'
import type { Matrix } from '../../base/matrix.ts'
import { doubtfulLabels } from './confident.ts'
import { outOfFold } from './folds.ts'
import { className, columnName, type Names, SUSPECT_CODES, type Suspect, type SuspectCode } from './suspect.ts'
import { triggeredRows } from './triggers.ts'

/** How labels are sanitized. */
export interface SanitizeLabelsOptions {
  /** What is looked for; all of it if absent. */
  readonly against?: readonly SuspectCode[]
  /** Whether a row of a doubtful label is kept with the likelier one. One that bears a trigger always goes: its values are the attacker's. */
  readonly relabel?: boolean
  /** Parts that the rows are dealt into; 4. */
  readonly folds?: number
  readonly seed?: number
  /** For the reasons that are given. */
  readonly names?: Names
}

/** What is left to learn from. */
export interface SanitizedLabels {
  /** Which of the rows they are. */
  readonly kept: readonly number[]
  /** The class of each row, of those too that are not kept. */
  readonly labels: Int32Array
  /** What is not learned from as it stands and why, in the order of rows. */
  readonly suspects: readonly Suspect[]
}

const DEFAULTS = { against: SUSPECT_CODES, relabel: false, folds: 4, seed: 1, names: {} } as const
/** Rows of a class under which nothing can be held out. */
const FEWEST = 20

/**
 * Says which rows of a labeled table are not to be learned from as they stand: labels that the other rows contradict, and rows whose class hangs on a rare value (a backdoor's trigger). Missing values are NaN;
 * words are numbers, one each.
 * @param labels a class a row, from 0
 * Errors: `labels_length`, `labels_wrong`, `class_single`, `rows_too_few`, `value_infinite`, `option_wrong`, and those of `fitBoosted`.
 */
export function sanitizeLabels(rows: Matrix, labels: Int32Array, options: SanitizeLabelsOptions = {}): SanitizedLabels {
  const { against, relabel, folds, seed, names }: Required<SanitizeLabelsOptions> = { ...DEFAULTS, ...options }
  for (const code of against)
    if (!SUSPECT_CODES.includes(code)) throw new LearnError('option_wrong', `nothing is known of '${code}'`)
  if (against.length === 0) throw new LearnError('option_wrong', 'against holds nothing to look for')
  const classes = check(rows, labels, folds, names)
  const known = outOfFold(rows, labels, classes, folds, seed)
  const suspects = new Map<number, Suspect>()
  if (against.includes('trigger'))
    for (const suspect of triggeredRows(rows, labels, classes, known, seed, names)) suspects.set(suspect.row, suspect)
  if (against.includes('label_doubtful'))
    for (const suspect of doubtfulLabels(known.probabilities, labels, classes, relabel ? 'relabel' : 'drop', names))
      if (!suspects.has(suspect.row)) suspects.set(suspect.row, suspect)
  return {
    kept: Array.from(labels.keys()).filter(row => suspects.get(row)?.remedy !== 'drop'),
    labels: labels.map((label, row) => (suspects.get(row)?.remedy === 'relabel' ? suspects.get(row)!.likelier : label)),
    suspects: [...suspects.values()].sort((a, b) => a.row - b.row),
  }
}

function check(rows: Matrix, labels: Int32Array, folds: number, names: Names): number {
  if (labels.length !== rows.rows)
    throw new LearnError('labels_length', `${labels.length} labels of ${rows.rows} rows: one a row is needed`)
  if (!Number.isInteger(folds) || folds < 2 || folds > 255)
    throw new LearnError('option_wrong', `folds are a whole number from 2 to 255, not ${folds}`)
  const counts: number[] = []
  for (const [row, label] of labels.entries()) {
    if (label < 0) throw new LearnError('labels_wrong', `row ${row} is of class ${label}: classes begin at 0`)
    counts[label] = (counts[label] ?? 0) + 1
  }
  if (counts.length < 2) throw new LearnError('class_single', 'all rows are of one class: there is nothing to compare')
  for (let label = 0; label < counts.length; label++)
    if (!((counts[label] ?? 0) >= FEWEST))
      throw new LearnError(
        'rows_too_few',
        `${className(label, names)} has ${counts[label] ?? 0} rows, and at least ${FEWEST} are needed to judge labels`,
      )
  const infinite = rows.data.findIndex(value => Math.abs(value) === Number.POSITIVE_INFINITY)
  if (infinite >= 0)
    throw new LearnError(
      'value_infinite',
      `row ${Math.floor(infinite / rows.columns)}, ${columnName(infinite % rows.columns, names)}: ${rows.data[infinite]}`,
    )
  return counts.length
}
