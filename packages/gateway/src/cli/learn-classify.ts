import type { Algorithm, ModelRecord, Table, Told } from '@ringwall/learn/io'
import { type Command, InvalidArgumentError } from 'commander'
import { RingwallError } from '../base/error.ts'
import { writeCoverage } from './learn-coverage.ts'
import { type CsvOptions, csvOptions, learning, names, readCsv, readModelFile, whole, writeOut } from './learn-input.ts'
import { TrainingBar } from './learn-progress.ts'
import { table as tableText } from './output.ts'
import { type Outcome, runs, verb } from './verb.ts'

interface Options extends CsvOptions {
  readonly train?: string
  readonly test?: string
  readonly label?: string
  readonly ignore?: readonly string[]
  readonly model?: string
  readonly words?: readonly string[]
  readonly algorithm: Algorithm | 'ensemble'
  readonly stream?: boolean
  readonly coverage?: number
  readonly plot?: string
  readonly seed: number
  readonly out?: string
  readonly save?: string
}

/** `ringwall learn fit`: learns classes from a table, and keeps the model. */
export function fitVerb(learn: Command): void {
  const command = verb(learn, {
    name: 'fit',
    summary:
      'Learn classes from a table with a column of labels; keep the model, and tell the classes of another table.',
    example: 'ringwall learn fit --train known.csv --label state --save state.model.json',
  })
  withOptions(command)
  runs<Options>(command, (_, options) => learning(options.train ?? '-', () => classify(options, true)))
}

/** `ringwall learn classify`: tells the classes of a table, by another table or a kept model. */
export function classifyVerb(learn: Command): void {
  const command = verb(learn, {
    name: 'classify',
    summary: 'Tell the classes of a table, learned from another one or by a model that was kept.',
    example: 'ringwall learn classify --train known.csv --test new.csv --label state --out told.csv',
  }).option('--model <file>', 'a model that --save has kept, in place of --train and --label')
  withOptions(command)
  runs<Options>(command, (_, options) => learning(options.test ?? '-', () => classify(options, false)))
}

const AFTER = `
--out gets the columns prediction and p_CLASS, the probability of each class, a line a row of the test table.
An ensemble (forest, boosted trees and net, in a vote that is calibrated on held-out rows) adds doubt, from 0 to 1, and decision: the class, or undecided.
Unless --coverage says so, 5 % of rows like those that were learned go undecided, and rows that are like none of them.
Unless --algorithm says which, boosted trees and a random forest are tried on the last fifth of each class's rows, and the better one
(by macro F1, or log loss where that is about the same) learns all rows. Words are encoded, missing values kept as such, columns of times left out.`

function withOptions(command: Command): void {
  command
    .option('--train <file>', 'the table to learn from (CSV, or - for standard input)')
    .option('--label <column>', 'its column of classes')
    .option('--test <file>', 'the table whose rows are told')
    .option('--out <file>', 'where what is told goes (CSV)')
    .option('--ignore <columns>', 'columns that are not learned from, with commas', names)
    .option('--words <columns>', 'columns of words that look like numbers, with commas', names)
    .option('--algorithm <name>', 'auto, boosting, forest or ensemble', algorithm, 'auto')
    .option('--stream', 'rows are a stream: an ensemble learns for how long values are held, too')
    .option('--coverage <share>', 'the share of the rows told that an ensemble decides: the least doubtful', share)
    .option('--plot <file>', 'accuracy against coverage, of a test table with labels (.svg or .html)')
    .option('--seed <number>', 'decides all draws', whole(0), 1)
    .option('--save <file>', 'keep the model')
  csvOptions(command).addHelpText('after', AFTER)
}

function algorithm(text: string): Algorithm | 'ensemble' {
  if (text === 'auto' || text === 'boosting' || text === 'forest' || text === 'ensemble') return text
  throw new InvalidArgumentError('It is auto, boosting, forest or ensemble.')
}

function share(text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !(value >= 0 && value <= 1)) throw new InvalidArgumentError('It is a share from 0 to 1.')
  return value
}

async function classify(options: Options, fits: boolean): Promise<Outcome> {
  const { train, test, label, model, out, save, coverage, plot } = options
  if ((model === undefined) === (train === undefined))
    throw usage(fits ? 'it takes --train' : 'it takes either --train or --model')
  if (train !== undefined && label === undefined) throw usage('--train needs --label')
  if ((test === undefined) !== (out === undefined)) throw usage('--test and --out belong together')
  if (test === undefined && (!fits || save === undefined))
    throw usage(fits ? 'it takes --save, or --test and --out' : 'it takes --test and --out')
  if (options.stream === true && model === undefined && options.algorithm !== 'ensemble')
    throw usage('--stream needs --algorithm ensemble')
  if (plot !== undefined && test === undefined) throw usage('--plot takes --test and --out')
  const { csvLine, kindsOf, tellTable, writeModel } = await import('@ringwall/learn/io')
  const record = model === undefined ? await learned(train ?? '', label ?? '', options) : await readModelFile(model)
  if (save !== undefined) writeOut(save, await writeModel(record))
  if (test === undefined || out === undefined) return told(record, null, null, options)
  const kinds = kindsOf(record)
  const table = await readCsv(test, options, { kinds })
  const result = coverage === undefined ? tellTable(record, table) : tellTable(record, table, { coverage })
  if (coverage !== undefined && result.doubts === undefined) throw usage('--coverage takes an ensemble')
  const right = await rightOf(record, result, table)
  if (plot !== undefined) {
    if (result.doubts === undefined || right === null) throw usage('--plot takes an ensemble, and labels in --test')
    writeCoverage(plot, test, result.doubts.doubt, right)
  }
  writeOut(out, lines(csvLine, result))
  return told(record, result, right, options)
}

type CsvLine = typeof import('@ringwall/learn/io').csvLine

const usage = (what: string): RingwallError => new RingwallError('usage', what, 'See --help for an example.')

async function learned(file: string, label: string, options: Options): Promise<ModelRecord> {
  const { learnTable } = await import('@ringwall/learn/io')
  const { ignore = [], words = [], algorithm, seed, stream = false } = options
  const kinds = Object.fromEntries(words.map(name => [name, 'category'] as const))
  const table = await readCsv(file, options, { kinds })
  const bar = new TrainingBar('learning')
  const date = new Date().toISOString()
  try {
    const progress = (done: number, what: string, loss?: number): void => bar.update(done, what, loss)
    return await learnTable(table, { label, ignore, algorithm, stream, seed, date, progress })
  } finally {
    bar.end()
  }
}

function* lines(csvLine: CsvLine, { classes, predicted, probabilities, doubts }: Told): Generator<string> {
  yield csvLine([
    'prediction',
    ...classes.map(name => `p_${name}`),
    ...(doubts === undefined ? [] : ['doubt', 'decision']),
  ])
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

/** Which rows were told rightly, where the table has the column of labels. */
async function rightOf({ schema, classes }: ModelRecord, { predicted }: Told, table: Table): Promise<boolean[] | null> {
  const { cellText } = await import('@ringwall/learn/io')
  const label = schema.find(({ role }) => role === 'label')?.name
  const column = table.columns.find(({ name }) => name === label)
  if (column === undefined) return null
  return Array.from(predicted, (code, row) => classes[code] === cellText(column, row))
}

const shareOf = (list: readonly boolean[]): number => list.filter(each => each).length / list.length

/** How many rows were not decided, why, and how many of the others are right. */
function decided({ doubts }: Told, right: readonly boolean[] | null) {
  if (doubts === undefined) return null
  const undecided: Record<string, number> = {}
  for (const each of doubts.decisions) if (!each.decided) undecided[each.reason] = (undecided[each.reason] ?? 0) + 1
  const kept = doubts.decisions.map(each => each.decided)
  const rightOnes = right?.filter((_, row) => kept[row]) ?? []
  return { coverage: shareOf(kept), undecided, accuracy: rightOnes.length === 0 ? null : shareOf(rightOnes) }
}

function told(
  record: ModelRecord,
  result: Told | null,
  right: readonly boolean[] | null,
  { out, save, plot }: Options,
): Outcome {
  const { classes, model, training } = record
  const counts = classes.map((_, k) => result?.predicted.reduce((sum, code) => sum + Number(code === k), 0) ?? 0)
  const figures = training.figures ?? {}
  const measured = Object.entries(figures).map(([name, value]) => [name, String(Number(value.toPrecision(5)))])
  const accuracy = right === null ? null : shareOf(right)
  const decisions = result === null ? null : decided(result, right)
  const reasons = Object.entries(decisions?.undecided ?? {}).map(([reason, count]) => `${count} ${reason}`)
  const text = [
    `${model.kind} of ${classes.length} classes, learned from ${training.rows} rows.\n`,
    measured.length === 0 ? '' : tableText([['measured', 'value'], ...measured]),
    result === null ? '' : tableText([['class', 'told'], ...classes.map((name, k) => [name, String(counts[k])])]),
    accuracy === null ? '' : `${(100 * accuracy).toFixed(2)} % are what their label says.\n`,
    decisions === null
      ? ''
      : `${(100 * decisions.coverage).toFixed(2)} % are decided${decisions.accuracy === null ? '' : `, of which ${(100 * decisions.accuracy).toFixed(2)} % are what their label says`}${reasons.length === 0 ? '' : `; undecided: ${reasons.join(', ')}`}.\n`,
    out === undefined ? '' : `Told: ${out}\n`,
    save === undefined ? '' : `Model: ${save}\n`,
    plot === undefined ? '' : `Plot: ${plot}\n`,
  ].join('')
  const json = {
    kind: model.kind,
    classes,
    trainRows: training.rows,
    figures,
    rows: result?.predicted.length ?? null,
    told: result === null ? null : Object.fromEntries(classes.map((name, k) => [name, counts[k]])),
    accuracy,
    decided: decisions,
    out: out ?? null,
    save: save ?? null,
    plot: plot ?? null,
  }
  return { status: 0, text: out === '-' ? '' : text, json }
}
