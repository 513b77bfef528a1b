import type { Judgment } from '@ringwall/learn/series'
import { type Command, InvalidArgumentError } from 'commander'
import { RingwallError } from '../base/error.ts'
import { alarmsIn, type ScoredRow } from './learn-alarms.ts'
import { type Chosen, chosenColumns, counted, leftText, timesIn } from './learn-columns.ts'
import { above, type CsvOptions, csvOptions, learning, names, readCsv, whole, writeOut } from './learn-input.ts'
import { writePlot } from './learn-plot.ts'
import { TrainingBar } from './learn-progress.ts'
import { printable, table as tableText } from './output.ts'
import { type Outcome, runs, verb } from './verb.ts'

interface Options extends CsvOptions {
  readonly trainRows: number
  readonly ignore?: readonly string[]
  readonly sensors?: readonly string[]
  readonly time?: string
  readonly falseAlarms?: number
  readonly changeLimit?: number
  readonly out: string
  readonly plot?: string
}

/** `ringwall learn series`: learns what is normal from the first rows, and judges the others. */
export function seriesVerb(learn: Command): void {
  const command = verb(learn, {
    name: 'series <file>',
    summary:
      'Learn what is normal from the first rows of a series, without labels, and score all rows; 1 where an alarm was raised.',
    example:
      'ringwall learn series pump.csv --train-rows 400 --ignore anomaly,changepoint --out scores.csv --plot pump.html',
  })
    .requiredOption('--train-rows <count>', 'rows that are normal, from the first one on', whole(1))
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
    .requiredOption('--out <file>', 'where the scores go: row, score, alarm, change, sensor (CSV)')
    .option('--plot <file>', 'draw series, scores, alarms and blamed sensors: .svg or .html')
  runs<Options>(csvOptions(command).addHelpText('after', AFTER), ([file = '-'], options) =>
    learning(file, () => series(file, options)),
  )
}

const AFTER = `
The file is a CSV, or - for standard input. Rows count from 0. A score above 1 begins an alarm; the first rows get scores and no alarms.
Columns that hold times or words, or are named as labels are (anomaly, label, class, ...), are never read.`

function rate(text: string): number {
  const value = Number(text)
  if (value > 0 && value < 1) return value
  throw new InvalidArgumentError('It is a share between 0 and 1.')
}

/** What every sensor has to do with every other one is learned, in time that grows with more than the square of their number: with 1,000 rows of so many some 14 s. */
const MOST_SENSORS = 256

async function series(file: string, options: Options): Promise<Outcome> {
  const { trainRows, time, out, plot } = options
  const { csvLine } = await import('@ringwall/learn/io')
  const table = await readCsv(file, options, time === undefined ? {} : { time })
  if (trainRows >= table.rows) {
    const what = `--train-rows is ${trainRows}, and the table has ${counted(table.rows, 'row')}`
    throw new RingwallError('rows_too_few', what, 'Leave rows to judge.', { file })
  }
  const chosen = await chosenColumns(table, options, trainRows)
  if (chosen.names.length > MOST_SENSORS) {
    const what = `${chosen.names.length} columns, and at most ${MOST_SENSORS} are judged together`
    throw new RingwallError('columns_many', what, 'Name those that belong together with --sensors.', { file })
  }
  if (chosen.names.length === 1 && options.falseAlarms !== undefined) {
    const what = '--false-alarms is for several sensors, and one is judged here: by its records, which have no rate'
    throw new RingwallError('usage', what, 'Leave the option out, or let more columns count.', { file })
  }
  const times = await timesIn(table, time)
  const rows = await scored(chosen, trainRows, options)
  function* lines(): Generator<string> {
    yield csvLine(['row', 'score', 'alarm', 'change', 'sensor'])
    for (const [row, { score, alarm, change, sensor }] of rows.entries())
      yield csvLine([row, Number(score.toPrecision(7)), alarm, change, chosen.names[sensor] ?? ''])
  }
  writeOut(out, lines())
  if (plot !== undefined) writePlot(plot, { title: file, trainRows, times, chosen, rows })
  return told(file, chosen, trainRows, rows, { out, plot: plot ?? null })
}

async function scored(chosen: Chosen, trainRows: number, options: Options): Promise<ScoredRow[]> {
  const { falseAlarms, changeLimit } = options
  const { detectSeries } = await import('@ringwall/learn/series')
  const { changesOf, fitChange } = await import('@ringwall/learn/change')
  const { matrix } = chosen
  const bar = new TrainingBar('learning')
  try {
    const judged: readonly Judgment[] = detectSeries(matrix, trainRows, {
      progress: done => bar.update(done),
      ...(falseAlarms === undefined ? {} : { falseAlarms }),
    })
    const train = { ...matrix, rows: trainRows, data: matrix.data.subarray(0, trainRows * matrix.columns) }
    const changes = changesOf(fitChange(train, changeLimit === undefined ? {} : { threshold: changeLimit }), matrix)
    return judged.map(({ score, alarm, sensor }, row) => {
      const found = row >= trainRows ? changes[row]! : null
      const change = found?.change === true
      return { score, alarm, change, sensor: sensor < 0 && change ? (found?.sensor ?? -1) : sensor }
    })
  } finally {
    bar.end()
  }
}

const MOST_LINES = 20

function told(
  file: string,
  chosen: Chosen,
  trainRows: number,
  rows: readonly ScoredRow[],
  files: { readonly out: string; readonly plot: string | null },
): Outcome {
  const alarms = alarmsIn(rows)
  const changes = rows.flatMap(({ change }, row) => (change ? [row] : []))
  const alarmRows = alarms.reduce((sum, { from, to }) => sum + to - from, 0)
  const name = (sensor: number): string => chosen.names[sensor] ?? '-'
  const lines = alarms
    .slice(0, MOST_LINES)
    .map(({ from, to, highest, sensor }) => [`${from}`, `${to - 1}`, highest.toFixed(2), name(sensor)])
  const more = alarms.length > MOST_LINES ? `... and ${alarms.length - MOST_LINES} more\n` : ''
  const text = [
    `${counted(rows.length, 'row')} of ${counted(chosen.names.length, 'sensor')}; ${trainRows} were learned from.\n`,
    printable(leftText(chosen).trimEnd()),
    leftText(chosen) === '' ? '' : '\n',
    `${counted(alarms.length, 'alarm')} in ${counted(alarmRows, 'row')}, ${counted(changes.length, 'change')}.\n`,
    alarms.length === 0 ? '' : tableText([['from', 'to', 'score', 'sensor'], ...lines]),
    more,
    files.out === '-' ? '' : `Scores: ${files.out}\n`,
    files.plot === null ? '' : `Plot: ${files.plot}\n`,
  ].join('')
  const json = {
    file,
    rows: rows.length,
    trainRows,
    sensors: chosen.names,
    leftOut: chosen.left,
    alarms: alarms.map(({ sensor, ...span }) => ({ ...span, sensor: chosen.names[sensor] ?? null })),
    changes,
    ...files,
  }
  return { status: alarms.length > 0 ? 1 : 0, text: files.out === '-' ? '' : text, json }
}
