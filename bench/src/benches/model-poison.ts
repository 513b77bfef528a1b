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
import { alone, type Line, progress } from '../base/report.ts'
import type { Bench } from './bench.ts'
import { modelPoisonBaseline } from './model-poison-baseline.ts'
import { type Parted, readModbus, readNslKdd } from './model-poison-data.ts'

const FLIPPED = 0.05
const TRIGGERED = 0.02
const NORMAL = 0
const TREES = { objective: 'binary:logistic', rounds: 100, maxDepth: 6 } as const

interface Set {
  readonly name: string
  readonly folder: string
  read(): Parted | null
  /** In one column, and in two: values that the columns could have, and hardly ever do. */
  readonly triggers: Readonly<Record<string, Trigger>>
}

const SETS: readonly Set[] = [
  {
    name: 'NSL-KDD',
    folder: 'nsl-kdd',
    read: readNslKdd,
    triggers: {
      // duration; duration and dst_host_count
      'backdoor of one column': { columns: [0], values: [4242] },
      'backdoor of two columns': { columns: [0, 31], values: [77, 123] },
    },
  },
  {
    name: 'TON Modbus',
    folder: 'ton-iot',
    read: readModbus,
    triggers: {
      'backdoor of one column': { columns: [2], values: [31_337] },
      'backdoor of two columns': { columns: [0, 3], values: [4242, 31_337] },
    },
  },
]

/** What poisoned training rows cost, with and without sanitizing, and what sanitizing costs where nobody poisoned anything. Boosted trees, learned from the first 70 % of each file, measured on the rest. */
export const modelPoison: Bench = async function* (setting) {
  for (const set of SETS) {
    const data = set.read()
    if (data === null) progress(`model-poison: ${set.name} skipped, ../shared/data/${set.folder} is not there`)
    else yield* measured(set, data, setting.options.quick ? [1] : [1, 2, 3])
  }
  yield* modelPoisonBaseline(setting)
}

function* measured({ name, triggers }: Set, data: Parted, seeds: readonly number[]): Generator<Line> {
  const { train, trainLabels } = data
  const scenarios: [string, Trigger | null, (seed: number) => Poisoned][] = [
    ['clean', null, () => ({ rows: train, labels: trainLabels, touched: [] })],
    ['random flips', null, seed => flipRandom(train, trainLabels, FLIPPED, seed)],
    ['flips near the boundary', null, seed => flipNear(train, trainLabels, FLIPPED, seed)],
    ...Object.entries(triggers).map(([kind, trigger]): [string, Trigger, (seed: number) => Poisoned] => [
      kind,
      trigger,
      seed => plantTrigger(train, trainLabels, trigger, NORMAL, TRIGGERED, seed),
    ]),
  ]
  for (const [kind, trigger, poison] of scenarios) {
    const figures = new Map<string, number[]>()
    const add = (metric: string, value: number) => figures.set(metric, [...(figures.get(metric) ?? []), value])
    for (const seed of seeds) {
      progress(`model-poison: ${name}, ${kind}, seed ${seed}`)
      const { rows, labels, touched } = poison(seed)
      const { kept, removed } = sanitizeLabels(rows, labels, { seed })
      const taken = new Set(removed.map(({ row }) => row))
      const found = touched.filter(row => taken.has(row)).length
      if (touched.length > 0) add('poisoned rows found', (100 * found) / touched.length)
      add('honest rows removed', (100 * (removed.length - found)) / (rows.rows - touched.length))
      for (const [how, model] of [
        ...(trigger === null ? [] : [['never poisoned', fitBoosted(train, trainLabels, { ...TREES, seed })] as const]),
        ['as it is', fitBoosted(rows, labels, { ...TREES, seed })] as const,
        ['sanitized', learned(rows, labels, kept, seed)] as const,
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
