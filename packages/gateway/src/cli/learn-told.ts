import type { ModelRecord, Report, Strange, Told } from '@ringwall/learn/io'
import { counted, leftText } from './learn-columns.ts'
import { topFeatures } from './learn-features.ts'
import {
  classLines,
  decidedOf,
  decidedText,
  heldOutText,
  MOST_JSON,
  percent,
  reportText,
  short,
  sizeText,
} from './learn-told-text.ts'
import { warningsOf } from './learn-warnings.ts'
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
    /** Whether the table is the one that was learned. */
    readonly isLearned: boolean
  }
  readonly plot?: string | undefined
  readonly out?: string | undefined
  readonly save?: { readonly file: string; readonly bytes: number } | undefined
}

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

/** What is printed of it: of a table that was told what was told, and else how the model was learned. */
export async function toldOutcome({ record, unnamed, result, out, save, plot }: Result): Promise<Outcome> {
  const { heldOutOf, leftOut } = await import('@ringwall/learn/io')
  const { classes, model, training } = record
  const { told, report, right, strange } = result ?? { told: null, report: null, right: null, strange: null }
  const heldOut = heldOutOf(record)
  const decided = told === null ? null : decidedOf(told, right, heldOut)
  const odd = told?.unseen === undefined ? null : told.unseen.filter(p => p <= ODD).length
  const lifted = told === null ? 0 : liftedIn(told)
  const left = leftOut(record)
  const features = await topFeatures(record)
  const counts = classes.map((_, k) => told?.predicted.reduce((sum, code) => sum + Number(code === k), 0) ?? 0)
  const warnings = warningsOf({ classes, heldOut, strange, report, isLearned: result?.isLearned ?? false })
  const text = [
    `${model.kind} of ${classes.length} classes, learned from ${counted(training.rows, 'row')}.\n`,
    leftText({ left, unnamed }),
    told === null ? learnedText(record, features) : '',
    told === null && heldOut !== null ? heldOutText(heldOut) : '',
    ...warnings.map(warning => `${printable(`Warning: ${warning}`)}\n`),
    report !== null ? reportText(report) : '',
    told !== null && report === null
      ? classLines(
          ['class', 'told'],
          classes.map((name, k) => [name, String(counts[k])]),
        )
      : '',
    decided === null ? '' : decidedText(decided),
    lifted === 0
      ? ''
      : `${counted(lifted, 'prediction')} of another class than has the greatest p_: rare classes count more than their share.\n`,
    odd === null ? '' : `${counted(odd, 'row')} as odd as ${percent(ODD)} of normal ones at most are (unseen_p).\n`,
    out === undefined ? '' : `Told: ${out}\n`,
    save === undefined ? '' : `Model: ${save.file} (${sizeText(save.bytes)})\n`,
    plot === undefined ? '' : `Plot: ${plot}\n`,
  ].join('')
  const json = {
    kind: model.kind,
    classes,
    classRows: training.classRows ?? null,
    trainRows: training.rows,
    leftOut: left,
    figures: training.figures ?? {},
    heldOut,
    features,
    rows: told?.predicted.length ?? null,
    told: told === null ? null : Object.fromEntries(classes.map((name, k) => [name, counts[k]])),
    accuracy: report?.accuracy ?? null,
    empty: strange?.empty ?? null,
    unseen: strange?.unseen ?? null,
    outside: strange?.outside ?? null,
    isLearned: result?.isLearned ?? null,
    warnings,
    report: report === null ? null : bounded(report),
    decided,
    lifted: told === null ? null : lifted,
    odd,
    out: out ?? null,
    save: save?.file ?? null,
    saveBytes: save?.bytes ?? null,
    plot: plot ?? null,
  }
  return { status: 0, text, json }
}

/** What was learned: how many rows of each class, what was measured, and what says most. */
function learnedText(
  { classes, training: { classRows, figures = {} } }: ModelRecord,
  features: readonly { readonly name: string; readonly share: number }[],
): string {
  const measured = Object.entries(figures).map(([name, value]) => [name, short(value)])
  const lines = classRows === undefined ? [] : classes.map((name, k) => [name, String(classRows[k])])
  return [
    lines.length === 0 ? '' : classLines(['class', 'rows'], lines),
    measured.length === 0 ? '' : tableText([['measured', 'value'], ...measured]),
    features.length === 0
      ? ''
      : tableText([['most said by', 'share'], ...features.map(({ name, share }) => [name, share.toFixed(3)])]),
  ].join('')
}

/** How many predictions are not the class of the greatest probability. */
function liftedIn({ classes: { length }, predicted, probabilities }: Told): number {
  return predicted.reduce((sum, code, row) => {
    const shares = probabilities.subarray(row * length, (row + 1) * length)
    return sum + Number(shares.some(each => each > shares[code]!))
  }, 0)
}

/** A report of the first classes, with how many there are `more`: a column of labels may name a million. */
const bounded = ({ classes, ...report }: Report) => ({
  ...report,
  classes: classes.slice(0, MOST_JSON),
  more: Math.max(0, classes.length - MOST_JSON),
})
