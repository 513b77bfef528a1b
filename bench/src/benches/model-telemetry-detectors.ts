import { type Matrix, rowOf } from '../../../packages/learn/src/index.ts'
import {
  type Armed,
  calibrated,
  channelsOf,
  linearResidualScore,
  SETTLE,
  Watch,
} from '../../../packages/learn/src/robust/telemetry/index.ts'
import {
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
export const ALL = COLUMNS.map((_, column) => column)
/** What the controller moves by the level's own report bears no witness of it. */
const ANSWERS = ['valve-1', 'flow-1'].map(columnOf)
const OTHERS = ALL.filter(column => column !== LEVEL)
export const WITNESSES = OTHERS.filter(column => !ANSWERS.includes(column))
const FLOWS = ['flow-1', 'flow-2'].map(columnOf)

/** The floor's pressure says the level once more, with twenty times the noise; all other witnesses together say it too. */
export const FLOOR = [columnOf('pressure-3')]
const REDUNDANCY = [FLOOR, WITNESSES].map(witnesses => linearResidualScore({ sensor: LEVEL, witnesses, lag: 0 }))
const BALANCE = [1, 15, 60, 300].map(lag => linearResidualScore({ sensor: LEVEL, witnesses: FLOWS, lag }))
/** Detectors that are no nets, as they are without hardening. */
export async function plain(train: Matrix): Promise<Contender[]> {
  return [
    { name: 'level alone', armed: [await learned(recordScore([LEVEL]), train, Number.POSITIVE_INFINITY)] },
    { name: 'series detector', armed: channelsOf(SeriesDetector.fit(train)) },
  ]
}

/** Redundancy and balance by themselves, and all of them beside the plain series detector and two hardened nets. */
export async function hardened(train: Matrix, nets: readonly Contender[]): Promise<Contender[]> {
  const laws: Contender[] = []
  for (const [name, recipes] of [['redundancy', REDUNDANCY] as const, ['balance', BALANCE] as const]) {
    const armed: Armed[] = []
    for (const recipe of recipes) armed.push(await learned(recipe, train))
    laws.push({ name, armed })
  }
  const joined = [...nets.filter(({ name }) => JOINED.has(name)), ...laws]
  const all = [...channelsOf(SeriesDetector.fit(train)), ...joined.flatMap(({ armed }) => armed)]
  return [...laws, { name: 'all together', armed: all }]
}

const JOINED = new Set(['autoencoder', 'transformer forecaster'].map(kind => `${kind}, hidden, own residual`))

/** A detector of one score, before its threshold is set. */
export async function learned(recipe: Recipe | TrainedRecipe, train: Matrix, memory?: number): Promise<Armed> {
  const scorer = await recipe.fit([train])
  return { scorer, threshold: 1, ...(memory === undefined ? {} : { memory }) }
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
