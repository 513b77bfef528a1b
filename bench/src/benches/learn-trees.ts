import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Matrix } from '../../../packages/learn/src/index.ts'
import {
  type BoostedTrees,
  fitBoosted,
  fitForestClassifier,
  fitIsolation,
  type IsolationForest,
  type RandomForest,
  readXgboost,
} from '../../../packages/learn/src/trees/index.ts'
import type { Options } from '../base/options.ts'
import { beside, type Line } from '../base/report.ts'
import { inTurns } from '../base/turns.ts'
import { Python } from '../peers/python.ts'
import type { Bench } from './bench.ts'
import { areaUnderCurve, makeLabeled, makeOutliers, shareRight } from './learn-trees-data.ts'

const PEER_SCRIPT = new URL('../peers/learn-trees.py', import.meta.url).pathname
const SKLEARN = 'scikit-learn'
const XGBOOST = 'xgboost hist'
const TEST_ROWS = 5_000
const COLUMNS = { isolation: 10, boost: 20, forest: 20 }

/** What is measured on both sides. */
interface Case {
  readonly name: string
  readonly metric: string
  readonly peer: string
  /** What the peer calls it, and what it is told besides the seed. */
  readonly request: { readonly case: string; readonly columns: number; readonly rows?: number }
  /** Runs a round on our side, on the peer's. */
  readonly times: readonly [own: number, peer: number]
  run(seed: number): void
  /** How many rows a run of ours scores one by one, where the peer's scores one; then in microseconds. */
  readonly rows?: number
  /** How good what a side has just found is. */
  readonly quality?: { readonly name: string; own(): number; peer(): number }
  /** What else the reader must know, at the end. */
  note?(): string
}

/**
 * Trees beside scikit-learn and XGBoost, each on one thread: CPU time of the fit or the score alone, on data that both read from the same files before. This side's time includes its
 * just-in-time compiler and garbage collector.
 */
export const learnTrees: Bench = async function* ({ options, folder, own }) {
  const python = own(await Python.start(PEER_SCRIPT))
  await python.ask({ folder })
  const { quick, seed, only } = options
  const sizes = quick ? [2_000] : [20_000, 200_000]
  const groups = [
    isolationCases(folder, quick ? 1_000 : 10_000, seed),
    ...sizes.map((rows, i) => boostCases(folder, rows, seed, i === 0)),
    forestCases(folder, quick ? 1_000 : 5_000, seed),
  ]
  for (const cases of groups) {
    // A case needs what those before it in its group made.
    if (only !== undefined && !cases[0]!.name.includes(only)) continue
    for (const each of cases) yield await measure(each, python, options)
  }
}

async function measure(each: Case, python: Python, { quick, rounds, seed }: Options): Promise<Line> {
  const [ownTimes, peerTimes] = quick ? [1, 1] : each.times
  const contenders = [{ name: 'ringwall' }, { name: each.peer }]
  const qualities: { own: number[]; peer: number[] } = { own: [], peer: [] }
  const results = await inTurns(contenders, rounds, seed, async ({ name }, round) => {
    const isOwn = name === 'ringwall'
    const request = { ...each.request, seed: seed + round + 1, times: peerTimes }
    const spent = isOwn
      ? cpuTime(ownTimes, () => each.run(request.seed)) / (each.rows ?? 1)
      : (await python.ask<{ spent: number }>(request)).spent
    if (each.quality !== undefined && round >= 0)
      qualities[isOwn ? 'own' : 'peer'].push(isOwn ? each.quality.own() : each.quality.peer())
    return each.rows === undefined ? spent : spent * 1_000
  })
  const notes = [
    ...(each.quality === undefined
      ? []
      : [`${each.quality.name} ${mean(qualities.own)}, peer ${mean(qualities.peer)}`]),
    ...(each.note === undefined ? [] : [each.note()]),
  ]
  const unit = each.rows === undefined ? 'ms' : 'us'
  const subject = { bench: 'learn', case: each.name, metric: each.metric, unit }
  const noted = notes.length === 0 ? subject : { ...subject, note: notes.join('; ') }
  return beside(noted, results.get('ringwall')!, each.peer, results.get(each.peer)!)
}

function mean(values: readonly number[]): string {
  return (values.reduce((sum, value) => sum + value, 0) / values.length).toFixed(4)
}

/** Milliseconds of CPU time a run. */
function cpuTime(times: number, run: () => void): number {
  const began = process.cpuUsage()
  for (let i = 0; i < times; i++) run()
  const { user, system } = process.cpuUsage(began)
  return (user + system) / 1_000 / times
}

function isolationCases(folder: string, rows: number, seed: number): Case[] {
  const { table, labels } = makeOutliers(rows, COLUMNS.isolation, seed)
  save(folder, 'isolation.f32', table.data)
  let forest: IsolationForest
  const base = { name: `isolation forest, ${rows} x ${COLUMNS.isolation}`, peer: SKLEARN }
  const request = (name: string) => ({ case: name, columns: COLUMNS.isolation })
  const quality = {
    name: 'AUC',
    own: () => areaUnderCurve(forest.scores(table), labels),
    peer: () => areaUnderCurve(load(folder, 'isolation-peer.f32'), labels),
  }
  const fit = (at: number): void => {
    forest = fitIsolation(table, { seed: at })
  }
  const score = (): void => {
    forest.scores(table)
  }
  const one = oneByOne(table, () => forest.scorer())
  return [
    { ...base, metric: 'fit', times: [10, 3], request: request('isolation_fit'), run: fit, quality },
    { ...base, metric: 'score of all rows', times: [10, 3], request: request('isolation_score'), run: score },
    { ...base, metric: 'one row', times: [5, 20], request: request('isolation_one'), run: one, rows },
  ]
}

function boostCases(folder: string, rows: number, seed: number, scores: boolean): Case[] {
  const columns = COLUMNS.boost
  const { table, labels } = makeLabeled(rows, columns, seed)
  const test = makeLabeled(TEST_ROWS, columns, seed + 1)
  save(folder, `boost-${rows}.f32`, table.data)
  save(folder, `boost-${rows}-labels.f32`, labels)
  save(folder, 'boost-test.f32', test.table.data)
  let fitted: BoostedTrees
  let read: BoostedTrees | null = null
  // The peer's model, as it wrote it.
  const model = (): BoostedTrees => (read ??= readXgboost(readFileSync(join(folder, `boost-${rows}.json`), 'utf8')))
  const base = { name: `boosted trees, ${rows} x ${columns}`, peer: XGBOOST }
  const request = (of: string) => ({ case: of, columns, rows })
  const quality = {
    name: `AUC of ${TEST_ROWS} other rows`,
    own: () => areaUnderCurve(fitted.outputs(test.table), test.labels),
    peer: () => areaUnderCurve(load(folder, 'boost-peer.f32'), test.labels),
  }
  const fit = (): void => {
    fitted = fitBoosted(table, labels, { objective: 'binary:logistic', learningRate: 0.1 })
  }
  const difference = (): string => {
    const other = load(folder, 'boost-predicted-peer.f32')
    const most = model()
      .outputs(table)
      .reduce((greatest, value, i) => Math.max(greatest, Math.abs(value - other[i]!)), 0)
    return `largest difference of probability ${most.toExponential(1)}`
  }
  const predict = (): void => {
    model().outputs(table)
  }
  const one = oneByOne(table, () => model().scorer())
  const times = rows > 50_000 ? ([1, 1] as const) : ([3, 3] as const)
  const fits: Case[] = [{ ...base, metric: 'fit, 100 rounds', times, request: request('boost_fit'), run: fit, quality }]
  if (!scores) return fits
  const ofModel = "XGBoost's JSON model"
  return [
    ...fits,
    {
      ...base,
      metric: `${ofModel}, all rows`,
      times: [10, 5],
      request: request('boost_predict'),
      run: predict,
      note: difference,
    },
    { ...base, metric: `${ofModel}, one row`, times: [3, 500], request: request('boost_one'), run: one, rows },
  ]
}

function forestCases(folder: string, rows: number, seed: number): Case[] {
  const columns = COLUMNS.forest
  const train = makeLabeled(rows, columns, seed + 2)
  const test = makeLabeled(TEST_ROWS, columns, seed + 3)
  save(folder, 'forest.f32', train.table.data)
  save(folder, 'forest-labels.f32', train.labels)
  save(folder, 'forest-test.f32', test.table.data)
  let forest: RandomForest
  const base = { name: `random forest, ${rows} x ${columns}`, peer: SKLEARN }
  // The rounds have each a seed of their own.
  const quality = {
    name: `accuracy on ${TEST_ROWS} other rows`,
    own: () => shareRight(forest.predict(test.table), test.labels),
    peer: () => shareRight(load(folder, 'forest-peer.f32'), test.labels),
  }
  const fit = (at: number): void => {
    forest = fitForestClassifier(train.table, train.labels, { seed: at })
  }
  const predict = (): void => {
    forest.predict(test.table)
  }
  return [
    { ...base, metric: 'fit', times: [2, 1], request: { case: 'forest_fit', columns }, run: fit, quality },
    {
      ...base,
      metric: `predict ${TEST_ROWS} rows`,
      times: [10, 5],
      request: { case: 'forest_predict', columns },
      run: predict,
    },
  ]
}

/** Scores each row of a table, one after the other, from where it lies to its score. */
function oneByOne(table: Matrix, scorerOf: () => { row: Float32Array; score(): number }): () => void {
  return () => {
    const scorer = scorerOf()
    const { rows, columns, data } = table
    let sum = 0
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) scorer.row[j] = data[i * columns + j]!
      sum += scorer.score()
    }
    if (Number.isNaN(sum)) throw new Error('a score is not a number')
  }
}

function save(folder: string, name: string, values: Float32Array): void {
  writeFileSync(join(folder, name), values)
}

function load(folder: string, name: string): Float32Array {
  const bytes = readFileSync(join(folder, name))
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length))
}
