import { LearnError } from '../../base/error.ts'
import type { Matrix } from '../../base/matrix.ts'
import { doubtfulLabels } from './confident.ts'
import { chosenRows, outOfFold } from './folds.ts'
import { judgeable, type Unjudged } from './judgeable.ts'
import { type Names, SUSPECT_CODES, type Suspect, type SuspectCode } from './suspect.ts'
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
  /** @param done share of the work */
  progress?(done: number): void
}

/** What is left to learn from. */
export interface SanitizedLabels {
  /** Which of the rows they are. */
  readonly kept: readonly number[]
  /** The class of each row, of those too that are not kept. */
  readonly labels: Int32Array
  /** What is not learned from as it stands and why, in the order of rows. */
  readonly suspects: readonly Suspect[]
  /** Classes of fewer than 20 rows, which stay as they are, whatever they are. */
  readonly unjudged: readonly Unjudged[]
}

const DEFAULTS = { against: SUSPECT_CODES, relabel: false, folds: 4, seed: 1, names: {}, progress: () => {} } as const

/**
 * Says which rows of a labeled table are not to be learned from as they stand: labels that the other rows contradict, and rows whose class hangs on a rare value (a backdoor's trigger). Missing values are NaN;
 * words are numbers, one each.
 * @param labels a class a row, from 0
 * Errors: `labels_length`, `labels_wrong`, `class_single`, `classes_few`, `value_infinite`, `option_wrong`, and those of `fitBoosted`.
 */
export function sanitizeLabels(rows: Matrix, labels: Int32Array, options: SanitizeLabelsOptions = {}): SanitizedLabels {
  const all: Required<SanitizeLabelsOptions> = { ...DEFAULTS, ...options }
  check(all)
  const { judged, unjudged } = judgeable(rows, labels, all.names)
  const places = new Map(judged.map((label, place) => [label, place]))
  const part = chosenRows(rows, row => places.has(labels[row]))
  const codes = Int32Array.from(part.chosen, row => places.get(labels[row])!)
  const names = { ...all.names, classes: judged.map(label => all.names.classes?.[label] ?? String(label)) }
  const suspects = suspectsIn(part.rows, codes, { ...all, names }).map(each => ({
    ...each,
    row: part.chosen[each.row],
    label: judged[each.label],
    likelier: judged[each.likelier],
  }))
  const by = new Map(suspects.map(each => [each.row, each]))
  return {
    kept: Array.from(labels.keys()).filter(row => by.get(row)?.remedy !== 'drop'),
    labels: labels.map((label, row) => (by.get(row)?.remedy === 'relabel' ? by.get(row)!.likelier : label)),
    suspects,
    unjudged,
  }
}

/** In the order of rows. */
function suspectsIn(rows: Matrix, labels: Int32Array, options: Required<SanitizeLabelsOptions>): Suspect[] {
  const { against, relabel, folds, seed, names, progress } = options
  const classes = names.classes?.length ?? 0
  const known = outOfFold(rows, labels, classes, { folds, seed, progress: done => progress(done / 2) })
  const suspects = new Map<number, Suspect>()
  if (against.includes('trigger'))
    for (const suspect of triggeredRows(rows, labels, classes, known, seed, names)) suspects.set(suspect.row, suspect)
  if (against.includes('label_doubtful'))
    for (const suspect of doubtfulLabels(known.probabilities, labels, classes, relabel ? 'relabel' : 'drop', names))
      if (!suspects.has(suspect.row)) suspects.set(suspect.row, suspect)
  progress(1)
  return [...suspects.values()].sort((a, b) => a.row - b.row)
}

function check({ against, folds }: Required<SanitizeLabelsOptions>): void {
  for (const code of against)
    if (!SUSPECT_CODES.includes(code)) throw new LearnError('option_wrong', `nothing is known of '${code}'`)
  if (against.length === 0) throw new LearnError('option_wrong', 'against holds nothing to look for')
  if (!Number.isInteger(folds) || folds < 2 || folds > 255)
    throw new LearnError('option_wrong', `folds are a whole number from 2 to 255, not ${folds}`)
}
