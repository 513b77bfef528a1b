import { existsSync, readdirSync, readFileSync } from 'node:fs'
import {
  agreementOf,
  type ChangeOptions,
  changesOf,
  coveringOf,
  fitChange,
  NAB_PROFILES,
  nabScoreOf,
  nabSumsOf,
  segment,
  windowsBehind,
} from '../../../packages/learn/src/change/index.ts'
import { type Matrix, rowsOf } from '../../../packages/learn/src/index.ts'
import { alone, beside, type Line, progress } from '../base/report.ts'
import type { Setting } from './bench.ts'
import { alarmJumps, binaryDefaults } from './quality-change-peers.ts'

const DATA = new URL('../../../../shared/data/', import.meta.url)
const BENCH = 'quality'

/** A series of the Turing Change Point Dataset with what each of its annotators marked. */
interface Annotated {
  readonly name: string
  readonly matrix: Matrix
  readonly people: readonly (readonly number[])[]
}

/** A file of the Skoltech Anomaly Benchmark. */
interface Run {
  readonly matrix: Matrix
  /** Seconds, by row. */
  readonly times: readonly number[]
  /** Rows at which something changes. */
  readonly changes: readonly number[]
}

/** Training rows of each SKAB file, by its protocol. */
const TRAINING = 400
/** What ships is what counts; beside it a trial that suits this score, which charges little for a false alarm. */
const SKAB_CASES: Readonly<Record<string, ChangeOptions>> = {
  'skab change points': {},
  'skab change points, trial at 3.5': { threshold: 3.5 },
}
/** Seconds behind a change in which it may be found. */
const WINDOW = 60

/**
 * How well changes are found in the two open sets with labeled ones, beside what is usual, in the same run. One configuration for all files of a set. Nothing
 * is random, so that a line is one measurement; its spread over the series is in the halves. Absent data is skipped with a reason.
 */
export async function* qualityChange({ options: { only } }: Setting): AsyncGenerator<Line> {
  if (only === undefined || only.startsWith('tcpd')) yield* onTcpd()
  if (only === undefined || only.startsWith('skab change')) yield* onSkab()
}

function* onTcpd(): Generator<Line> {
  const series = readTcpd()
  if (series === null) return
  const own = series.map(({ matrix }) => segment(matrix).map(change => change.row))
  const peers: Record<string, readonly (readonly number[])[]> = {
    'binary segmentation, defaults of R': series.map(({ matrix }) => binaryDefaults(matrix)),
    'no change points': series.map(() => []),
    'own PELT, rank cost': series.map(({ matrix }) => segment(matrix, { method: 'pelt' }).map(change => change.row)),
  }
  for (const [part, chosen] of parts(series)) {
    for (const [metric, score] of [
      ['F1, margin 5', f1],
      ['covering', covering],
    ] as const) {
      const value = mean(chosen.map(i => score(series[i]!, own[i]!)))
      for (const [peer, found] of Object.entries(peers)) {
        const other = mean(chosen.map(i => score(series[i]!, found[i]!)))
        yield beside({ bench: BENCH, case: `tcpd, ${part}`, metric, unit: '' }, [value], peer, [other])
      }
    }
  }
}

function f1({ people }: Annotated, found: readonly number[]): number {
  return agreementOf(found, people).f1
}

function covering({ people, matrix }: Annotated, found: readonly number[]): number {
  return coveringOf(found, people, matrix.rows)
}

function* onSkab(): Generator<Line> {
  const runs = readSkab()
  if (runs === null) return
  const peers: Record<string, readonly (readonly number[])[]> = {
    'jumps of T2 and Q': runs.map(({ matrix }) => tested(alarmJumps(rowsOf(matrix, 0, TRAINING), matrix))),
    // The score rewards whoever cries often: what it gives to one who looks at nothing belongs beside any other figure.
    'a blind clock, every 60 rows': runs.map(({ matrix }) => clock(matrix.rows)),
  }
  for (const [name, options] of Object.entries(SKAB_CASES)) {
    const own = runs.map(({ matrix }) => {
      const steps = changesOf(fitChange(rowsOf(matrix, 0, TRAINING), options), matrix)
      return tested(steps.flatMap((step, row) => (step.change ? [row] : [])))
    })
    for (const [part, chosen] of parts(runs)) yield* skabLines(`${name}, ${part}`, chosen, runs, own, peers)
  }
}

function* skabLines(
  named: string,
  chosen: readonly number[],
  runs: readonly Run[],
  own: readonly (readonly number[])[],
  peers: Readonly<Record<string, readonly (readonly number[])[]>>,
): Generator<Line> {
  for (const [name, profile] of Object.entries(NAB_PROFILES)) {
    const score = (found: readonly (readonly number[])[]): number =>
      nabScoreOf(chosen.map(i => nabSumsOf(timesOf(runs[i]!, found[i]!), windowsOf(runs[i]!), profile)))
    const subject = { bench: BENCH, case: named, metric: `NAB ${name}`, unit: '' }
    for (const [peer, found] of Object.entries(peers)) yield beside(subject, [score(own)], peer, [score(found)])
  }
  const right = (found: readonly (readonly number[])[]): number => precision(chosen, runs, found)
  const subject = { bench: BENCH, case: named, metric: 'detections in a window', unit: '%' }
  for (const [peer, found] of Object.entries(peers)) yield beside(subject, [right(own)], peer, [right(found)])
  yield alone({ ...subject, metric: 'detections a file', unit: '' }, [mean(chosen.map(i => own[i]!.length))])
}

function precision(chosen: readonly number[], runs: readonly Run[], found: readonly (readonly number[])[]): number {
  let inside = 0
  let all = 0
  for (const i of chosen) {
    const windows = windowsOf(runs[i]!)
    for (const time of timesOf(runs[i]!, found[i]!)) {
      all++
      if (windows.some(({ from, to }) => time >= from && time <= to)) inside++
    }
  }
  return all === 0 ? 0 : (100 * inside) / all
}

function windowsOf({ times, changes }: Run) {
  return windowsBehind(
    tested(changes).map(row => times[row]!),
    WINDOW,
  )
}

function timesOf({ times }: Run, rows: readonly number[]): number[] {
  return rows.map(row => times[row]!)
}

function tested(rows: readonly number[]): number[] {
  return rows.filter(row => row >= TRAINING)
}

function clock(rows: number): number[] {
  return Array.from({ length: Math.floor((rows - 1 - TRAINING) / 60) }, (_, i) => TRAINING + 60 * (i + 1))
}

/** The whole set, and its halves by turns. */
function parts(set: readonly unknown[]): [name: string, chosen: number[]][] {
  const all = Array.from(set.keys())
  return [
    ['all', all],
    ['even', all.filter(i => i % 2 === 0)],
    ['odd', all.filter(i => i % 2 === 1)],
  ]
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function readTcpd(): Annotated[] | null {
  const folder = new URL('tcpd/', DATA)
  if (absent(folder, 'TCPD')) return null
  const marks = JSON.parse(readFileSync(new URL('annotations.json', folder), 'utf8')) as Record<
    string,
    Record<string, number[]>
  >
  const files = readdirSync(folder).filter(file => file.endsWith('.json') && file !== 'annotations.json')
  return files.sort().map(file => {
    const { name, n_obs, n_dim, series } = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as {
      name: string
      n_obs: number
      n_dim: number
      series: { raw: (number | null)[] }[]
    }
    const data = new Float32Array(n_obs * n_dim)
    for (const [column, { raw }] of series.entries()) {
      for (const [row, value] of raw.entries()) data[row * n_dim + column] = value ?? Number.NaN
    }
    const people = marks[name]
    if (people === undefined) throw new Error(`${file} has no annotations`)
    return { name, matrix: { rows: n_obs, columns: n_dim, data }, people: Object.values(people) }
  })
}

function readSkab(): Run[] | null {
  const folder = new URL('skab/valve1/', DATA)
  if (absent(folder, 'SKAB')) return null
  const files = readdirSync(folder).filter(file => file.endsWith('.csv'))
  files.sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10))
  return files.map(file => {
    const lines = readFileSync(new URL(file, folder), 'utf8').trim().split('\n').slice(1)
    const cells = lines.map(line => line.trim().split(';'))
    // Time, eight sensors, anomaly, change point.
    const data = Float32Array.from(cells.flatMap(row => row.slice(1, 9).map(Number)))
    return {
      matrix: { rows: cells.length, columns: 8, data },
      times: cells.map(row => Date.parse(`${row[0]!.replace(' ', 'T')}Z`) / 1000),
      changes: cells.flatMap((row, i) => (Number(row[10]) > 0 ? [i] : [])),
    }
  })
}

function absent(folder: URL, name: string): boolean {
  if (existsSync(folder)) return false
  progress(`${name} skipped: no ${folder.pathname}`)
  return true
}
