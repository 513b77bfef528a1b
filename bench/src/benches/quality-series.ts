import { type Matrix, rowsOf } from '../../../packages/learn/src/index.ts'
import { Events } from '../../../packages/learn/src/series/index.ts'
import { alone, beside, type Line, progress } from '../base/report.ts'
import type { Bench } from './bench.ts'
import {
  autoencoder,
  type Contender,
  isolationForest,
  RINGWALL,
  ringwall,
  type Said,
  t2AndQ,
} from './quality-contenders.ts'
import { folderOf, type NabSeries, readBatadal, readNab, readSkab, readTep } from './quality-data.ts'
import { batadalScore, NAB_PROFILES, nabNormalized, nabRawScore, Pooled } from './quality-scores.ts'

/** What one contender reaches on a set, by metric. */
type Figures = Readonly<Record<string, number>>

interface Set {
  readonly name: string
  readonly folder: string
  measure(folder: string, contender: Contender, seed: number): Promise<Figures>
}

const HOURS_A_MONTH = 720
const CONTENDERS: readonly Contender[] = [ringwall, t2AndQ, isolationForest, autoencoder]

const SETS: readonly Set[] = [
  { name: 'SKAB outliers', folder: 'skab', measure: skab },
  { name: 'BATADAL', folder: 'batadal', measure: batadal },
  { name: 'TEP', folder: 'tep', measure: tep },
  { name: 'NAB', folder: 'nab', measure: nab },
]

/**
 * How well series are judged: ringwall's thresholds without labels, one configuration for all sets, three seeds and their median. A line for each metric and each peer, which learns from the same rows, gets its
 * threshold in the same way, and is allowed as many false alarms. Two things favor peers: on NAB they get the one threshold that the labels favor most (see `nab`), and the level at which
 * their alarms end was chosen by the scored rows of SKAB and BATADAL (see `judgedBy`).
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
      const figures: Figures[] = []
      for (const seed of runs) figures.push(await set.measure(folder, contender, seed))
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

async function skab(folder: string, contender: Contender, seed: number): Promise<Figures> {
  const pooled = new Pooled()
  for (const { rows, trainRows, labels } of readSkab(folder)) {
    const train = rowsOf(rows, 0, trainRows)
    const learned = await contender.learn(train, seed)
    const said = learned.judge(train, rowsOf(rows, trainRows, rows.rows))
    for (const [i, { alarm }] of said.entries()) pooled.add(alarm, labels[trainRows + i]!)
  }
  return { F1: pooled.f1, FAR: pooled.falseAlarmRate, MAR: pooled.missedRate }
}

async function batadal(folder: string, contender: Contender, seed: number): Promise<Figures> {
  const { clean, attacked, labels } = readBatadal(folder)
  const said = (await contender.learn(clean, seed)).judge(clean, attacked)
  const S = batadalScore(
    said.map(({ alarm }) => alarm),
    labels,
  )
  // False alarms on clean months that were not learned from: the last three tenths.
  const cut = Math.floor(0.7 * clean.rows)
  const train = rowsOf(clean, 0, cut)
  const held = (await contender.learn(train, seed)).judge(train, rowsOf(clean, cut, clean.rows))
  const onsets = held.filter(({ alarm }, row) => alarm && !held[row - 1]?.alarm).length
  return { S, 'false alarms a month': (onsets * HOURS_A_MONTH) / held.length }
}

async function tep(folder: string, contender: Contender, seed: number): Promise<Figures> {
  const { normal, faults } = readTep(folder)
  const learned = await contender.learn(normal, seed)
  const missed = [...faults.values()].map(rows => {
    const said = learned.judge(normal, rows)
    return said.filter(({ score }) => !(score > 1)).length / rows.rows
  })
  // False alarms on rows that were not learned from: the last three tenths of the normal run.
  const cut = Math.floor(0.7 * normal.rows)
  const train = rowsOf(normal, 0, cut)
  const held = (await contender.learn(train, seed)).judge(train, rowsOf(normal, cut, normal.rows))
  return {
    'missed detections': missed.reduce((sum, share) => sum + share, 0) / missed.length,
    'false alarms held out': held.filter(({ score }) => score > 1).length / held.length,
  }
}

/**
 * ringwall's alarms as they come. A peer's thresholds, of 15 % of a series that goes on changing, would earn less than silence does, so it gets what NAB's own optimizer gives detectors: the one
 * threshold for all series that the labels favor most (standard profile), and as long a rest between events.
 */
async function nab(folder: string, contender: Contender, seed: number): Promise<Figures> {
  const series = readNab(folder)
  const said: Said[][] = []
  for (const { rows, probation } of series) said.push(await saidOf(contender, rows, probation, seed))
  const thresholds = contender === ringwall ? [1] : NAB_THRESHOLDS
  const scored = thresholds.map(threshold => nabFigures(series, said, threshold, contender === ringwall))
  return scored.reduce((best, figures) => (figures['standard']! > best['standard']! ? figures : best))
}

/** Of what a score is at its threshold by rows held out. */
const NAB_THRESHOLDS = Array.from({ length: 120 }, (_, i) => 0.5 * 1.05 ** i)
const NAB_REST = 30

function nabFigures(
  series: readonly NabSeries[],
  said: readonly Said[][],
  threshold: number,
  alarms: boolean,
): Figures {
  const raw = NAB_PROFILES.map(() => 0)
  let windows = 0
  for (const [s, { probation, windows: own }] of series.entries()) {
    const events = new Events(NAB_REST)
    const detections = said[s]!.flatMap(({ score, alarm }, row) =>
      (alarms ? alarm : events.next(score / threshold)) ? [probation + row] : [],
    )
    for (const [i, profile] of NAB_PROFILES.entries()) raw[i]! += nabRawScore(detections, own, probation, profile)
    windows += own.length
  }
  return Object.fromEntries(NAB_PROFILES.map((profile, i) => [profile.name, nabNormalized(raw[i]!, windows, profile)]))
}

/** What is said of the rows behind the probation, which is learned from. Peers have nothing to say of a series that stands still there. */
async function saidOf(contender: Contender, rows: Matrix, probation: number, seed: number): Promise<Said[]> {
  const train = rowsOf(rows, 0, probation)
  if (contender !== ringwall && train.data.every(value => value === train.data[0])) return []
  return (await contender.learn(train, seed)).judge(train, rowsOf(rows, probation, rows.rows))
}
