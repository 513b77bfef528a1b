import type { Column, Table } from '@ringwall/learn/io'
import type { Removal } from '@ringwall/learn/sanitize'
import { type Command, InvalidArgumentError } from 'commander'
import { RingwallError } from '../base/error.ts'
import { type Chosen, chosenColumns, timesIn } from './learn-columns.ts'
import { type CsvOptions, csvOptions, learning, names, readCsv, whole, writeOut } from './learn-input.ts'
import { sanitizeLabeled } from './learn-labels.ts'
import { table as tableText } from './output.ts'
import { type Outcome, runs, verb } from './verb.ts'

interface Options extends CsvOptions {
  readonly ignore?: readonly string[]
  readonly sensors?: readonly string[]
  readonly time?: string
  readonly trainRows?: number
  readonly limit?: number
  readonly label?: string
  readonly seed: number
  readonly out: string
}

/** `ringwall learn sanitize`: takes out what cannot be true. */
export function sanitizeVerb(learn: Command): void {
  const command = verb(learn, {
    name: 'sanitize <file>',
    summary:
      'Take out values that cannot be true: outliers, stuck sensors, other units; rows whose clock goes back or stands; 1 where something was taken out.',
    example: 'ringwall learn sanitize raw.csv --out clean.csv',
  })
    .option('--train-rows <count>', 'learn what is usual from the first rows only', whole(2))
    .option('--limit <spreads>', 'how far from the median a value may be, in median deviations; 8 unless said', limit)
    .option('--ignore <columns>', 'columns that are not judged, with commas; of times: leave the clock alone', names)
    .option('--sensors <columns>', 'judge these columns only', names)
    .option('--time <column>', 'the column of times, if it is not recognized')
    .option('--label <column>', 'a column of classes: take out rows with doubtful labels and triggers instead')
    .option('--seed <number>', 'decides all draws, with --label', whole(0), 1)
    .requiredOption('--out <file>', 'where the clean table goes (CSV)')
  runs<Options>(csvOptions(command), ([file = '-'], options) => learning(file, () => sanitize(file, options)))
}

function limit(text: string): number {
  const value = Number(text)
  if (value > 0 && Number.isFinite(value)) return value
  throw new InvalidArgumentError('It is a number above 0.')
}

const FLAGS = { trainRows: '--train-rows', limit: '--limit', sensors: '--sensors', time: '--time' } as const

async function sanitize(file: string, options: Options): Promise<Outcome> {
  const { time, out, limit: spreads } = options
  const { csvLines } = await import('@ringwall/learn/io')
  const { Sanitizer } = await import('@ringwall/learn/sanitize')
  const table = await readCsv(file, options, time === undefined ? {} : { time })
  const { label, seed, ignore = [] } = options
  if (label !== undefined) {
    for (const name of ['trainRows', 'limit', 'sensors', 'time'] as const)
      if (options[name] !== undefined)
        throw new RingwallError('usage', `--label and ${FLAGS[name]} do not go together`, 'See --help for an example.')
    return sanitizeLabeled(table, { label, ignore, seed, out })
  }
  const trainRows = Math.min(options.trainRows ?? table.rows, table.rows)
  const chosen = await chosenColumns(table, options, trainRows)
  const ignored = table.columns.some(({ name, kind }) => kind === 'time' && options.ignore?.includes(name))
  const found = ignored ? undefined : ((await timesIn(table, time)) ?? undefined)
  // A clock with gaps cannot be judged from row to row.
  const times = found?.some(value => Number.isNaN(value)) ? undefined : found
  const { matrix } = chosen
  const train = { ...matrix, rows: trainRows, data: matrix.data.subarray(0, trainRows * matrix.columns) }
  const sanitizer = Sanitizer.learn(
    train,
    times?.subarray(0, trainRows),
    spreads === undefined ? {} : { limit: spreads },
  )
  const { rows, kept, removals } = sanitizer.clean(matrix, times)
  const isKept = new Uint8Array(table.rows)
  for (const row of kept) isKept[row] = 1
  writeOut(
    out,
    csvLines(blanked(table, chosen, rows.data, kept), row => isKept[row] === 1),
  )
  return told(table, chosen, kept.length, removals, out)
}

/** The table as it was, without what was taken out. */
function blanked(table: Table, chosen: Chosen, clean: Float32Array, kept: readonly number[]): Table {
  const width = chosen.names.length
  const columns = table.columns.map((column): Column => {
    const at = chosen.names.indexOf(column.name)
    if (at < 0 || column.kind !== 'number') return column
    const values = column.values.slice()
    for (const [i, row] of kept.entries()) if (Number.isNaN(clean[i * width + at])) values[row] = Number.NaN
    return { ...column, values }
  })
  return { ...table, columns }
}

const MOST_LINES = 20

function told(table: Table, chosen: Chosen, kept: number, all: readonly Removal[], out: string): Outcome {
  const name = (column: number): string => chosen.names[column] ?? '(row)'
  // What is missing already was taken out by nobody.
  const removals = all.filter(({ code }) => code !== 'missing')
  const missing = all.reduce((sum, { code, from, to }) => sum + (code === 'missing' ? to - from : 0), 0)
  const lines = removals
    .slice(0, MOST_LINES)
    .map(({ code, from, to, column, why }) => [
      code,
      to - from === 1 ? `${from}` : `${from}-${to - 1}`,
      name(column),
      why,
    ])
  const text = [
    `${table.rows} rows of ${chosen.names.length} sensors; ${kept} rows kept, ${missing} values were missing already.\n`,
    removals.length === 0 ? 'Nothing was taken out.\n' : tableText([['what', 'rows', 'sensor', 'why'], ...lines]),
    kept < table.rows / 2
      ? 'Most rows went by their clock: is the file in the order of time? --ignore leaves a column out.\n'
      : '',
    removals.length > MOST_LINES ? `... and ${removals.length - MOST_LINES} more (--json tells all)\n` : '',
    out === '-' ? '' : `Clean: ${out}\n`,
  ].join('')
  const json = {
    rows: table.rows,
    kept,
    missing,
    removals: removals.map(({ column, ...each }) => ({ ...each, sensor: chosen.names[column] ?? null })),
    out,
  }
  return { status: removals.length > 0 ? 1 : 0, text: out === '-' ? '' : text, json }
}
