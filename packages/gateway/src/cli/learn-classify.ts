import type { Algorithm, ModelRecord, Report, Table, Told } from '@ringwall/learn/io'
import { type Command, InvalidArgumentError } from 'commander'
import { RingwallError } from '../base/error.ts'
import { endingOf } from './learn-attack-plot.ts'
import { beside, onceEach } from './learn-beside.ts'
import { writeCoverage } from './learn-coverage.ts'
import { madeAt } from './learn-date.ts'
import { hintOf } from './learn-hints.ts'
import { type CsvOptions, csvOptions, learning, names, readCsv, readModelFile, whole, writeOut } from './learn-input.ts'
import { checkOutputs } from './learn-outputs.ts'
import { TrainingBar } from './learn-progress.ts'
import { isLearnedFrom } from './learn-same.ts'
import { toldLines, toldOutcome } from './learn-told.ts'
import { type Outcome, runs, verb } from './verb.ts'

interface Options extends CsvOptions {
  readonly train?: string
  readonly test?: string
  readonly label?: string
  readonly ignore?: readonly string[]
  readonly model?: string
  readonly words?: readonly string[]
  readonly algorithm?: Algorithm | 'ensemble'
  readonly stream?: boolean
  readonly normal?: string
  readonly coverage?: number
  readonly plot?: string
  readonly seed?: number
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
An ensemble (forest, boosted trees and net, in a vote that is calibrated on held-out rows) adds doubt, from 0 to 1, and decision: the class, or undecided.
Doubt is a rank: the share of held-out rows that were less doubtful. How often the decided ones are right is told beside it.
Its prediction may be another class than that of the greatest p_: rare classes count more where that told held-out rows better (macro F1).
With --normal, which needs rows of attacks beside the normal ones, unseen_p is how rare a row as odd as this is among normal ones: small where it is an attack, of a kind that was seen or not.
Unless --coverage says so, 5 % of rows like those that were learned go undecided, and rows that are like none of them.
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
    .option('--algorithm <name>', 'auto, boosting, forest or ensemble; auto unless said', algorithm)
    .option('--stream', 'rows are a stream: an ensemble learns for how long values are held, too')
    .option('--normal <class>', 'the class that is normal: an ensemble tells attacks that nobody has seen, too')
    .option('--coverage <share>', 'the share of the rows told that an ensemble decides: the least doubtful', share)
    .option('--plot <file>', 'accuracy against coverage, of a test table with labels (.svg or .html)')
    .option('--seed <number>', 'decides all draws; 1 unless said', whole(0))
    .option('--save <file>', 'keep the model (JSON)')
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
  if (label !== undefined && options.ignore?.includes(label) === true)
    throw usage(`--ignore names '${label}', which is the column of --label`)
  if (out !== undefined && test === undefined) throw usage('--out needs --test')
  if (test === undefined && (!fits || save === undefined))
    throw usage(fits ? 'it takes --save or --test' : 'it takes --test')
  if (options.stream === true && model === undefined && options.algorithm !== 'ensemble')
    throw usage('--stream needs --algorithm ensemble')
  if (options.normal !== undefined && model === undefined && options.algorithm !== 'ensemble')
    throw usage('--normal needs --algorithm ensemble')
  const useless = LEARNING.find(name => options[name] !== undefined)
  if (model !== undefined && useless !== undefined)
    throw usage(`--${useless} has no effect with --model: the model holds what was learned`)
  if (plot !== undefined && test === undefined) throw usage('--plot needs --test')
  onceEach([train, model, test], 'input')
  if (plot !== undefined) endingOf(plot)
  checkOutputs({ '--out': out, '--plot': plot, '--save': save }, [train, model, test])
  const { csvLine, kindsOf, labelOf, strangeIn, writeModel } = await import('@ringwall/learn/io')
  const learnt = model === undefined ? await learned(train ?? '', label ?? '', options) : null
  const record = learnt?.record ?? (await readModelFile(model ?? ''))
  if (model !== undefined && record.classes.length === 0)
    throw new RingwallError(
      'not_a_classifier',
      `a model of kind ${record.model.kind} tells no classes of rows`,
      hintOf('not_a_classifier'),
      { file: model },
    )
  const file = save === undefined ? '' : await writeModel(record)
  if (save !== undefined) writeOut(save, file)
  const outcome = {
    record,
    unnamed: learnt?.unnamed ?? null,
    out,
    plot,
    save: save === undefined ? undefined : { file: save, bytes: Buffer.byteLength(file) },
  }
  if (test === undefined) return beside([save], options.json, await toldOutcome(outcome))
  const result = await learning(test, async () => {
    const read = [...record.preprocessing.steps.map(({ from }) => from), label ?? labelOf(record)]
    const table = await readCsv(test, options, { kinds: kindsOf(record, label), skips: name => !read.includes(name) })
    const told = await tell(record, table, coverage)
    if (coverage !== undefined && told.doubts === undefined) throw usage('--coverage takes an ensemble')
    const right = told.doubts === undefined ? null : await rightOf(record, told, table, options)
    if (plot !== undefined) {
      if (told.doubts === undefined || right === null) throw usage('--plot takes an ensemble, and labels in --test')
      writeCoverage(plot, test, told.doubts.doubt, right)
    }
    const isLearned = await isLearnedFrom(test, table.rows, record, options)
    const report = await judged(record, told, table, options)
    return { told, right, strange: strangeIn(record, table), report, isLearned }
  })
  if (out !== undefined) writeOut(out, toldLines(csvLine, result.told))
  return beside([out, save], options.json, await toldOutcome({ ...outcome, result }))
}

/** What only learning takes. */
const LEARNING = ['seed', 'ignore', 'algorithm', 'words', 'stream', 'normal'] as const

const usage = (what: string): RingwallError => new RingwallError('usage', what, 'See --help for an example.')

/** The model of a table, and how many columns that has where no header names them. */
async function learned(
  file: string,
  label: string,
  options: Options,
): Promise<{ readonly record: ModelRecord; readonly unnamed: number | null }> {
  const { columnOf, learnTable } = await import('@ringwall/learn/io')
  const { ignore = [], words = [], algorithm = 'auto', seed = 1, stream = false, normal } = options
  const kinds = Object.fromEntries(words.map(name => [name, 'category'] as const))
  return await learning(file, async () => {
    const table = await readCsv(file, options, { kinds, skips: name => name !== label && ignore.includes(name) })
    for (const name of words) columnOf(table, name)
    const bar = new TrainingBar('learning')
    const date = madeAt()
    try {
      const progress = (done: number, what: string, loss?: number): void => bar.update(done, what, loss)
      const record = await learnTable(table, {
        ...{ label, ignore, algorithm, stream, seed, date, progress },
        ...(normal === undefined ? {} : { normal }),
      })
      return { record, unnamed: table.dialect.header ? null : table.columns.length }
    } finally {
      bar.end()
    }
  })
}

/** What is told of a table. @param coverage the share of its rows that an ensemble decides */
async function tell(record: ModelRecord, table: Table, coverage: number | undefined): Promise<Told> {
  const { tellTable } = await import('@ringwall/learn/io')
  const bar = new TrainingBar('telling')
  try {
    return tellTable(record, table, coverage === undefined ? undefined : { coverage }, done => bar.update(done))
  } finally {
    bar.end()
  }
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
  const { classText, labelOf, reportOf } = await import('@ringwall/learn/io')
  const its = label ?? labelOf(record)
  if (its === undefined) return null
  const column = table.columns.find(({ name }) => name === its)
  const says = column !== undefined && told.predicted.some((_, row) => classText(column, row) !== '')
  const isAsked = model !== undefined && label !== undefined
  return says || isAsked ? reportOf(record, told, table, its) : null
}

/** Of each row whether it was told rightly, and null where it has no label; null where no row has one. */
async function rightOf(
  record: ModelRecord,
  { classes, predicted }: Told,
  table: Table,
  { label }: Options,
): Promise<(boolean | null)[] | null> {
  const { classText, labelOf } = await import('@ringwall/learn/io')
  const column = table.columns.find(({ name }) => name === (label ?? labelOf(record)))
  if (column === undefined) return null
  const right = Array.from(predicted, (code, row) => {
    const said = classText(column, row)
    return said === '' ? null : said === classes[code]
  })
  return right.some(each => each !== null) ? right : null
}
