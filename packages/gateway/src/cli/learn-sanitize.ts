import type { Column, Table } from '@ringwall/learn/io'
import type { SuspectCode } from '@ringwall/learn/robust/poison'
import type { Removal, RemovalCount, Sanitized } from '@ringwall/learn/sanitize'
import { type Command, InvalidArgumentError } from 'commander'
import { RingwallError } from '../base/error.ts'
import { beside } from './learn-beside.ts'
import { type Chosen, chosenColumns, counted, leftText, timesIn } from './learn-columns.ts'
import { above, type CsvOptions, csvOptions, learning, names, readCsv, whole, writeOut } from './learn-input.ts'
import { sanitizeLabeled } from './learn-labels.ts'
import { checkOutputs } from './learn-outputs.ts'
import { table as tableText } from './output.ts'
import { type Outcome, runs, verb } from './verb.ts'

interface Options extends CsvOptions {
  readonly ignore?: readonly string[]
  readonly sensors?: readonly string[]
  readonly time?: string
  readonly trainRows?: number
  readonly limit?: number
  readonly label?: string
  readonly against?: readonly SuspectCode[]
  readonly relabel?: boolean
  readonly seed: number
  readonly out?: string
  readonly json?: boolean
}

/** `ringwall learn sanitize`: takes out what cannot be true. */
export function sanitizeVerb(learn: Command): void {
  const command = verb(learn, {
    name: 'sanitize <file>',
    summary:
      'Take out values that cannot be true: outliers, stuck sensors, other units; rows whose clock goes back, stands or is ahead; 1 where something was taken out.',
    example: 'ringwall learn sanitize raw.csv --out clean.csv',
  })
    .option('--train-rows <count>', 'learn what is usual from the first rows only, at least 30', whole(30))
    .option('--limit <spreads>', 'how far from the median a value may be, in median deviations; 8 unless said', above)
    .option('--ignore <columns>', 'columns that are not judged, with commas; of times: leave the clock alone', names)
    .option('--sensors <columns>', 'judge these columns only', names)
    .option('--time <column>', 'the column of times, if it is not recognized')
    .option('--label <column>', 'a column of classes: take out rows with doubtful labels and triggers instead')
    .option('--relabel', 'with --label: keep rows of doubtful labels, with the likelier one')
    .option('--against <codes>', 'with --label: look for these only, label_doubtful or trigger', suspectCodes)
    .option('--seed <number>', 'decides all draws, with --label', whole(0), 1)
    .option('--out <file>', 'where the clean table goes (CSV); unless it is said, nothing is written')
  runs<Options>(csvOptions(command), ([file = '-'], options) => learning(file, () => sanitize(file, options)))
}

/** Takes a list of what is looked for in labels. */
function suspectCodes(text: string, former: readonly SuspectCode[] = []): readonly SuspectCode[] {
  return [
    ...former,
    ...names(text).map(code => {
      if (code !== 'label_doubtful' && code !== 'trigger')
        throw new InvalidArgumentError('It is label_doubtful or trigger.')
      return code
    }),
  ]
}

const FLAGS = { trainRows: '--train-rows', limit: '--limit', sensors: '--sensors', time: '--time' } as const

async function sanitize(file: string, options: Options): Promise<Outcome> {
  const { time, out, limit: spreads } = options
  checkOutputs({ '--out': out }, [file])
  const { csvLines } = await import('@ringwall/learn/io')
  const { Sanitizer } = await import('@ringwall/learn/sanitize')
  const { label, against, relabel, ignore = [] } = options
  // What is not judged goes on as it stands, whatever that is.
  const kinds = Object.fromEntries(ignore.filter(name => name !== time).map(name => [name, 'category'] as const))
  const table = await readCsv(file, options, {
    keepsAbsurd: true,
    keepsTexts: true,
    kinds,
    ...(time === undefined ? {} : { time }),
  })
  if (label !== undefined) {
    for (const name of ['trainRows', 'limit', 'sensors', 'time'] as const)
      if (options[name] !== undefined)
        throw new RingwallError('usage', `--label and ${FLAGS[name]} do not go together`, 'See --help for an example.')
    return beside([out], options.json, await sanitizeLabeled(table, { ...options, label }))
  }
  if (against !== undefined || relabel === true)
    throw new RingwallError('usage', '--relabel and --against need --label', 'See --help for an example.')
  const trainRows = options.trainRows ?? table.rows
  if (trainRows > table.rows)
    throw new RingwallError(
      'rows_too_few',
      `expected ${trainRows} rows to learn from (--train-rows), found ${table.rows}`,
      'Say fewer, or leave --train-rows out to learn from all of them.',
      { file: table.file },
    )
  const chosen = await chosenColumns(table, options, trainRows)
  const ignored = table.columns.some(({ name, kind }) => kind === 'time' && ignore.includes(name))
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
  const clean = sanitizer.clean(matrix, times)
  const isKept = new Uint8Array(table.rows)
  for (const row of clean.kept) isKept[row] = 1
  if (out !== undefined)
    writeOut(
      out,
      csvLines(blanked(table, chosen, clean), row => isKept[row] === 1),
    )
  return beside([out], options.json, await told(table, chosen, clean, out))
}

/** The table as it was, without what was taken out. */
function blanked(table: Table, chosen: Chosen, { rows: { data }, kept }: Sanitized): Table {
  const width = chosen.names.length
  const columns = table.columns.map((column): Column => {
    const at = chosen.names.indexOf(column.name)
    if (at < 0 || column.kind !== 'number') return column
    const values = column.values.slice()
    for (const [i, row] of kept.entries()) if (Number.isNaN(data[i * width + at])) values[row] = Number.NaN
    return { ...column, values }
  })
  return { ...table, columns }
}

/** So many removals are told one by one. */
const MOST_LINES = 20
/** Of more than that, so many. */
const FIRST_LINES = 5
/** So many are in the JSON; all are counted there. */
const MOST_JSON = 1_000

async function told(table: Table, chosen: Chosen, clean: Sanitized, out: string | undefined): Promise<Outcome> {
  const { countRemovals } = await import('@ringwall/learn/sanitize')
  const { names } = chosen
  // What is missing already was taken out by nobody.
  const removals = clean.removals.filter(({ code }) => code !== 'missing').map(each => withCell(each, table, names))
  const missing = countRemovals(clean.removals).reduce(
    (sum, { code, values }) => sum + (code === 'missing' ? values : 0),
    0,
  )
  const counts = countRemovals(removals).map(({ column, ...count }) => ({ ...count, sensor: names[column] ?? null }))
  const kept = clean.kept.length
  // A jump of the clock is told, and its row stays.
  const isTaken = removals.some(({ code }) => code !== 'clock_jump')
  const text = [
    `${counted(table.rows, 'row')} of ${counted(names.length, 'sensor')}; ${counted(kept, 'row')} kept, ${counted(missing, 'value')} missing already.\n`,
    leftText(chosen),
    clean.clockUnfit
      ? 'The clock was left alone: it goes back or repeats in so many rows that it says nothing of them (several devices in one file, or a coarse clock).\n'
      : '',
    isTaken ? '' : 'Nothing was taken out.\n',
    removals.length > MOST_LINES ? countsText(counts) : '',
    removals.length === 0 ? '' : removalsText(removals, names),
    removals.length > MOST_LINES
      ? `... and ${removals.length - FIRST_LINES} more (--json tells the first ${MOST_JSON})\n`
      : '',
    out === undefined ? 'Nothing was written (--out).\n' : out === '-' ? '' : `Clean: ${out}\n`,
  ].join('')
  const json = {
    rows: table.rows,
    kept,
    missing,
    clockUnfit: clean.clockUnfit,
    counts,
    removals: removals.slice(0, MOST_JSON).map(({ column, ...each }) => ({ ...each, sensor: names[column] ?? null })),
    more: Math.max(0, removals.length - MOST_JSON),
    out: out ?? null,
  }
  return { status: isTaken ? 1 : 0, text, json }
}

/** A removal that tells what stood in the cell, where that is larger than a sensor's 32 bits can say. */
function withCell(removal: Removal, table: Table, names: readonly string[]): Removal {
  if (removal.code !== 'absurd') return removal
  const value = table.columns.find(({ name }) => name === names[removal.column])?.values[removal.from] ?? removal.value
  return { ...removal, value, why: `${value} is beyond 3e38, and nothing is so large` }
}

type Count = Omit<RemovalCount, 'column'> & { readonly sensor: string | null }

function countsText(counts: readonly Count[]): string {
  const lines = counts
    .slice(0, MOST_LINES)
    .map(({ code, sensor, values, runs, first }) => [code, sensor ?? '(row)', `${values}`, `${runs}`, `${first}`])
  const more = counts.length > MOST_LINES ? `... and ${counts.length - MOST_LINES} more\n` : ''
  return `${tableText([['what', 'sensor', 'values', 'runs', 'first row'], ...lines])}${more}\n`
}

function removalsText(removals: readonly Removal[], names: readonly string[]): string {
  const shown = removals.length > MOST_LINES ? removals.slice(0, FIRST_LINES) : removals
  const lines = shown.map(({ code, from, to, column, why }) => {
    const rows = to - from === 1 ? `${from}` : `${from}-${to - 1}`
    return [code, rows, names[column] ?? '(row)', why]
  })
  return tableText([['what', 'rows', 'sensor', 'why'], ...lines])
}
