import { type Ensemble, fitEnsemble, type OwnMember } from '../../../packages/learn/src/ensemble/index.ts'
import {
  type AttackFigure,
  accuracyOf,
  boundaryAttack,
  Feasible,
  fgsm,
  firstRows,
  harden,
  hardenNet,
  type PgdOptions,
  pgd,
  slopeOf,
  strongest,
  type Whole,
  wholeOfEnsemble,
  wholeOfMember,
} from '../../../packages/learn/src/robust/index.ts'
import { progress } from '../base/report.ts'
import type { Attackable } from './model-robust-data.ts'

export const CURVE = [0.05, 0.1, 0.2, 0.3, 0.5, 0.8, 1.2]
const SIZES = { trees: 50, epochs: 10 }
const ROUNDS = 60
/** By so much, of accuracy, one attack may be better than one that is as strong: a row or two. */
const SLACK = 0.005

/** What became of one model. */
export interface Fate {
  /** Of the rows that are attacked, as `worst` is. */
  readonly clean: number
  /** Of all rows to judge. */
  readonly all: number
  readonly each: readonly AttackFigure[]
  readonly worst: number
  /** Of each epsilon of the curve. */
  readonly fgsm: readonly number[]
  readonly pgd: readonly number[]
}

/** All of a seed. */
export interface Run {
  readonly epsilon: number
  readonly net: { readonly clean: number; readonly attacked: number; readonly transferred: number }
  readonly before: Fate
  readonly after: Fate
  /** Undefended, for what else is measured. */
  readonly ensemble: Ensemble<OwnMember>
}

/** Fits, bisects epsilon, attacks, hardens and attacks again. Throws where an attack shows that gradients are masked. */
export async function runSeed(data: Attackable, seed: number): Promise<Run> {
  const { train, trainLabels, test, testLabels, feasible } = data
  const told = (what: string): void => progress(`robust: NSL-KDD, seed ${seed}: ${what}`)
  const { ensemble, net, clean, attackedAt, epsilon } = await undefended(data, seed)
  const heavy = firstRows(test, testLabels, data.heavy)
  const own = slopeOf(await hardenNet(train, trainLabels, 2, { epsilon: 0, feasible, epochs: 10, seed: seed + 50 }))
  const fateOf = (of: Ensemble<OwnMember>, name: string): Fate => {
    const whole = wholeOfEnsemble(of, test.columns)
    const tell = { progress: (attack: string): void => told(`${name}, ${attack}`) }
    const surrogates = [of === ensemble ? own : net.slope!]
    const options = { norm: 'linf', epsilon, feasible, surrogates, iterations: 5, ...tell } as const
    const { each, accuracy } = strongest(whole, heavy.rows, heavy.labels, { ...options, seed })
    return {
      clean: accuracyOf(whole.decider, heavy.rows, heavy.labels),
      all: accuracyOf(whole.decider, test, testLabels),
      each,
      worst: accuracy,
      ...curveOf(whole, data),
    }
  }
  const before = fateOf(ensemble, 'undefended')
  told('hardening')
  const hardened = await hardenedOf(ensemble, data, epsilon, seed)
  const after = fateOf(hardened, 'hardened')
  told('checks')
  checkSlope(net, data, epsilon, 'undefended')
  checkSlope(netOf(hardened, test.columns), data, epsilon, 'hardened')
  const reach = { norm: 'linf', epsilon, feasible } as const
  const transferred = pgd(own, heavy.rows, heavy.labels, { ...reach, seed, restarts: 2, judge: net.decider }).accuracy
  return { epsilon, net: { clean, attacked: attackedAt(epsilon), transferred }, before, after, ensemble }
}

const netOf = ({ parts }: Ensemble<OwnMember>, columns: number): Whole =>
  wholeOfMember(parts.members.find(({ kind }) => kind === 'mlp-classifier')!, columns)

/** An ensemble as it is fitted, its net, and the epsilon at which PGD-40 takes a third of that. */
export async function undefended(data: Attackable, seed: number) {
  const { train, trainLabels, test, testLabels, feasible } = data
  progress(`robust: NSL-KDD, seed ${seed}: undefended ensemble`)
  const { ensemble } = await fitEnsemble(train, trainLabels, 2, { ...SIZES, rounds: ROUNDS, folds: 2, seed })
  const heavy = firstRows(test, testLabels, data.heavy)
  const net = netOf(ensemble, test.columns)
  const clean = accuracyOf(net.decider, heavy.rows, heavy.labels)
  const attackedAt = (epsilon: number): number =>
    pgd(net.slope!, heavy.rows, heavy.labels, { norm: 'linf', epsilon, feasible }).accuracy
  progress(`robust: NSL-KDD, seed ${seed}: epsilon`)
  return { ensemble, net, clean, attackedAt, epsilon: bisected(attackedAt, (2 / 3) * clean) }
}

/** The same, hardened against an epsilon. */
export function hardenedOf(
  ensemble: Ensemble<OwnMember>,
  { train, trainLabels, feasible }: Attackable,
  epsilon: number,
  seed: number,
): Promise<Ensemble<OwnMember>> {
  const hardening = { ...SIZES, boostingRounds: ROUNDS, attackedRows: 3_000, epsilon, feasible, seed }
  return harden(ensemble, train, trainLabels, hardening)
}

function bisected(attackedAt: (epsilon: number) => number, wanted: number): number {
  let [near, far] = [0, 1]
  while (attackedAt(far) > wanted && far < 8) [near, far] = [far, 2 * far]
  for (let i = 0; i < 6; i++) {
    const middle = (near + far) / 2
    if (attackedAt(middle) > wanted) near = middle
    else far = middle
  }
  return far
}

function curveOf(whole: Whole, { test, testLabels, feasible, light }: Attackable): Pick<Fate, 'fgsm' | 'pgd'> {
  const { rows, labels } = firstRows(test, testLabels, light)
  const at = (epsilon: number): PgdOptions => ({ norm: 'linf', epsilon, feasible, judge: whole.decider })
  return {
    fgsm: CURVE.map(epsilon => fgsm(whole.slope!, rows, labels, at(epsilon)).accuracy),
    pgd: CURVE.map(epsilon => pgd(whole.slope!, rows, labels, at(epsilon)).accuracy),
  }
}

/** What must be so where a slope leads to where a net errs (Carlini and others 2019; Athalye and others, ICML 2018). */
function checkSlope(
  { slope, decider }: Whole,
  { test, testLabels, feasible, light }: Attackable,
  epsilon: number,
  name: string,
): void {
  const { rows, labels } = firstRows(test, testLabels, light)
  const reach = { norm: 'linf', epsilon, feasible } as const
  const one = fgsm(slope!, rows, labels, reach).accuracy
  const ten = pgd(slope!, rows, labels, { ...reach, steps: 10 }).accuracy
  const forty = pgd(slope!, rows, labels, { ...reach, steps: 40, restarts: 5 }).accuracy
  const blind = boundaryAttack(decider, rows, labels, { ...reach, iterations: 3 }).accuracy
  const free = new Feasible({ columns: test.columns })
  const unbound = pgd(slope!, rows, labels, { norm: 'linf', epsilon: 50, feasible: free, restarts: 5 }).accuracy
  const checks: [string, boolean][] = [
    [`PGD-40 leaves ${forty} and FGSM ${one}`, forty <= one + SLACK],
    [`PGD-40 leaves ${forty} and PGD-10 ${ten}`, forty <= ten + SLACK],
    [`PGD-40 leaves ${forty} and the black box ${blind}`, forty <= blind + SLACK],
    [`without any bound ${unbound} stay right`, unbound === 0],
  ]
  for (const [what, holds] of checks)
    if (!holds) throw new Error(`robust: NSL-KDD: the ${name} net's gradients are masked: ${what}`)
}
