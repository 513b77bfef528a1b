import { alarmsIn, type ScoredRow } from './learn-alarms.ts'
import { type Chosen, counted, leftText } from './learn-columns.ts'
import { silentIn } from './learn-silent.ts'
import { printable, table as tableText } from './output.ts'
import type { Outcome } from './verb.ts'

/** A series that was judged, and the files that came of it; null for those that were not asked for. */
export interface Judged {
  readonly file: string
  readonly chosen: Chosen
  /** Milliseconds since 1970; null where the series has no clock. */
  readonly times: Float64Array | null
  readonly rows: readonly ScoredRow[]
  /** Sensors that have no say in the score, and why. */
  readonly unfit: readonly Unfit[]
  /** So many of the first rows were learned from. */
  readonly trainRows: number
  readonly model: string | null
  readonly out: string | null
  readonly plot: string | null
  readonly save: string | null
}

/** A sensor that has no say in the score. */
export interface Unfit {
  readonly sensor: string
  readonly why: 'constant' | 'rare' | 'wandering'
}

const WHY: Readonly<Record<Unfit['why'], string>> = {
  constant: 'never moved in training',
  rare: 'moved too seldom in training',
  wandering: 'ends training at another level',
}

const MOST_LINES = 20

/** A score in three digits, and in more where they would make it no larger than the limit. */
export function scoreText(score: number): string {
  for (let digits = 3; digits < 17; digits++) {
    const rounded = Number(score.toPrecision(digits))
    if (rounded !== 1 || score === 1) return String(rounded)
  }
  return String(score)
}

/** What is told of a series: the table of its alarms, and the same as JSON. Status 1 where there is an alarm. */
export function outcomeOf({ file, chosen, times, rows, unfit, trainRows, ...files }: Judged): Outcome {
  const alarms = alarmsIn(rows)
  const changes = rows.flatMap(({ change }, row) => (change ? [row] : []))
  const silent = silentIn(chosen, trainRows)
  const alarmRows = alarms.reduce((sum, { from, to }) => sum + to - from + 1, 0)
  const lines = alarms.slice(0, MOST_LINES).map(({ from, to, highest, sensor }) => {
    const time = times === null ? [] : [isoTime(times, from) ?? '-']
    return [`${from}`, `${to}`, ...time, scoreText(highest), chosen.names[sensor] ?? '-']
  })
  const head = ['from', 'to', ...(times === null ? [] : ['time']), 'score', 'sensor']
  const text = [
    `${counted(rows.length, 'row')} of ${counted(chosen.names.length, 'sensor')}${learnedText(trainRows, files.model)}.\n`,
    leftText(chosen),
    unfit.length === 0
      ? ''
      : `${listText(
          'Without a say: ',
          unfit.map(({ sensor, why }) => `${sensor} (${WHY[why]})`),
        )}\n`,
    ...silent.map(
      ({ sensor, row, rows: count }) =>
        `${printable(`Silent: ${sensor}, from row ${row} on without a value in ${counted(count, 'row')}`)}.\n`,
    ),
    `${counted(alarms.length, 'alarm')}, ${alarmRows} of ${counted(rows.length - trainRows, 'judged row')}; ${counted(changes.length, 'change')}.\n`,
    changes.length === 0 ? '' : `${listText('Changes at rows: ', changes.map(String))}\n`,
    alarms.length === 0 ? '' : tableText([head, ...lines]),
    alarms.length > MOST_LINES ? `... and ${alarms.length - MOST_LINES} more\n` : '',
    files.out === null || files.out === '-' ? '' : `Scores: ${files.out}\n`,
    files.plot === null ? '' : `Plot: ${files.plot}\n`,
    files.save === null ? '' : `Model: ${files.save}\n`,
  ].join('')
  const json = {
    file,
    rows: rows.length,
    trainRows,
    sensors: chosen.names,
    leftOut: chosen.left,
    unfit,
    silent,
    alarms: alarms.map(({ from, to, highest, sensor }) => ({
      from,
      to,
      time: isoTime(times, from),
      toTime: isoTime(times, to),
      highest,
      sensor: chosen.names[sensor] ?? null,
    })),
    changes,
    ...files,
  }
  return { status: alarms.length > 0 ? 1 : 0, text, json }
}

/** The first of many, with how many are left. */
function listText(what: string, items: readonly string[]): string {
  const left = items.length - MOST_LINES
  return printable(`${what}${items.slice(0, MOST_LINES).join(', ')}${left > 0 ? ` and ${left} more` : ''}.`)
}

/** When a row was, in ISO 8601; null where that is not known. */
export function isoTime(times: Float64Array | null, row: number): string | null {
  const time = times?.[row] ?? Number.NaN
  return Number.isNaN(time) ? null : new Date(time).toISOString()
}

function learnedText(trainRows: number, model: string | null): string {
  const were = `${trainRows} ${trainRows === 1 ? 'was' : 'were'} learned from`
  if (model === null) return `; ${were}`
  return `, judged by ${model}${trainRows > 0 ? `; the first ${were}` : ''}`
}
