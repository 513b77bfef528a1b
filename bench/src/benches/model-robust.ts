import type { Ensemble } from '../../../packages/learn/src/ensemble/index.ts'
import {
  type Answer,
  accuracyOf,
  extract,
  firstRows,
  type HardenNetOptions,
  hardenNet,
  pgd,
  wholeOfEnsemble,
  wholeOfMember,
} from '../../../packages/learn/src/robust/index.ts'
import { alone, beside, type Line, progress } from '../base/report.ts'
import type { Setting } from './bench.ts'
import { readNsl } from './model-data.ts'
import { type Attackable, attackable } from './model-robust-data.ts'
import { CURVE, type Fate, type Run, runSeed } from './model-robust-run.ts'

const NAME = 'robust: NSL-KDD 20 %'
/** Seeds beyond these cost more than they tell. */
const MOST_SEEDS = 3
/** Of its own clean accuracy, what the hardened ensemble keeps at least; and what hardening costs at most. */
const KEPT = 0.85
const COST = 0.02
const QUERIES = [100, 500, 2_000]
const ANSWERS: readonly Answer[] = ['probabilities', 'rounded', 'label']
const UNDEFENDED = 'undefended ensemble'

/** Attacks on NSL-KDD before and after hardening, by every attack there is; what each way of hardening a net does by itself; extraction. */
export async function* modelRobust({ options }: Setting): AsyncGenerator<Line> {
  const nsl = readNsl()
  if (nsl === null) return progress(`${NAME}: it is not there`)
  const data = attackable(nsl, options.quick)
  const seeds = Array.from({ length: Math.min(options.rounds, MOST_SEEDS) }, (_, i) => options.seed + i)
  const runs: Run[] = []
  for (const seed of seeds) runs.push(await runSeed(data, seed))
  yield* figures(runs, data)
  if (!options.quick) demand(runs)
  yield* oneByOne(data, runs[0]!.epsilon, seeds[0]!)
  yield* stolen(runs[0]!.ensemble, data, seeds[0]!)
}

const subject = (metric: string, note: string) => ({ bench: 'model', case: NAME, metric, unit: '', note })

function* figures(runs: readonly Run[], data: Attackable): Generator<Line> {
  const all = (of: (run: Run) => number): number[] => runs.map(of)
  const heavy = `first ${data.heavy} judged rows`
  const pair = (metric: string, note: string, of: (fate: Fate) => number): Line =>
    beside(
      subject(metric, note),
      all(({ after }) => of(after)),
      UNDEFENDED,
      all(({ before }) => of(before)),
    )
  yield alone(
    subject('epsilon (deviations)', 'PGD-40 takes a third of the undefended net'),
    all(({ epsilon }) => epsilon),
  )
  yield alone(
    subject('undefended net, clean', heavy),
    all(({ net }) => net.clean),
  )
  yield alone(
    subject('undefended net, PGD-40', heavy),
    all(({ net }) => net.attacked),
  )
  yield alone(
    subject('undefended net, PGD-40 on another net', heavy),
    all(({ net }) => net.transferred),
  )
  yield pair('hardened, clean', heavy, ({ clean }) => clean)
  yield pair('hardened, clean, all judged rows', 'all judged rows', ({ all }) => all)
  for (const [i, { name }] of runs[0]!.after.each.entries())
    yield pair(`hardened, ${name}`, heavy, ({ each }) => each[i]!.accuracy)
  yield pair('hardened, worst of all', heavy, ({ worst }) => worst)
  for (const [i, epsilon] of CURVE.entries()) {
    yield pair(`hardened, FGSM at ${epsilon}`, `first ${data.light} judged rows`, ({ fgsm }) => fgsm[i]!)
    yield pair(`hardened, PGD-40 at ${epsilon}`, `first ${data.light} judged rows`, ({ pgd }) => pgd[i]!)
  }
}

/** Refuses to be worse than what is promised. */
function demand(runs: readonly Run[]): void {
  for (const { before, after } of runs) {
    if (after.worst < KEPT * after.clean)
      throw new Error(`${NAME}: of ${after.clean} the hardened ensemble keeps ${after.worst} under attack`)
    const cost = Math.max(before.clean - after.clean, before.all - after.all)
    if (cost > COST) throw new Error(`${NAME}: hardening takes ${cost} of clean accuracy`)
  }
}

/** A net alone, with one thing changed at a time. */
async function* oneByOne(data: Attackable, epsilon: number, seed: number): AsyncGenerator<Line> {
  const { train, trainLabels, test, testLabels, feasible } = data
  const ways: readonly (readonly [string, Partial<HardenNetOptions>])[] = [
    ['plain', { l2: 0 }],
    ['L1 .02', { l2: 0, l1: 0.02 }],
    ['L2 1', { l2: 1 }],
    ['dropout .2', { l2: 0, dropout: 0.2 }],
    ['FGSM training', { l2: 0, epsilon, steps: 1 }],
    ['PGD-7 training', { l2: 0, epsilon }],
  ]
  const { rows, labels } = firstRows(test, testLabels, data.heavy)
  for (const [way, changed] of ways) {
    progress(`${NAME}: net, ${way}`)
    const member = await hardenNet(train, trainLabels, 2, { epsilon: 0, feasible, epochs: 10, seed, ...changed })
    const { decider, slope } = wholeOfMember(member, test.columns)
    const attacked = pgd(slope!, rows, labels, { norm: 'linf', epsilon, feasible, restarts: 2 }).accuracy
    yield alone(subject(`net, ${way}, clean`, 'all judged rows'), [accuracyOf(decider, test, testLabels)])
    yield alone(subject(`net, ${way}, PGD-40`, `first ${data.heavy} judged rows`), [attacked])
  }
}

/** How well boosted trees that asked say what the ensemble says. */
function* stolen(ensemble: Ensemble, { test }: Attackable, seed: number): Generator<Line> {
  const { decider } = wholeOfEnsemble(ensemble, test.columns)
  for (const answer of ANSWERS) {
    progress(`${NAME}: extraction, ${answer}`)
    for (const { queries, agreement } of extract(decider, { pool: test, queries: QUERIES, answer, seed }))
      yield alone(subject(`stolen by ${queries} queries: ${answer}`, 'agreement on rows not asked'), [agreement])
  }
}
