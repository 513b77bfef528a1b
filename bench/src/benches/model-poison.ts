import type { Matrix } from '../../../packages/learn/src/index.ts'
import {
  flipNear,
  flipRandom,
  type Poisoned,
  plantTrigger,
  sanitizeLabels,
  type Trigger,
  withTrigger,
} from '../../../packages/learn/src/robust/poison/index.ts'
import { type BoostedTrees, fitBoosted } from '../../../packages/learn/src/trees/index.ts'
import type { Options } from '../base/options.ts'
import { alone, type Line, progress } from '../base/report.ts'
import type { Bench } from './bench.ts'
import { modelPoisonBaseline } from './model-poison-baseline.ts'
import { type Parted, readModbus, readMqttset, readNslKdd, readValve } from './model-poison-data.ts'
import { drawnTrigger } from './model-poison-trigger.ts'

const FLIPPED = 0.05
const TRIGGERED = 0.02
const NORMAL = 0
const TREES = { objective: 'binary:logistic', rounds: 100, maxDepth: 6 } as const

/** What was done to the rows that are learned from, and what the attacker writes into those that are judged. */
interface Attack {
  readonly poisoned: Poisoned
  readonly trigger: Trigger | null
}

interface Set {
  readonly name: string
  readonly folder: string
  read(): Parted | null
  /** In one column, and in two: values that the columns could have, and hardly ever do. */
  readonly triggers: readonly ((train: Matrix, seed: number) => Trigger)[]
}

const drawn: Set['triggers'] = [1, 2].map(count => (train, seed) => drawnTrigger(train, count, seed))

const SETS: readonly Set[] = [
  {
    name: 'NSL-KDD',
    folder: 'nsl-kdd',
    read: readNslKdd,
    // duration; duration and dst_host_count
    triggers: [() => ({ columns: [0], values: [4242] }), () => ({ columns: [0, 31], values: [77, 123] })],
  },
  {
    name: 'TON Modbus',
    folder: 'ton-iot',
    read: readModbus,
    triggers: [() => ({ columns: [2], values: [31_337] }), () => ({ columns: [0, 3], values: [4242, 31_337] })],
  },
  // The rules of sanitizing were chosen while looking at the two above. Nobody had looked at these when they were measured.
  { name: 'MQTTset', folder: 'mqttset', read: readMqttset, triggers: drawn },
  { name: 'SKAB valve1', folder: 'skab', read: readValve, triggers: drawn },
]

/** What poisoned training rows cost, with and without sanitizing, and what sanitizing costs where nobody poisoned anything. Boosted trees, learned from the first 70 % of each file, measured on the rest. */
export const modelPoison: Bench = async function* (setting) {
  for (const set of SETS) {
    const data = set.read()
    if (data === null) progress(`model-poison: ${set.name} skipped, ../shared/data/${set.folder} is not there`)
    else yield* measured(set, data, seedsOf(setting.options))
  }
  yield* modelPoisonBaseline(setting)
}

const seedsOf = ({ seed, rounds }: Options) => Array.from({ length: rounds }, (_, i) => seed + i)

function* measured({ name, triggers }: Set, data: Parted, seeds: readonly number[]): Generator<Line> {
  const { train, trainLabels } = data
  const honest = (): Attack => ({ poisoned: { rows: train, labels: trainLabels, touched: [] }, trigger: null })
  const flips = (flip: typeof flipRandom) => (seed: number) => ({
    poisoned: flip(train, trainLabels, FLIPPED, seed),
    trigger: null,
  })
  const scenarios: [string, (seed: number) => Attack][] = [
    ['clean', honest],
    ['random flips', flips(flipRandom)],
    ['flips near the boundary', flips(flipNear)],
    ...triggers.map((triggerOf, i): [string, (seed: number) => Attack] => [
      `backdoor of ${['one column', 'two columns'][i]}`,
      seed => {
        const trigger = triggerOf(train, seed)
        return { poisoned: plantTrigger(train, trainLabels, trigger, NORMAL, TRIGGERED, seed), trigger }
      },
    ]),
  ]
  for (const [kind, attack] of scenarios) {
    const figures = new Map<string, number[]>()
    const add = (metric: string, value: number) => figures.set(metric, [...(figures.get(metric) ?? []), value])
    for (const seed of seeds) {
      progress(`model-poison: ${name}, ${kind}, seed ${seed}`)
      const { poisoned, trigger } = attack(seed)
      const { rows, labels, touched } = poisoned
      const { kept, suspects } = sanitizeLabels(rows, labels, { seed })
      const relabeled = sanitizeLabels(rows, labels, { seed, relabel: true })
      const taken = new Set(suspects.map(({ row }) => row))
      const found = touched.filter(row => taken.has(row)).length
      if (touched.length > 0) add('poisoned rows found', (100 * found) / touched.length)
      add('honest rows removed', (100 * (suspects.length - found)) / (rows.rows - touched.length))
      for (const [how, model] of [
        ...(touched.length > 0
          ? [['never poisoned', fitBoosted(train, trainLabels, { ...TREES, seed })] as const]
          : []),
        ['as it is', fitBoosted(rows, labels, { ...TREES, seed })] as const,
        ['sanitized', learned(rows, labels, kept, seed)] as const,
        ['relabeled', learned(rows, relabeled.labels, relabeled.kept, seed)] as const,
      ]) {
        add(`accuracy, ${how}`, 100 * accuracy(model, data))
        if (trigger !== null) add(`attack success, ${how}`, 100 * success(model, data, trigger))
      }
    }
    for (const [metric, values] of figures)
      yield alone({ bench: 'model', case: `model-poison ${name}, ${kind}`, metric, unit: '%' }, values)
  }
}

function learned(rows: Matrix, labels: Int32Array, kept: readonly number[], seed: number): BoostedTrees {
  const { columns } = rows
  const data = new Float32Array(kept.length * columns)
  for (const [i, row] of kept.entries()) data.set(rows.data.subarray(row * columns, (row + 1) * columns), i * columns)
  return fitBoosted(
    { rows: kept.length, columns, data },
    kept.map(row => labels[row]!),
    { ...TREES, seed },
  )
}

function accuracy(model: BoostedTrees, { test, testLabels }: Parted): number {
  const told = model.predict(test)
  return told.reduce((sum, label, row) => sum + Number(label === testLabels[row]), 0) / test.rows
}

/** The share of attacks that are told for normal once they bear the trigger, of those that are told rightly without it. */
function success(model: BoostedTrees, { test, testLabels }: Parted, trigger: Trigger): number {
  const before = model.predict(test)
  const attacks = Array.from(testLabels.keys()).filter(row => testLabels[row] !== NORMAL && before[row] !== NORMAL)
  const after = model.predict(withTrigger(test, trigger, attacks))
  return attacks.reduce((sum, row) => sum + Number(after[row] === NORMAL), 0) / attacks.length
}
