import type { ModelRecord, Report, Told } from '@ringwall/learn/io'
import { counted, leftText } from './learn-columns.ts'
import { topFeatures } from './learn-features.ts'
import { printable, table as tableText } from './output.ts'
import type { Outcome } from './verb.ts'

/** What a classifier was made into, or told. */
export interface Result {
  readonly record: ModelRecord
  readonly result?: {
    readonly told: Told
    readonly report: Report | null
    /** Of an ensemble: whether each row was told rightly, where its label says. */
    readonly right: readonly (boolean | null)[] | null
  }
  readonly plot?: string | undefined
  readonly out?: string | undefined
  readonly save?: { readonly file: string; readonly bytes: number } | undefined
}

type CsvLine = typeof import('@ringwall/learn/io').csvLine

/** A line a row: the likeliest class, the probability of each, and of an ensemble its doubt and what is decided. */
export function* toldLines(csvLine: CsvLine, { classes, predicted, probabilities, doubts }: Told): Generator<string> {
  const more = doubts === undefined ? [] : ['doubt', 'decision']
  yield csvLine(['prediction', ...classes.map(name => `p_${name}`), ...more])
  for (const [row, code] of predicted.entries()) {
    const shares = probabilities.subarray(row * classes.length, (row + 1) * classes.length)
    const decision = doubts?.decisions[row]
    yield csvLine([
      classes[code]!,
      ...Array.from(shares, each => Number(each.toPrecision(7))),
      ...(doubts === undefined ? [] : [Number(doubts.doubt[row]!.toPrecision(7))]),
      ...(decision === undefined ? [] : [decision.decided ? classes[decision.class]! : 'undecided']),
    ])
  }
}

/** What is printed of it. */
export async function toldOutcome({ record, result, out, save, plot }: Result): Promise<Outcome> {
  const { leftOut } = await import('@ringwall/learn/io')
  const { classes, model, training } = record
  const { told, report, right } = result ?? { told: null, report: null, right: null }
  const decided = told === null ? null : decidedOf(told, right)
  const figures = training.figures ?? {}
  const left = leftOut(record)
  const features = await topFeatures(record)
  const measured = Object.entries(figures).map(([name, value]) => [name, short(value)])
  const counts = classes.map((_, k) => told?.predicted.reduce((sum, code) => sum + Number(code === k), 0) ?? 0)
  const toldTable = [['class', 'told'], ...classes.map((name, k) => [name, String(counts[k])])]
  const text = [
    `${model.kind} of ${classes.length} classes, learned from ${counted(training.rows, 'row')}.\n`,
    leftText({ left, unnamed: null }),
    measured.length === 0 ? '' : tableText([['measured', 'value'], ...measured]),
    told === null && features.length > 0
      ? tableText([['most said by', 'share'], ...features.map(({ name, share }) => [name, share.toFixed(3)])])
      : '',
    report !== null ? reportText(report) : told === null ? '' : tableText(toldTable),
    decided === null ? '' : decidedText(decided),
    out === undefined ? '' : `Told: ${out}\n`,
    save === undefined ? '' : `Model: ${save.file} (${sizeText(save.bytes)})\n`,
    plot === undefined ? '' : `Plot: ${plot}\n`,
  ].join('')
  const json = {
    kind: model.kind,
    classes,
    trainRows: training.rows,
    leftOut: left,
    figures,
    features,
    rows: told?.predicted.length ?? null,
    told: told === null ? null : Object.fromEntries(classes.map((name, k) => [name, counts[k]])),
    accuracy: report?.accuracy ?? null,
    report,
    decided,
    out: out ?? null,
    save: save?.file ?? null,
    saveBytes: save?.bytes ?? null,
    plot: plot ?? null,
  }
  return { status: 0, text, json }
}

/** How many rows were decided, how many of those are right, and why others were not. */
interface Decided {
  readonly coverage: number
  readonly accuracy: number | null
  readonly undecided: Readonly<Record<string, number>>
}

function decidedOf({ doubts }: Told, right: readonly (boolean | null)[] | null): Decided | null {
  if (doubts === undefined) return null
  const undecided: Record<string, number> = {}
  for (const each of doubts.decisions) if (!each.decided) undecided[each.reason] = (undecided[each.reason] ?? 0) + 1
  const kept = (right ?? []).filter((each, row) => each !== null && doubts.decisions[row]!.decided)
  return {
    coverage: doubts.decisions.filter(each => each.decided).length / doubts.decisions.length,
    accuracy: kept.length === 0 ? null : kept.filter(each => each === true).length / kept.length,
    undecided,
  }
}

function decidedText({ coverage, accuracy, undecided }: Decided): string {
  const right = accuracy === null ? '' : `, of which ${percent(accuracy)} are right`
  const reasons = Object.entries(undecided).map(([reason, count]) => `${count} ${reason}`)
  return `${percent(coverage)} are decided${right}${reasons.length === 0 ? '' : `; undecided: ${reasons.join(', ')}`}.\n`
}

function reportText({ label, rows, unlabeled, accuracy, macroF1, baseline, classes }: Report): string {
  const cells = classes.map(({ name, actual, predicted, recall, precision }) => [
    name,
    String(actual),
    String(predicted),
    recall === null ? '' : short(recall),
    precision === null ? '' : short(precision),
  ])
  const guess =
    baseline === null
      ? ''
      : `; ${percent(baseline.accuracy)} by telling always '${baseline.class}', the most frequent in training`
  const without = unlabeled === 0 ? '' : ` ${counted(unlabeled, 'row')} without one.`
  return [
    tableText([['class', 'actual', 'told', 'recall', 'precision'], ...cells]),
    printable(
      `${percent(accuracy)} of ${counted(rows, 'row')} are what '${label}' says, macro F1 ${short(macroF1)}${guess}.${without}`,
    ),
    '\n',
  ].join('')
}

const percent = (share: number): string => `${(100 * share).toFixed(2)} %`

const short = (value: number): string => String(Number(value.toPrecision(5)))

const sizeText = (bytes: number): string =>
  bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1e3))} kB` : `${(bytes / 1e6).toFixed(1)} MB`
