import type { Algorithm, ModelRecord, Report, Table, Told } from '@ringwall/learn/io'
import { type Command, InvalidArgumentError } from 'commander'
import { RingwallError } from '../base/error.ts'
import { beside, onceEach } from './learn-beside.ts'
import { type CsvOptions, csvOptions, learning, names, readCsv, readModelFile, whole, writeOut } from './learn-input.ts'
import { TrainingBar } from './learn-progress.ts'
import { toldLines, toldOutcome } from './learn-told.ts'
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
  readonly json?: boolean
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
  runs<Options>(command, (_, options) => classify(options, true))
}

/** `ringwall learn classify`: tells the classes of a table, by another table or a kept model. */
export function classifyVerb(learn: Command): void {
  const command = verb(learn, {
    name: 'classify',
    summary: 'Tell the classes of a table, learned from another one or by a model that was kept.',
    example: 'ringwall learn classify --train known.csv --test new.csv --label state --out told.csv',
  }).option('--model <file>', 'a model that --save has kept, in place of --train and --label')
  withOptions(command)
  runs<Options>(command, (_, options) => classify(options, false))
}

const AFTER = `
Where the test table has the label, what was told is judged by it: recall, precision and counts of each class, and what it would be to tell always the most frequent one.
--out gets the columns prediction and p_CLASS, the probability of each class, a line a row of the test table.
Unless --algorithm says which, boosted trees and a random forest are tried on the last fifth of each class's rows, and the better one
(by macro F1, or log loss where that is about the same) learns all rows. Words are encoded, missing values kept as such, columns of times left out.`

function withOptions(command: Command): void {
  command
    .option('--train <file>', 'the table to learn from (CSV, or - for standard input)')
    .option('--label <column>', 'its column of classes; with --model, the column of the test table to judge by')
    .option('--test <file>', 'the table whose rows are told')
    .option('--out <file>', 'where what is told goes (CSV, or - for standard output)')
    .option('--ignore <columns>', 'columns that are not learned from, with commas', names)
    .option('--words <columns>', 'columns of words that look like numbers, with commas', names)
    .option('--algorithm <name>', 'auto, boosting or forest', algorithm, 'auto')
    .option('--seed <number>', 'decides all draws', whole(0), 1)
    .option('--save <file>', 'keep the model (JSON)')
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
  if (out !== undefined && test === undefined) throw usage('--out needs --test')
  if (test === undefined && (!fits || save === undefined))
    throw usage(fits ? 'it takes --save or --test' : 'it takes --test')
  onceEach([train, model, test], 'input')
  onceEach([out, save], 'output')
  const { csvLine, kindsOf, tellTable, writeModel } = await import('@ringwall/learn/io')
  const record = model === undefined ? await learned(train ?? '', label ?? '', options) : await readModelFile(model)
  const file = save === undefined ? '' : await writeModel(record)
  if (save !== undefined) writeOut(save, file)
  const outcome = { record, out, save: save === undefined ? undefined : { file: save, bytes: Buffer.byteLength(file) } }
  if (test === undefined) return beside([save], options.json, await toldOutcome(outcome))
  const result = await learning(test, async () => {
    const table = await readCsv(test, options, { kinds: kindsOf(record, label) })
    const told = tellTable(record, table)
    return { told, report: await judged(record, told, table, options) }
  })
  if (out !== undefined) writeOut(out, toldLines(csvLine, result.told))
  return beside([out, save], options.json, await toldOutcome({ ...outcome, result }))
}

const usage = (what: string): RingwallError => new RingwallError('usage', what, 'See --help for an example.')

async function learned(file: string, label: string, options: Options): Promise<ModelRecord> {
  const { learnTable } = await import('@ringwall/learn/io')
  const { ignore = [], words = [], algorithm, seed } = options
  const kinds = Object.fromEntries(words.map(name => [name, 'category'] as const))
  return await learning(file, async () => {
    const table = await readCsv(file, options, { kinds })
    const bar = new TrainingBar('learning')
    const date = new Date().toISOString()
    try {
      const progress = (done: number, what: string, loss?: number): void => bar.update(done, what, loss)
      return await learnTable(table, { label, ignore, algorithm, seed, date, progress })
    } finally {
      bar.end()
    }
  })
}

/**
 * By the column that `--label` names, which must be there and say something where a kept model tells; else by the one that the model was learned with, where that is so.
 */
async function judged(
  record: ModelRecord,
  told: Told,
  table: Table,
  { model, label }: Options,
): Promise<Report | null> {
  const { cellText, labelOf, reportOf } = await import('@ringwall/learn/io')
  const its = label ?? labelOf(record)
  if (its === undefined) return null
  const column = table.columns.find(({ name }) => name === its)
  const says = column !== undefined && told.predicted.some((_, row) => cellText(column, row) !== '')
  const isAsked = model !== undefined && label !== undefined
  return says || isAsked ? reportOf(record, told, table, its) : null
}
