import { type Matrix, rowsOf } from '../../../packages/learn/src/index.ts'
import { alone, beside, type Line, progress } from '../base/report.ts'
import type { Bench } from './bench.ts'
import { type Contender, RINGWALL, ringwall, t2AndQ } from './quality-contenders.ts'
import { folderOf, readBatadal, readNab, readSkab, readTep } from './quality-data.ts'
import { batadalScore, NAB_PROFILES, nabNormalized, nabRawScore, Pooled } from './quality-scores.ts'

/** What one contender reaches on a set, by metric. */
type Figures = Readonly<Record<string, number>>

interface Set {
  readonly name: string
  readonly folder: string
  measure(folder: string, contender: Contender, seed: number): Figures
}

const HOURS_A_MONTH = 720
const CONTENDERS: readonly Contender[] = [ringwall, t2AndQ]

const SETS: readonly Set[] = [
  { name: 'SKAB outliers', folder: 'skab', measure: skab },
  { name: 'BATADAL', folder: 'batadal', measure: batadal },
  { name: 'TEP', folder: 'tep', measure: tep },
  { name: 'NAB', folder: 'nab', measure: nab },
]

/**
 * How well series are judged: thresholds without labels, one configuration for all sets, three seeds and their median. A line for each metric and each peer, which learns from the same rows, gets its
 * threshold in the same way, and is allowed as many false alarms.
 */
export const qualitySeries: Bench = async function* ({ options }) {
  const seeds = options.quick ? [1] : [1, 2, 3]
  for (const set of SETS) {
    if (options.only !== undefined && !set.name.includes(options.only)) continue
    const folder = folderOf(set.folder)
    if (folder === null) {
      progress(`${set.name}: skipped, ../shared/data/${set.folder} is not there`)
      continue
    }
    const results = new Map<string, Figures[]>()
    for (const contender of CONTENDERS) {
      progress(`${set.name}: ${contender.name}`)
      const runs = contender.seeded ? seeds : seeds.slice(0, 1)
      const figures = runs.map(seed => set.measure(folder, contender, seed))
      results.set(
        contender.name,
        seeds.map((_, i) => figures[i] ?? figures[0]!),
      )
    }
    yield* linesOf(set.name, results)
  }
}

function* linesOf(set: string, results: Map<string, Figures[]>): Generator<Line> {
  const own = results.get(RINGWALL)!
  for (const metric of Object.keys(own[0]!)) {
    const subject = { bench: 'quality', case: set, metric, unit: '' }
    const values = own.map(figures => figures[metric]!)
    yield alone(subject, values)
    for (const [peer, figures] of results) {
      if (peer === RINGWALL) continue
      yield beside(
        subject,
        values,
        peer,
        figures.map(each => each[metric]!),
      )
    }
  }
}

function skab(folder: string, contender: Contender, seed: number): Figures {
  const pooled = new Pooled()
  for (const { rows, trainRows, labels } of readSkab(folder)) {
    const train = rowsOf(rows, 0, trainRows)
    const said = contender.learn(train, seed).judge(train, rowsOf(rows, trainRows, rows.rows))
    for (const [i, { alarm }] of said.entries()) pooled.add(alarm, labels[trainRows + i]!)
  }
  return { F1: pooled.f1, FAR: pooled.falseAlarmRate, MAR: pooled.missedRate }
}

function batadal(folder: string, contender: Contender, seed: number): Figures {
  const { clean, attacked, labels } = readBatadal(folder)
  const said = contender.learn(clean, seed).judge(clean, attacked)
  const S = batadalScore(
    said.map(({ alarm }) => alarm),
    labels,
  )
  // False alarms on clean months that were not learned from: the last three tenths.
  const cut = Math.floor(0.7 * clean.rows)
  const train = rowsOf(clean, 0, cut)
  const held = contender.learn(train, seed).judge(train, rowsOf(clean, cut, clean.rows))
  const onsets = held.filter(({ alarm }, row) => alarm && !held[row - 1]?.alarm).length
  return { S, 'false alarms a month': (onsets * HOURS_A_MONTH) / held.length }
}

function tep(folder: string, contender: Contender, seed: number): Figures {
  const { normal, faults } = readTep(folder)
  const learned = contender.learn(normal, seed)
  const missed = [...faults.values()].map(rows => {
    const said = learned.judge(normal, rows)
    return said.filter(({ score }) => !(score > 1)).length / rows.rows
  })
  return { 'missed detections': missed.reduce((sum, share) => sum + share, 0) / missed.length }
}

function nab(folder: string, contender: Contender, seed: number): Figures {
  const series = readNab(folder)
  const raw = NAB_PROFILES.map(() => 0)
  let windows = 0
  for (const { rows, probation, windows: own } of series) {
    const detections = onsets(contender, rows, probation, seed)
    for (const [i, profile] of NAB_PROFILES.entries()) raw[i]! += nabRawScore(detections, own, probation, profile)
    windows += own.length
  }
  return Object.fromEntries(NAB_PROFILES.map((profile, i) => [profile.name, nabNormalized(raw[i]!, windows, profile)]))
}

/** Rows in which alarms begin, behind the probation, which is learned from. A series that stands still there is not judged. */
function onsets(contender: Contender, rows: Matrix, probation: number, seed: number): number[] {
  const train = rowsOf(rows, 0, probation)
  if (train.data.every(value => value === train.data[0])) return []
  const said = contender.learn(train, seed).judge(train, rowsOf(rows, probation, rows.rows))
  return said.flatMap(({ alarm }, row) => (alarm && !said[row - 1]?.alarm ? [probation + row] : []))
}
