import type { Command } from 'commander'
import { RingwallError } from '../base/error.ts'
import { endingOf } from './learn-attack-plot.ts'
import { beside } from './learn-beside.ts'
import { chosenColumns, counted, leftText, readingOf, timesIn } from './learn-columns.ts'
import { type CsvOptions, csvOptions, learning, names, readCsv, writeOut } from './learn-input.ts'
import { checkOutputs } from './learn-outputs.ts'
import { writePlot } from './learn-plot.ts'
import { table as tableText } from './output.ts'
import { type Outcome, runs, verb } from './verb.ts'

interface Options extends CsvOptions {
  readonly ignore?: readonly string[]
  readonly sensors?: readonly string[]
  readonly time?: string
  readonly out?: string
  readonly plot?: string
  readonly json?: boolean
}

/** `ringwall learn change`: finds where a series changes. */
export function changeVerb(learn: Command): void {
  const command = verb(learn, {
    name: 'change <file>',
    summary: 'Find the rows at which a series changes, looking at it as a whole; 1 where there are any.',
    example: 'ringwall learn change pump.csv --ignore anomaly,changepoint',
  })
    .option('--ignore <columns>', 'columns that are not read, with commas', names)
    .option('--sensors <columns>', 'read these columns only', names)
    .option('--time <column>', 'the column of times, if it is not recognized')
    .option('--out <file>', 'where the changes go: row, time, sensor, confidence, delay (CSV)')
    .option('--plot <file>', 'draw series and changes: .svg or .html')
  runs<Options>(csvOptions(command), ([file = '-'], options) => learning(file, () => change(file, options)))
}

/** Two rows on either side: fewer show no change, whatever they are. */
const FEWEST_ROWS = 4

async function change(file: string, options: Options): Promise<Outcome> {
  const { time, out, plot } = options
  if (plot !== undefined) endingOf(plot)
  checkOutputs({ '--out': out, '--plot': plot }, [file])
  const { csvLine } = await import('@ringwall/learn/io')
  const { segment } = await import('@ringwall/learn/change')
  const table = await readCsv(file, options, readingOf(options))
  if (table.rows < FEWEST_ROWS) {
    const what = `${counted(table.rows, 'row')}, where a change takes at least ${FEWEST_ROWS}`
    throw new RingwallError('rows_too_few', what, 'Give more rows.', { file })
  }
  const chosen = await chosenColumns(table, options)
  const times = await timesIn(table, time)
  const changes = segment(chosen.matrix).map(({ row, confidence, column, delay }) => {
    const at = times?.[row] ?? Number.NaN
    return {
      row,
      time: Number.isNaN(at) ? null : new Date(at).toISOString(),
      sensor: chosen.names[column] ?? '',
      confidence,
      delay,
    }
  })
  if (out !== undefined) {
    const lines = changes.map(each =>
      csvLine([each.row, each.time ?? '', each.sensor, Number(each.confidence.toPrecision(4)), each.delay]),
    )
    writeOut(out, [csvLine(['row', 'time', 'sensor', 'confidence', 'delay']), ...lines])
  }
  if (plot !== undefined) {
    const cuts = new Map(changes.map(({ row, sensor }) => [row, chosen.names.indexOf(sensor)]))
    const rows = Array.from({ length: table.rows }, (_, row) => ({
      score: Number.NaN,
      alarm: false,
      change: cuts.has(row),
      sensor: cuts.get(row) ?? -1,
    }))
    writePlot(plot, { title: file, trainRows: 0, times, chosen, rows })
  }
  const lines = changes.map(each => [
    String(each.row),
    each.time ?? '-',
    each.sensor,
    each.confidence.toFixed(2),
    String(each.delay),
  ])
  const text = [
    `${counted(table.rows, 'row')} of ${counted(chosen.names.length, 'sensor')}. ${counted(changes.length, 'change')}.\n`,
    leftText(chosen),
    changes.length === 0 ? '' : tableText([['row', 'time', 'sensor', 'confidence', 'delay'], ...lines]),
    plot === undefined ? '' : `Plot: ${plot}\n`,
  ].join('')
  const json = { file, rows: table.rows, sensors: chosen.names, leftOut: chosen.left, changes }
  return beside([out], options.json, { status: changes.length > 0 ? 1 : 0, text, json })
}
