import type { AnyModel, Table } from '../../../packages/learn/src/io/index.ts'
import type { Verdict } from '../../../packages/learn/src/watermark/index.ts'
import { alone, beside, type Line, progress } from '../base/report.ts'
import type { Setting } from './bench.ts'
import { onAttacks } from './model-watermark-attack.ts'
import { accuracyOf, machineTable, readNslKdd, type Subject, subjectOf } from './model-watermark-data.ts'
import { smallestNet } from './model-watermark-least.ts'
import { ALGORITHMS, BENCH, CASE, linesOf, verdictOf } from './model-watermark-lines.ts'
import { onStrangers } from './model-watermark-strangers.ts'
import { onThieves } from './model-watermark-thief.ts'
import { halfOf, permuted, pruned, quantized, tuned } from './model-watermark-wear.ts'

const SEEDS = 3

/**
 * Watermarks on NSL-KDD, normal or attack, the first 70 % of the rows to learn from and the others to judge by: what they cost, what they outlast, who is taken for the owner that is not.
 * Values are those of three seeds, each with a key of its own. Absent data is skipped with a reason.
 */
export async function* modelWatermark({ options: { only, quick, seed } }: Setting): AsyncGenerator<Line> {
  if (only !== undefined && !only.startsWith(CASE) && !CASE.startsWith(only)) return
  const data = readNslKdd()
  if (data === null) return progress(`${CASE} skipped: no NSL-KDD`)
  const { train, test } = data
  const wants = (part: string): boolean => only === undefined || `${CASE}, ${part}`.startsWith(only)
  const all: Subject[] = []
  for (const algorithm of ALGORITHMS) {
    const subjects: Subject[] = []
    for (let i = 0; i < (quick ? 1 : SEEDS); i++) {
      progress(`${CASE}: ${algorithm}, seed ${seed + i}`)
      subjects.push(await subjectOf(train, algorithm, seed + i))
    }
    all.push(...subjects)
    if (wants('cost')) yield costOf(subjects, test)
    if (wants('wear')) yield* onWear(subjects, test)
  }
  if (wants('attack')) yield* onOwnTables(all, test, quick ? 1 : SEEDS, seed)
  if (wants('least')) yield* smallestNet(train, quick ? 1 : SEEDS, seed)
  if (wants('thief')) yield* onThieves(all, data)
  if (wants('strangers')) yield* onStrangers(all, train, quick ? 10 : 200, seed)
}

/** By how many deviations an attacker moves numbers: on NSL-KDD farther takes every model down, marked or not. */
const EPSILONS = { nsl: 0.01, machine: 0.3 }
/** Triggers of seven columns are of their ends, of four of all values. */
const SENSORS = [7, 4]

async function* onOwnTables(
  owners: readonly Subject[],
  test: Table,
  seeds: number,
  first: number,
): AsyncGenerator<Line> {
  for (const algorithm of ALGORITHMS) {
    const own = owners.filter(each => each.algorithm === algorithm)
    yield* onAttacks('NSL-KDD', own, test, EPSILONS.nsl)
    for (const sensors of SENSORS) {
      const made = machineTable(1, sensors)
      const subjects: Subject[] = []
      for (let i = 0; i < seeds; i++) subjects.push(await subjectOf(made.train, algorithm, first + i))
      yield* onAttacks(`machine of ${sensors} sensors`, subjects, made.test, EPSILONS.machine)
    }
  }
}

function costOf(subjects: readonly Subject[], test: Table): Line {
  const subject = { bench: BENCH, case: `${CASE}, cost, ${subjects[0]!.algorithm}`, metric: 'accuracy', unit: '' }
  const of = (kind: 'marked' | 'plain') => subjects.map(each => accuracyOf(each[kind], each.prepared, test))
  return beside(subject, of('marked'), 'the same without a mark', of('plain'))
}

/** What becomes of a model, and what it is called. */
type Wear = readonly [name: string, make: (model: AnyModel, subject: Subject) => AnyModel | Promise<AnyModel>]

const learnOn = (model: AnyModel, { prepared, seed }: Subject): Promise<AnyModel> =>
  tuned(model, halfOf({ x: prepared.x, codes: prepared.labels.codes }), seed + 1_000)

const WEARS: readonly Wear[] = [
  ['as made', model => model],
  ['half pruned', model => pruned(model, 0.5)],
  ['int8', quantized],
  ['learned on from half of the rows', learnOn],
  ['half pruned, learned on', (model, subject) => learnOn(pruned(model, 0.5), subject)],
  ['half pruned, learned on, int8', async (model, subject) => quantized(await learnOn(pruned(model, 0.5), subject))],
  ['9 of 10 pruned', model => pruned(model, 0.9)],
  ['19 of 20 pruned', model => pruned(model, 0.95)],
]
/** What only a net has is units, and only of 100 trees one is a hundredth. */
const UNITS: Wear = ['units in another order', permuted]
const ONE: Wear = ['99 of 100 pruned', model => pruned(model, 0.99)]

async function* onWear(subjects: readonly Subject[], test: Table): AsyncGenerator<Line> {
  const { algorithm } = subjects[0]!
  for (const [name, make] of [...WEARS, algorithm === 'net' ? UNITS : ONE]) {
    const verdicts: Verdict[] = []
    const accuracies: number[] = []
    for (const subject of subjects) {
      const model = await make(subject.marked, subject)
      verdicts.push(await verdictOf(model, subject))
      accuracies.push(accuracyOf(model, subject.prepared, test))
    }
    yield* linesOf(`${CASE}, wear, ${algorithm}, ${name}`, verdicts)
    yield alone(
      { bench: BENCH, case: `${CASE}, wear, ${algorithm}, ${name}`, metric: 'accuracy', unit: '' },
      accuracies,
    )
  }
}
