import type { ModelRecord, Report, Strange, Told } from '@ringwall/learn/io'
import { counted, leftText } from './learn-columns.ts'
import { topFeatures } from './learn-features.ts'
import { printable, table as tableText } from './output.ts'
import type { Outcome } from './verb.ts'

/** What a classifier was made into, or told. */
export interface Result {
  readonly record: ModelRecord
  /** How many columns the table that was learned has where no header names them. */
  readonly unnamed: number | null
  readonly result?: {
    readonly told: Told
    readonly report: Report | null
    readonly strange: Strange
    /** Of an ensemble: whether each row was told rightly, where its label says. */
    readonly right: readonly (boolean | null)[] | null
  }
  readonly plot?: string | undefined
  readonly out?: string | undefined
  readonly save?: { readonly file: string; readonly bytes: number } | undefined
}

/** So many classes are told line by line. */
const MOST_LINES = 20
/** So many are in the JSON. */
const MOST_JSON = 1_000

/** From which p-value down a row is counted as odd. */
const ODD = 0.01

type CsvLine = typeof import('@ringwall/learn/io').csvLine

/** A line a row: the likeliest class, the probability of each, and of an ensemble its doubt and what is decided. */
export function* toldLines(
  csvLine: CsvLine,
  { classes, predicted, probabilities, doubts, unseen }: Told,
): Generator<string> {
  const more = [...(doubts === undefined ? [] : ['doubt', 'decision']), ...(unseen === undefined ? [] : ['unseen_p'])]
  yield csvLine(['prediction', ...classes.map(name => `p_${name}`), ...more])
  for (const [row, code] of predicted.entries()) {
    const shares = probabilities.subarray(row * classes.length, (row + 1) * classes.length)
    const decision = doubts?.decisions[row]
    yield csvLine([
      classes[code]!,
      ...Array.from(shares, each => Number(each.toPrecision(7))),
      ...(doubts === undefined ? [] : [Number(doubts.doubt[row]!.toPrecision(7))]),
      ...(decision === undefined ? [] : [decision.decided ? classes[decision.class]! : 'undecided']),
      ...(unseen === undefined ? [] : [Number(unseen[row]!.toPrecision(7))]),
    ])
  }
}

/** What is printed of it. */
export async function toldOutcome({ record, unnamed, result, out, save, plot }: Result): Promise<Outcome> {
  const { leftOut } = await import('@ringwall/learn/io')
  const { classes, model, training } = record
  const { told, report, right, strange } = result ?? { told: null, report: null, right: null, strange: null }
  const decided = told === null ? null : decidedOf(told, right)
  const odd = told?.unseen === undefined ? null : told.unseen.filter(p => p <= ODD).length
  const figures = training.figures ?? {}
  const left = leftOut(record)
  const features = await topFeatures(record)
  const measured = Object.entries(figures).map(([name, value]) => [name, short(value)])
  const counts = classes.map((_, k) => told?.predicted.reduce((sum, code) => sum + Number(code === k), 0) ?? 0)
  const text = [
    `${model.kind} of ${classes.length} classes, learned from ${counted(training.rows, 'row')}.\n`,
    leftText({ left, unnamed }),
    measured.length === 0 ? '' : tableText([['measured', 'value'], ...measured]),
    told === null && features.length > 0
      ? tableText([['most said by', 'share'], ...features.map(({ name, share }) => [name, share.toFixed(3)])])
      : '',
    strange === null ? '' : strangeText(strange),
    report !== null ? reportText(report) : '',
    told !== null && report === null
      ? classLines(
          ['class', 'told'],
          classes.map((name, k) => [name, String(counts[k])]),
        )
      : '',
    decided === null ? '' : decidedText(decided),
    odd === null ? '' : `${counted(odd, 'row')} as odd as ${percent(ODD)} of normal ones at most are (unseen_p).\n`,
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
    empty: strange?.empty ?? null,
    unseen: strange?.unseen ?? null,
    report: report === null ? null : bounded(report),
    decided,
    odd,
    out: out ?? null,
    save: save?.file ?? null,
    saveBytes: save?.bytes ?? null,
    plot: plot ?? null,
  }
  return { status: 0, text, json }
}

/** A report of the first classes, with how many there are `more`: a column of labels may name a million. */
const bounded = ({ classes, ...report }: Report) => ({
  ...report,
  classes: classes.slice(0, MOST_JSON),
  more: Math.max(0, classes.length - MOST_JSON),
})

/** The first lines of a table of classes, and how many are left. */
function classLines(head: readonly string[], lines: readonly (readonly string[])[]): string {
  const left = lines.length - MOST_LINES
  const more = left > 0 ? `... and ${left} more (--json tells the first ${MOST_JSON})\n` : ''
  return `${tableText([head, ...lines.slice(0, MOST_LINES)])}${more}`
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

/** Warnings of what the model did not meet when it was learned. */
function strangeText({ empty, unseen }: Strange): string {
  const words = unseen.map(({ name, rows }) => `${name} (${counted(rows, 'row')})`)
  const line = (what: string, names: readonly string[]): string => {
    if (names.length === 0) return ''
    const more = names.length > MOST_LINES ? ` and ${names.length - MOST_LINES} more` : ''
    return `${printable(`${what}: ${names.slice(0, MOST_LINES).join(', ')}${more}.`)}\n`
  }
  return [
    line('Warning: empty in all rows, and never in training', empty),
    line('Warning: words that were not seen in training', words),
  ].join('')
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
    classLines(['class', 'actual', 'told', 'recall', 'precision'], cells),
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
