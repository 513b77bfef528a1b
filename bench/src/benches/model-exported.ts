import type { Ensemble, OwnMember } from '../../../packages/learn/src/ensemble/index.ts'
import { randomOf } from '../../../packages/learn/src/index.ts'
import { writeOnnx } from '../../../packages/learn/src/io/index.ts'
import { firstRows, strongest, wholeOfEnsemble } from '../../../packages/learn/src/robust/index.ts'
import { alone, beside, type Line, progress } from '../base/report.ts'
import { Python } from '../peers/python.ts'
import type { Setting } from './bench.ts'
import { readNsl } from './model-data.ts'
import { Box } from './model-exported-box.ts'
import { hopSkipJump } from './model-exported-labels.ts'
import { spsa, square, type Target } from './model-exported-scores.ts'
import { Exported } from './model-exported-session.ts'
import { type Attackable, attackable } from './model-robust-data.ts'
import { hardenedOf, undefended } from './model-robust-run.ts'

const NAME = 'exported: NSL-KDD 20 %'
const SCRIPT = new URL('../peers/model-exported.py', import.meta.url).pathname
const UNDEFENDED = 'undefended ensemble'
const ALL = { rows: 300, known: 6_000, tries: 1_500, epochs: 20 }
const QUICK = { rows: 30, known: 500, tries: 60, epochs: 3 }
const MOST_SEEDS = 3

/** What attacks from outside leave of an exported model, by name, and our own. */
interface Outside {
  readonly clean: number
  readonly each: ReadonlyMap<string, number>
  /** Of each row the worst that they made. */
  readonly worst: number
  /** The worst of each row of our own attacks, that know all of the model. */
  readonly own: number
  readonly queries: number
}

/**
 * The hardened ensemble of `model-robust`, and the one that it was made of, as ONNX files that onnxruntime runs, attacked through its session alone by attacks that share no code with the product's: what an independent
 * attack library would find, and whether our own `worst` is as low.
 */
export async function* modelExported(setting: Setting): AsyncGenerator<Line> {
  const { options } = setting
  const nsl = readNsl()
  if (nsl === null) return progress(`${NAME}: it is not there`)
  const python = setting.own(await Python.start(SCRIPT, ['python3-torch']))
  const data = attackable(nsl, options.quick)
  const sizes = options.quick ? QUICK : ALL
  const runs: { epsilon: number; before: Outside; after: Outside }[] = []
  for (let i = 0; i < Math.min(options.rounds, MOST_SEEDS); i++) {
    const seed = options.seed + i
    const { ensemble, epsilon } = await undefended(data, seed)
    progress(`${NAME}, seed ${seed}: hardening`)
    const hardened = await hardenedOf(ensemble, data, epsilon, seed)
    const outside = (of: Ensemble<OwnMember>) => attacked(of, data, { epsilon, seed, python, ...sizes })
    runs.push({ epsilon, after: await outside(hardened), before: await outside(ensemble) })
  }
  const subject = (metric: string) => ({
    bench: 'model',
    case: NAME,
    metric,
    unit: '',
    note: `first ${sizes.rows} judged rows`,
  })
  yield alone(
    subject('epsilon (deviations)'),
    runs.map(({ epsilon }) => epsilon),
  )
  const pair = (metric: string, of: (outside: Outside) => number): Line =>
    beside(
      subject(metric),
      runs.map(({ after }) => of(after)),
      UNDEFENDED,
      runs.map(({ before }) => of(before)),
    )
  yield pair('hardened, clean', ({ clean }) => clean)
  for (const name of runs[0]!.after.each.keys()) yield pair(`hardened, ${name}`, ({ each }) => each.get(name)!)
  yield pair('hardened, worst of these', ({ worst }) => worst)
  yield pair('hardened, worst of our own', ({ own }) => own)
  yield pair('rows asked about', ({ queries }) => queries)
}

interface Means {
  readonly epsilon: number
  readonly seed: number
  readonly python: Python
  readonly rows: number
  readonly known: number
  readonly tries: number
  readonly epochs: number
}

async function attacked(ensemble: Ensemble<OwnMember>, data: Attackable, means: Means): Promise<Outside> {
  const { epsilon, seed, tries } = means
  const { rules, test, testLabels, feasible } = data
  const session = await Exported.open(writeOnnx({ kind: 'ensemble', model: ensemble }), test.columns)
  const { rows, labels } = firstRows(test, testLabels, means.rows)
  const box = new Box(rows, rules, epsilon)
  const target: Target = { session, box, labels: [...labels], random: randomOf(seed + 400) }
  const [right, each] = [new Uint8Array(rows.rows).fill(1), new Map<string, number>()]
  const share = (marks: Uint8Array): number => marks.reduce((sum, mark) => sum + mark, 0) / marks.length
  const judge = async (made: Float32Array): Promise<Uint8Array> => {
    const told = await session.labels(made)
    for (const [row, label] of labels.entries()) {
      const from = (column: number): readonly [number, number] =>
        feasible.range(column, box.from(row, column), { norm: 'linf', epsilon })
      if (!box.allows(row, made.subarray(row * rows.columns, (row + 1) * rows.columns), from))
        throw new Error(`${NAME}: row ${row} is one that nobody could send`)
      if (told[row] !== label) right[row] = 0
    }
    return Uint8Array.from(labels, (label, row) => Number(told[row] === label))
  }
  const note = async (name: string, made: readonly Float32Array[]): Promise<void> => {
    const marks = new Uint8Array(rows.rows).fill(1)
    for (const one of made) for (const [row, mark] of (await judge(one)).entries()) marks[row]! &= mark
    each.set(name, share(marks))
    progress(`${NAME}, seed ${seed}: ${name} leaves ${share(marks)}`)
  }
  const clean = share(await judge(rows.data))
  await note('square', [await square(target, rows.data, tries)])
  await note('PGD by SPSA', [await spsa(target, rows.data, epsilon)])
  const pool = { rows: data.train, labels: [...data.trainLabels] }
  await note('HopSkipJump', [await hopSkipJump(target, new Box(rows, rules, Number.POSITIVE_INFINITY), pool)])
  const carried = await transferred(target, data, means)
  await note('PGD on PyTorch nets', carried)
  await note('square after these', [await square(target, await furthest(target, carried), tries)])
  const whole = wholeOfEnsemble(ensemble, rows.columns)
  const own = strongest(whole, rows, labels, { norm: 'linf', epsilon, feasible, iterations: 5, seed }).accuracy
  progress(`${NAME}, seed ${seed}: of ${clean} these leave ${share(right)}, and our own ${own}`)
  return { clean, each, worst: share(right), own, queries: session.queries }
}

/** Rows that PGD made on nets which learned, in PyTorch, what the session tells. */
async function transferred({ session, box, labels }: Target, { train }: Attackable, means: Means) {
  const { columns } = train
  const known = train.data.slice(0, Math.min(means.known, train.rows) * columns)
  const ends = Array.from(box.rows.data, (_, at) => box.ends(Math.floor(at / columns), at % columns))
  const { made } = await means.python.ask<{ made: number[][] }>({
    columns,
    known: [...known],
    told: await session.labels(known),
    rows: [...box.rows.data],
    labels,
    low: ends.map(([low]) => low),
    high: ends.map(([, high]) => high),
    epochs: means.epochs,
    seed: means.seed,
  })
  return made.map(one => box.settled(one, [...labels.keys()]))
}

/** Of each row that candidate whose lead is least. */
async function furthest({ session, labels }: Target, candidates: readonly Float32Array[]): Promise<Float32Array> {
  const leads: number[][] = []
  for (const one of candidates) leads.push(await session.leads(one, labels))
  const out = candidates[0]!.slice()
  for (const row of labels.keys()) {
    const order = [...candidates.keys()].sort((a, b) => leads[a]![row]! - leads[b]![row]!)
    const { columns } = session
    out.set(candidates[order[0]!]!.subarray(row * columns, (row + 1) * columns), row * columns)
  }
  return out
}
