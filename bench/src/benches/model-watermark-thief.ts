import { preprocess, type Table } from '../../../packages/learn/src/io/index.ts'
import { bitsTerm, learnMarked, triggersOf, type Verdict } from '../../../packages/learn/src/watermark/index.ts'
import { alone, type Line, progress } from '../base/report.ts'
import { accuracyOf, keyOf, type Subject, toldBy } from './model-watermark-data.ts'
import { ALGORITHMS, BENCH, CASE, linesOf, verdictOf } from './model-watermark-lines.ts'
import { halfOf, type Rows, tuned } from './model-watermark-wear.ts'

/** What a thief does who knows the scheme, though not the key. */
export async function* onThieves(
  subjects: readonly Subject[],
  { test }: { readonly test: Table },
): AsyncGenerator<Line> {
  for (const algorithm of ALGORITHMS) {
    const own = subjects.filter(each => each.algorithm === algorithm)
    progress(`${CASE}: thieves of ${algorithm}`)
    yield* onOverwriting(own, test)
    yield* onSurrogates(own, test)
  }
}

/** He has the model, half of the rows, and marks it again by a key of his own: both marks are looked for. */
async function* onOverwriting(subjects: readonly Subject[], test: Table): AsyncGenerator<Line> {
  const found: { owners: Verdict; thiefs: Verdict; before: Verdict; accuracy: number }[] = []
  for (const subject of subjects) {
    const thief = { ...subject, key: keyOf(subject.seed + 500) }
    const { prepared, marked, seed } = thief
    const rows = await withTriggers(halfOf({ x: prepared.x, codes: prepared.labels.codes }), thief)
    const model = await tuned(marked, rows, seed + 1_000, net => bitsTerm(net, thief.key))
    found.push({
      owners: await verdictOf(model, subject),
      thiefs: await verdictOf(model, thief),
      before: await verdictOf(marked, thief),
      accuracy: accuracyOf(model, prepared, test),
    })
  }
  const name = `${CASE}, thief, ${subjects[0]!.algorithm} marked again`
  for (const [whose, kind] of [
    ["the owner's", 'owners'],
    ["the thief's", 'thiefs'],
    ["the thief's in the owner's model", 'before'],
  ] as const)
    yield* linesOf(
      `${name}, ${whose}`,
      found.map(each => each[kind]),
    )
  yield alone(
    { bench: BENCH, case: name, metric: 'accuracy', unit: '' },
    found.map(each => each.accuracy),
  )
}

/** How often a thief's triggers stand among his rows. */
const COPIES = 7

async function withTriggers({ x, codes }: Rows, { key, prepared }: Subject): Promise<Rows> {
  const { table, labels } = await triggersOf(key, prepared.space)
  const drawn = preprocess(prepared.preprocessing, table)
  const rows = x.rows + COPIES * drawn.rows
  const data = new Float32Array(rows * x.columns)
  const all = new Int32Array(rows)
  data.set(x.data)
  all.set(codes)
  for (let copy = 0; copy < COPIES; copy++) {
    data.set(drawn.data, (x.rows + copy * drawn.rows) * x.columns)
    all.set(labels, x.rows + copy * drawn.rows)
  }
  return { x: { rows, columns: x.columns, data }, codes: all }
}

/** He has only what the model says: to half of the rows, and a new model of the same kind learns that. */
async function* onSurrogates(subjects: readonly Subject[], test: Table): AsyncGenerator<Line> {
  const verdicts: Verdict[] = []
  const accuracies: number[] = []
  for (const subject of subjects) {
    const { prepared, marked, algorithm, seed } = subject
    const { x } = halfOf({ x: prepared.x, codes: prepared.labels.codes })
    const taught = { ...prepared, x, labels: { ...prepared.labels, codes: toldBy(marked, x) } }
    const model = await learnMarked(taught, null, algorithm, seed + 2_000)
    verdicts.push(await verdictOf(model, subject))
    accuracies.push(accuracyOf(model, prepared, test))
  }
  const name = `${CASE}, thief, surrogate of ${subjects[0]!.algorithm}`
  yield* linesOf(name, verdicts)
  yield alone({ bench: BENCH, case: name, metric: 'accuracy', unit: '' }, accuracies)
}
