import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Matrix, matrixOf } from '../../../packages/learn/src/index.ts'
import { levelsOf, Sanitizer } from '../../../packages/learn/src/sanitize/index.ts'
import { alone, beside, type Line, progress, type Subject } from '../base/report.ts'
import type { Setting } from './bench.ts'
import { folderOf, type NabSeries, readBatadal, readNab, readSkab, readTep } from './quality-data.ts'

/** A file that is normal but where `labels` say otherwise: those rows are not counted. */
interface Normal {
  readonly rows: Matrix
  readonly labels?: Uint8Array
}

/** The peer's limit, which is the sanitizer's too. */
const SPREADS = 8

/**
 * What cleaning takes of normal files, each learned from itself, as a share of their values: on average, and of the file that loses most. Beside it what lies 8 median deviations from the median, which is
 * the usual way. Nothing is random. The rules were made with the first sets in sight; those of NAB marked as not looked at came after. Absent data is skipped with a reason.
 */
export async function* qualitySanitizeReal({ options: { only } }: Setting): AsyncGenerator<Line> {
  if (only !== undefined && !only.startsWith('sanitize')) return
  for (const [name, files] of Object.entries(normalFiles())) {
    if (files.length === 0) {
      progress(`sanitize, ${name}: skipped, the data is not there`)
      continue
    }
    const [own, peer] = [files.map(file => lost(file, sanitized)), files.map(file => lost(file, beyond))]
    const subject = { bench: 'quality', case: `sanitize, ${name}`, unit: '%' }
    yield figures({ ...subject, metric: 'good values taken' }, mean(own), mean(peer))
    yield figures({ ...subject, metric: 'of the worst file' }, Math.max(...own), Math.max(...peer))
  }
}

/** Beside the peer, where it takes anything: to nothing there is no ratio. */
function figures(subject: Subject, own: number, peer: number): Line {
  return peer > 0 ? beside(subject, [own], 'beyond 8 median deviations', [peer]) : alone(subject, [own])
}

function normalFiles(): Record<string, readonly Normal[]> {
  const [batadal, skab, tep, nab] = ['batadal', 'skab', 'tep', 'nab'].map(folderOf)
  const series = nab === null ? [] : readNab(nab!)
  return {
    batadal: batadal === null ? [] : [{ rows: readBatadal(batadal!).clean }],
    'skab anomaly-free': skab === null ? [] : [{ rows: readFree(skab!) }],
    'skab valve1, normal rows': skab === null ? [] : readSkab(skab!),
    tep: tep === null ? [] : [{ rows: readTep(tep!).normal }],
    'nab artificialNoAnomaly': series.filter(({ name }) => name.startsWith('artificialNoAnomaly/')),
    'nab realAWSCloudwatch': series.filter(({ name }) => name.startsWith('realAWSCloudwatch/')),
    'nab, sets not looked at, outside of the windows': series.filter(({ name }) => UNSEEN.test(name)).map(outside),
  }
}

const UNSEEN = /^(?:realAdExchange|realKnownCause|realTraffic|realTweets)\//

/** A series with the rows in its windows labeled. */
function outside({ rows, windows }: NabSeries): Normal {
  const labels = new Uint8Array(rows.rows)
  for (const [from, to] of windows) labels.fill(1, from, to + 1)
  return { rows, labels }
}

function readFree(folder: string): Matrix {
  const lines = readFileSync(join(folder, 'anomaly-free.csv'), 'utf8').trim().split(/\r?\n/).slice(1)
  return matrixOf(lines.map(line => line.split(';').slice(1, 9).map(Number)))
}

/** The share of the normal values that are taken, percent. */
function lost({ rows, labels }: Normal, taken: (rows: Matrix) => (row: number, column: number) => boolean): number {
  const isTaken = taken(rows)
  let [count, all] = [0, 0]
  for (let row = 0; row < rows.rows; row++) {
    if (labels?.[row] === 1) continue
    all += rows.columns
    for (let column = 0; column < rows.columns; column++) count += Number(isTaken(row, column))
  }
  return (100 * count) / all
}

function sanitized(rows: Matrix): (row: number, column: number) => boolean {
  const clean = Sanitizer.learn(rows).clean(rows).rows.data
  return (row, column) => Number.isNaN(clean[row * rows.columns + column])
}

function beyond(rows: Matrix): (row: number, column: number) => boolean {
  const levels = levelsOf(rows, 'robust')
  return (row, column) => {
    const { center, spread } = levels[column]!
    return Math.abs(rows.data[row * rows.columns + column]! - center) > SPREADS * spread && spread > 0
  }
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
