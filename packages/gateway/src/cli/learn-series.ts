import type { ModelRecord } from '@ringwall/learn/io'
import { type Command, InvalidArgumentError } from 'commander'
import { RingwallError } from '../base/error.ts'
import { endingOf } from './learn-attack-plot.ts'
import { beside, onceEach } from './learn-beside.ts'
import { above, csvOptions, learning, names, whole, writeOut } from './learn-input.ts'
import { checkOutputs } from './learn-outputs.ts'
import { writePlot } from './learn-plot.ts'
import { judged, kept, learned, type Source } from './learn-series-judge.ts'
import { isoTime, type Judged, outcomeOf, type Unfit } from './learn-series-told.ts'
import { type Outcome, runs, verb } from './verb.ts'

interface Options extends Source {
  readonly model?: string
  readonly out?: string
  readonly plot?: string
  readonly save?: string
  readonly json?: boolean
}

/** `ringwall learn series`: learns what is normal from the first rows, and judges the others; or judges by a model that was kept. */
export function seriesVerb(learn: Command): void {
  const command = verb(learn, {
    name: 'series <file>',
    summary:
      'Learn what is normal from the first rows of a series, without labels, and score all rows; 1 where an alarm was raised.',
    example:
      'ringwall learn series pump.csv --train-rows 400 --ignore anomaly,changepoint --out scores.csv --save pump.model.json\n  $ ringwall learn series today.csv --model pump.model.json',
  })
    .option(
      '--train-rows <count>',
      'rows that are normal, from the first one on (required, unless there is --model)',
      whole(1),
    )
    .option(
      '--model <file>',
      'judge by a model that --save, or learn spoof --save, has kept, and learn nothing (in place of --train-rows)',
    )
    .option('--ignore <columns>', 'columns that are not read, with commas', names)
    .option('--sensors <columns>', 'read these columns only', names)
    .option('--time <column>', 'the column of times, if it is not recognized')
    .option(
      '--false-alarms <rate>',
      'the share of normal rows that may score above 1, of several sensors; 0.01 unless said',
      rate,
    )
    .option(
      '--change-limit <deviations>',
      'how far the last rows must differ from those before for a change; 5 unless said, more of fewer than 400 rows; 3.5 cries sooner and oftener',
      above,
    )
    .option('--out <file>', 'where the scores go: row, score, alarm, change, sensor, and time if there is one (CSV)')
    .option('--plot <file>', 'draw series, scores, alarms and blamed sensors: .svg or .html')
    .option('--save <file>', 'keep the model')
    .allowExcessArguments()
  runs<Options>(csvOptions(command).addHelpText('after', AFTER), ([file = '-'], options) =>
    learning(file, () => series(file, command.args.slice(1), options)),
  )
}

const AFTER = `
Status 1 is an alarm in the judged rows; changes alone are told and leave it 0.
The file is a CSV, or - for standard input. Rows count from 0. A score above 1 begins an alarm; the first rows get scores and no alarms.
An alarm goes from its first row to its last one, both included. With --out - or --save - that file goes to standard output and the rest to standard error.
Columns that hold times or words, or are named as labels are (anomaly, label, class, ...), are never read.`

function rate(text: string): number {
  const value = Number(text)
  if (value > 0 && value < 1) return value
  throw new InvalidArgumentError('It is a share between 0 and 1.')
}

const usage = (what: string, hint: string): RingwallError => new RingwallError('usage', what, hint)

async function series(file: string, others: readonly string[], options: Options): Promise<Outcome> {
  checkUsage(file, others, options)
  const { out, plot, save, model } = options
  const { chosen, times, record } =
    model === undefined ? await learned(file, options) : await kept(file, model, options)
  const { rows, trainRows } = await judged(record, chosen)
  const told = {
    file,
    chosen,
    times,
    rows,
    trainRows,
    unfit: unfitOf(record, chosen.names),
    model: model ?? null,
    out: out ?? null,
    plot: plot ?? null,
  }
  if (out !== undefined) writeOut(out, await linesOf(told))
  if (plot !== undefined) writePlot(plot, { title: file, trainRows, times, chosen, rows })
  if (save !== undefined) {
    const { writeModel } = await import('@ringwall/learn/io')
    writeOut(save, await writeModel(record))
  }
  return beside([out, save], options.json, outcomeOf({ ...told, save: save ?? null }))
}

/** The sensors that a model gives no say, by their names. */
function unfitOf({ model }: ModelRecord, sensors: readonly string[]): Unfit[] {
  if (model.kind !== 'series') return []
  return Array.from(model.model.detector.unfit, ([at, why]) => ({ sensor: sensors[at] ?? '', why }))
}

/** Refuses options that do not go together. Error: `usage`. */
function checkUsage(file: string, others: readonly string[], options: Options): void {
  const { trainRows, model, out, plot, save } = options
  if (others.length > 0) {
    const what = `it judges one file, and ${[file, ...others].join(' ')} are ${others.length + 1}`
    throw usage(what, 'Columns are named with commas and without blanks: --ignore a,b.')
  }
  if (trainRows === undefined && model === undefined)
    throw usage('it takes --train-rows or --model', 'Say how many rows are normal, from the first one on.')
  const set = ['trainRows', 'ignore', 'sensors', 'falseAlarms', 'changeLimit', 'save'] as const
  const useless = set.find(name => options[name] !== undefined)
  if (model !== undefined && useless !== undefined) {
    const option = `--${useless.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)}`
    throw usage(`${option} has no effect with --model: the model holds what was learned`, 'Leave one of them out.')
  }
  onceEach([file, model], 'input')
  if (plot !== undefined) endingOf(plot)
  checkOutputs({ '--out': out, '--plot': plot, '--save': save }, [file, model])
}

async function linesOf({ chosen, times, rows }: Pick<Judged, 'chosen' | 'times' | 'rows'>): Promise<Iterable<string>> {
  const { csvLine } = await import('@ringwall/learn/io')
  function* lines(): Generator<string> {
    yield csvLine(['row', 'score', 'alarm', 'change', 'sensor', ...(times === null ? [] : ['time'])])
    for (const [row, { score, alarm, change, sensor }] of rows.entries()) {
      const cells = [row, Number(score.toPrecision(7)), alarm, change, chosen.names[sensor] ?? '']
      yield csvLine(times === null ? cells : [...cells, isoTime(times, row) ?? ''])
    }
  }
  return lines()
}
