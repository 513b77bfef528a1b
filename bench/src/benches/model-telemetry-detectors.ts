import { type Matrix, rowOf } from '../../../packages/learn/src/index.ts'
import {
  type Armed,
  calibrated,
  hardenedNetScore,
  linearResidualScore,
  SETTLE,
  Watch,
} from '../../../packages/learn/src/robust/telemetry/index.ts'
import {
  netScore,
  type Recipe,
  recordScore,
  SeriesDetector,
  type TrainedRecipe,
} from '../../../packages/learn/src/series/index.ts'
import { COLUMNS, columnOf } from './model-telemetry-plant.ts'

/** A detector at its measure, before its threshold is set. */
export interface Contender {
  readonly name: string
  readonly armed: readonly Armed[]
}

/** The sensor that is spoofed. */
export const LEVEL = columnOf('level-1')
const ALL = COLUMNS.map((_, column) => column)
/** What the controller moves by the level's own report bears no witness of it. */
const ANSWERS = ['valve-1', 'flow-1'].map(columnOf)
const OTHERS = ALL.filter(column => column !== LEVEL)
const WITNESSES = OTHERS.filter(column => !ANSWERS.includes(column))
const FLOWS = ['flow-1', 'flow-2'].map(columnOf)

/** The floor's pressure says the level once more, with twenty times the noise; all other witnesses together say it too. */
const FLOOR = [columnOf('pressure-3')]
const REDUNDANCY = [FLOOR, WITNESSES].map(witnesses => linearResidualScore({ sensor: LEVEL, witnesses, lag: 0 }))
const BALANCE = [1, 15, 60, 300].map(lag => linearResidualScore({ sensor: LEVEL, witnesses: FLOWS, lag }))
/** How far readings are moved in training, in deviations of the level. */
const RADIUS = 6
const STRIDE = 4

function net(kind: 'autoencoder' | 'gru forecaster', radius: number, score: 'error' | 'residual', seed: number) {
  // The forecaster of the level must not see what answers to it.
  const sensors = score === 'residual' ? [LEVEL, ...WITNESSES].sort((a, b) => a - b) : ALL
  const effort = kind === 'autoencoder' ? { rounds: 8, epochs: 6 } : { rounds: 4, epochs: 5, stride: STRIDE }
  return hardenedNetScore({ kind, sensors, spoofed: [LEVEL], radius, score, seed, ...effort })
}

/** The plain detectors, as they are without hardening. */
export async function plain(train: Matrix, seed: number): Promise<Contender[]> {
  return [
    { name: 'level alone', armed: [await learned(recordScore([LEVEL]), train, Number.POSITIVE_INFINITY)] },
    { name: 'series detector', armed: channelsOf(SeriesDetector.fit(train)) },
    { name: 'autoencoder', armed: [await learned(netScore({ kind: 'autoencoder', sensors: ALL, seed }), train)] },
    {
      name: 'forecaster',
      armed: [await learned(netScore({ kind: 'gru forecaster', sensors: ALL, seed, fit: { epochs: 8 } }), train)],
    },
  ]
}

/** Each measure by itself, and all of them beside the plain series detector. */
export async function hardened(train: Matrix, seed: number): Promise<Contender[]> {
  const nets = {
    'autoencoder, adversarial': net('autoencoder', RADIUS, 'error', seed),
    'autoencoder, long memory': net('autoencoder', 0, 'residual', seed),
    'autoencoder, adversarial, long memory': net('autoencoder', RADIUS, 'residual', seed),
    'forecaster, adversarial': net('gru forecaster', RADIUS, 'error', seed),
    'forecaster, adversarial, long memory': net('gru forecaster', RADIUS, 'residual', seed),
  }
  const alone: Contender[] = []
  for (const [name, recipe] of Object.entries(nets)) alone.push({ name, armed: [await learned(recipe, train)] })
  for (const [name, recipes] of [['redundancy', REDUNDANCY] as const, ['balance', BALANCE] as const]) {
    const armed: Armed[] = []
    for (const recipe of recipes) armed.push(await learned(recipe, train))
    alone.push({ name, armed })
  }
  const joined = alone.filter(({ name }) => /adversarial, long memory|redundancy|balance/.test(name))
  const all = [...channelsOf(SeriesDetector.fit(train)), ...joined.flatMap(({ armed }) => armed)]
  return [...alone, { name: 'all together', armed: all }]
}

async function learned(recipe: Recipe | TrainedRecipe, train: Matrix, memory?: number): Promise<Armed> {
  const scorer = await recipe.fit([train])
  return { scorer, threshold: 1, ...(memory === undefined ? {} : { memory }) }
}

/** Rows that a smoothed channel looks back on beside its window. */
const SMOOTHING = 15

function channelsOf(detector: SeriesDetector): Armed[] {
  return detector.channels.map(({ scorer, threshold }) => ({
    scorer,
    threshold,
    memory: scorer.warmUp + SMOOTHING + 1,
  }))
}

/** Thresholds set in the same way for all, by normal rows that were not learned from. */
export function calibratedContender({ name, armed }: Contender, first: Matrix, second: Matrix): Contender {
  return { name, armed: calibrated(armed, first, second) }
}

/** Rows without an alarm after which the next one counts anew. */
const APART = 600

/** Alarms in normal rows. */
export function falseAlarms({ armed }: Contender, rows: Matrix): number {
  const watch = Watch.of(armed)
  let count = 0
  let last = Number.NEGATIVE_INFINITY
  for (let row = 0; row < rows.rows; row++) {
    if (!(watch.push(rowOf(rows, row)) > 1) || row < SETTLE) continue
    if (row - last > APART) count++
    last = row
  }
  return count
}
