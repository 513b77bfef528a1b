import type { Algorithm, ModelRecord, Table, Told } from '@ringwall/learn/io'
import { type Command, InvalidArgumentError } from 'commander'
import { RingwallError } from '../base/error.ts'
import { topFeatures } from './learn-features.ts'
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
  readonly algorithm: Algorithm
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
    .option('--algorithm <name>', 'auto, boosting or forest', algorithm, 'auto')
    .option('--seed <number>', 'decides all draws', whole(0), 1)
    .option('--save <file>', 'keep the model')
  csvOptions(command).addHelpText('after', AFTER)
}

function algorithm(text: string): Algorithm {
  if (text === 'auto' || text === 'boosting' || text === 'forest') return text
  throw new InvalidArgumentError('It is auto, boosting or forest.')
}

async function classify(options: Options, fits: boolean): Promise<Outcome> {
  const { train, test, label, model, out, save } = options
  if ((model === undefined) === (train === undefined))
    throw usage(fits ? 'it takes --train' : 'it takes either --train or --model')
  if (train !== undefined && label === undefined) throw usage('--train needs --label')
  if ((test === undefined) !== (out === undefined)) throw usage('--test and --out belong together')
  if (test === undefined && (!fits || save === undefined))
    throw usage(fits ? 'it takes --save, or --test and --out' : 'it takes --test and --out')
  const { csvLine, kindsOf, tellTable, writeModel } = await import('@ringwall/learn/io')
  const record = model === undefined ? await learned(train ?? '', label ?? '', options) : await readModelFile(model)
  if (save !== undefined) writeOut(save, await writeModel(record))
  if (test === undefined || out === undefined) return told(record, null, null, options)
  const kinds = kindsOf(record)
  const table = await readCsv(test, options, { kinds })
  const result = tellTable(record, table)
  writeOut(out, lines(csvLine, result))
  return told(record, result, await rightOf(record, result, table), options)
}

type CsvLine = typeof import('@ringwall/learn/io').csvLine

const usage = (what: string): RingwallError => new RingwallError('usage', what, 'See --help for an example.')

async function learned(file: string, label: string, options: Options): Promise<ModelRecord> {
  const { learnTable } = await import('@ringwall/learn/io')
  const { ignore = [], words = [], algorithm, seed } = options
  const kinds = Object.fromEntries(words.map(name => [name, 'category'] as const))
  const table = await readCsv(file, options, { kinds })
  const bar = new TrainingBar('learning')
  const date = new Date().toISOString()
  try {
    const progress = (done: number, what: string, loss?: number): void => bar.update(done, what, loss)
    return await learnTable(table, { label, ignore, algorithm, seed, date, progress })
  } finally {
    bar.end()
  }
}

function* lines(csvLine: CsvLine, { classes, predicted, probabilities }: Told): Generator<string> {
  yield csvLine(['prediction', ...classes.map(name => `p_${name}`)])
  for (const [row, code] of predicted.entries()) {
    const shares = probabilities.subarray(row * classes.length, (row + 1) * classes.length)
    yield csvLine([classes[code]!, ...Array.from(shares, share => Number(share.toPrecision(7)))])
  }
}

/** The share of rows that were told rightly, where the table has the column of labels. */
async function rightOf({ schema, classes }: ModelRecord, { predicted }: Told, table: Table): Promise<number | null> {
  const { cellText } = await import('@ringwall/learn/io')
  const label = schema.find(({ role }) => role === 'label')?.name
  const column = table.columns.find(({ name }) => name === label)
  if (column === undefined) return null
  const hits = predicted.reduce((sum, code, row) => sum + Number(classes[code] === cellText(column, row)), 0)
  return hits / predicted.length
}

async function told(
  record: ModelRecord,
  result: Told | null,
  right: number | null,
  { out, save }: Options,
): Promise<Outcome> {
  const { classes, model, training } = record
  const counts = classes.map((_, k) => result?.predicted.reduce((sum, code) => sum + Number(code === k), 0) ?? 0)
  const figures = training.figures ?? {}
  const features = await topFeatures(record)
  const measured = Object.entries(figures).map(([name, value]) => [name, String(Number(value.toPrecision(5)))])
  const text = [
    `${model.kind} of ${classes.length} classes, learned from ${training.rows} rows.\n`,
    measured.length === 0 ? '' : tableText([['measured', 'value'], ...measured]),
    out === undefined && features.length > 0
      ? tableText([['most said by', 'share'], ...features.map(({ name, share }) => [name, share.toFixed(3)])])
      : '',
    result === null ? '' : tableText([['class', 'told'], ...classes.map((name, k) => [name, String(counts[k])])]),
    right === null ? '' : `${(100 * right).toFixed(2)} % are what their label says.\n`,
    out === undefined ? '' : `Told: ${out}\n`,
    save === undefined ? '' : `Model: ${save}\n`,
  ].join('')
  const json = {
    kind: model.kind,
    classes,
    trainRows: training.rows,
    figures,
    features,
    rows: result?.predicted.length ?? null,
    told: result === null ? null : Object.fromEntries(classes.map((name, k) => [name, counts[k]])),
    accuracy: right,
    out: out ?? null,
    save: save ?? null,
  }
  return { status: 0, text: out === '-' ? '' : text, json }
}
