import type { HeldOut, Report, Told } from '@ringwall/learn/io'
import { counted } from './learn-columns.ts'
import { printable, table as tableText } from './output.ts'

/** So many classes are told line by line. */
const MOST_LINES = 20
/** So many are in the JSON. */
export const MOST_JSON = 1_000

export const percent = (share: number): string => `${(100 * share).toFixed(2)} %`

export const short = (value: number): string => String(Number(value.toPrecision(5)))

export const sizeText = (bytes: number): string =>
  bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1e3))} kB` : `${(bytes / 1e6).toFixed(1)} MB`

/** The first lines of a table of classes, and how many are left. */
export function classLines(head: readonly string[], lines: readonly (readonly string[])[]): string {
  const left = lines.length - MOST_LINES
  const more = left > 0 ? `... and ${left} more (--json tells the first ${MOST_JSON})\n` : ''
  return `${tableText([head, ...lines.slice(0, MOST_LINES)])}${more}`
}

/** What was told, against the labels. */
export function reportText({ label, rows, unlabeled, accuracy, macroF1, baseline, classes }: Report): string {
  const cells = classes.map(({ name, actual, predicted, recall, precision }) => [
    name,
    String(actual),
    String(predicted),
    recall === null ? '' : short(recall),
    precision === null ? '' : short(precision),
  ])
  const guess = baseline === null ? '' : `; ${guessText(baseline)}`
  const without = unlabeled === 0 ? '' : ` ${counted(unlabeled, 'row')} without one.`
  return [
    classLines(['class', 'actual', 'told', 'recall', 'precision'], cells),
    printable(
      `${percent(accuracy)} of ${counted(rows, 'row')} are what '${label}' says, macro F1 ${short(macroF1)}${guess}.${without}`,
    ),
    '\n',
  ].join('')
}

const guessText = (baseline: HeldOut['baseline']): string =>
  `${percent(baseline.accuracy)} by telling always '${baseline.class}', the most frequent in training`

/** How a model did on rows that were held out when it was learned. */
export const heldOutText = ({ rows, accuracy, baseline }: HeldOut): string =>
  `${printable(`Of ${counted(rows, 'held-out row')} ${percent(accuracy)} were right; ${guessText(baseline)}.`)}\n`

/** How many rows were decided, how many of those are right, and why others were not. */
export interface Decided {
  readonly coverage: number
  readonly accuracy: number | null
  readonly undecided: Readonly<Record<string, number>>
  /** How many of the held-out rows were right where as many or just more were decided; null where the record does not say it. */
  readonly heldOut: { readonly coverage: number; readonly accuracy: number } | null
}

/** Null where the model decides all. */
export function decidedOf(
  { doubts }: Told,
  right: readonly (boolean | null)[] | null,
  heldOut: HeldOut | null,
): Decided | null {
  if (doubts === undefined) return null
  const undecided: Record<string, number> = {}
  for (const each of doubts.decisions) if (!each.decided) undecided[each.reason] = (undecided[each.reason] ?? 0) + 1
  const kept = (right ?? []).filter((each, row) => each !== null && doubts.decisions[row]!.decided)
  const coverage = doubts.decisions.filter(each => each.decided).length / doubts.decisions.length
  return {
    coverage,
    accuracy: kept.length === 0 ? null : kept.filter(each => each === true).length / kept.length,
    undecided,
    heldOut: heldOut?.coverage.findLast(point => point.coverage >= coverage) ?? null,
  }
}

export function decidedText({ coverage, accuracy, undecided, heldOut }: Decided): string {
  const right = accuracy === null ? '' : `, of which ${percent(accuracy)} are right`
  const reasons = Object.entries(undecided).map(([reason, count]) => `${count} ${reason}`)
  const before =
    heldOut === null
      ? ''
      : ` With ${percent(heldOut.coverage)} of the held-out rows decided ${percent(heldOut.accuracy)} of those were right.`
  return `${percent(coverage)} are decided${right}${reasons.length === 0 ? '' : `; undecided: ${reasons.join(', ')}`}.${before}\n`
}
