import { LearnError } from '../base/error.ts'
import type { Matrix } from '../base/matrix.ts'
import { evenly, picked, rowsWhere } from '../base/rows.ts'
import { type Ensemble, fitMember, foldsOf, type MemberOptions, type OwnMember } from '../ensemble/index.ts'
import { attackedRows, stacked } from './augment.ts'
import { repeatedRows } from './classes.ts'
import type { Feasible } from './feasible.ts'
import { hardenNet } from './harden-net.ts'
import { weighed } from './weigh.ts'
import { type Whole, wholeOfMember } from './whole.ts'

/** Against what an ensemble is hardened, and at what expense. */
export interface HardenOptions {
  /** By how much, in units of `scale`, each column can be moved (L-infinity). */
  readonly epsilon: number
  readonly scale?: ArrayLike<number>
  readonly feasible: Feasible
  /** By so many times epsilon rows are moved that are learned from: what trees learn of attacks holds as far as those reached, and hardly a step farther. 1.25. */
  readonly margin?: number
  /** Rounds in which trees are attacked and fitted anew with what the attacks made; 2. */
  readonly rounds?: number
  /** Rows that are attacked for the trees in a round, at most; 4,000, at equal steps. */
  readonly attackedRows?: number
  readonly trees?: number
  readonly boostingRounds?: number
  readonly hidden?: readonly number[]
  readonly epochs?: number
  readonly seed?: number
  /** From 0 to 1, and what it is at. */
  readonly progress?: (done: number, what: string, loss?: number) => void
}

/** One fold of so many is held out to weigh and calibrate members by. */
const FOLDS = 6
/** Rows that members are weighed by, at most: clean ones, and as many again an attack. */
const WEIGHED = 1_500

/**
 * Hardens an ensemble: the net learns from rows that PGD moves, forest and boosted trees learn what attacks on them and on the net made beside the clean rows, round after round, and
 * members are calibrated and weighed on held-out rows, clean and attacked: whoever falls gets little to say. Rows of rare classes are learned from and attacked several times, and the
 * classes are lifted anew, for the best balanced accuracy on those held-out rows. What tells strange rows stays; what is doubtful is learned anew.
 * @param ensemble what was fitted to the same rows without regard to attackers: its classes stay
 * Errors: `option_wrong`, `members_differ`, and those of the members.
 */
export async function harden(
  ensemble: Ensemble<OwnMember>,
  x: Matrix,
  codes: Int32Array,
  options: HardenOptions,
): Promise<Ensemble<OwnMember>> {
  const { feasible, margin = 1.25, rounds = 2, seed = 1, progress = () => {} } = options
  const epsilon = options.epsilon * margin
  const { classes } = ensemble
  if (!(epsilon > 0 && epsilon < Number.POSITIVE_INFINITY))
    throw new LearnError('option_wrong', `an epsilon of ${options.epsilon}, ${margin} times: expected a number above 0`)
  if (!(Number.isInteger(rounds) && rounds >= 1))
    throw new LearnError('option_wrong', `${rounds} rounds: expected 1 or more`)
  const reach = {
    norm: 'linf',
    epsilon,
    feasible,
    ...(options.scale === undefined ? {} : { scale: options.scale }),
  } as const
  const fold = foldsOf(codes, classes, FOLDS, false)
  const [learned, held] = [
    rowsWhere(fold, each => each > 0),
    evenly(
      rowsWhere(fold, each => each === 0),
      WEIGHED,
    ),
  ]
  const clean = { x: picked(x, learned), codes: learned.map(row => codes[row]) }
  const repeated = repeatedRows(clean.codes, classes)
  const even = { x: picked(clean.x, repeated), codes: repeated.map(row => clean.codes[row]) }
  const net = await hardenNet(even.x, even.codes, classes, {
    ...options,
    epsilon,
    progress: (done, loss) => progress(0.4 * done, 'net', loss),
  })
  let attacked: Whole[] = [...ensemble.parts.members, net].map(member => wholeOfMember(member, x.columns))
  let trees: OwnMember[] = []
  const [tables, labels] = [[clean.x], [clean.codes]]
  for (let round = 0; round < rounds; round++) {
    const which = evenly(Int32Array.from(repeated.keys()), options.attackedRows ?? 4_000)
    const from = { rows: picked(even.x, which), codes: which.map(row => even.codes[row]) }
    for (const made of attackedRows(attacked, from.rows, from.codes, { ...reach, seed: seed + 10 * round })) {
      tables.push(made)
      labels.push(from.codes)
    }
    const all = stacked(tables, labels)
    progress(0.4 + (0.5 * (round + 0.5)) / rounds, 'trees')
    trees = [
      await fitMember('forest', all.x, all.codes, classes, sizesOf(options)),
      await fitMember('boosting', all.x, all.codes, classes, sizesOf(options)),
    ]
    attacked = trees.map(member => wholeOfMember(member, x.columns))
    progress(0.4 + (0.5 * (round + 1)) / rounds, 'trees')
  }
  const hardened = await weighed(ensemble, [...trees, net], { x, codes, learned, held }, { ...reach, seed: seed + 100 })
  progress(1, 'weights')
  return hardened
}

function sizesOf({ trees, boostingRounds, seed = 1 }: HardenOptions): MemberOptions {
  return {
    seed,
    ...(trees === undefined ? {} : { trees }),
    ...(boostingRounds === undefined ? {} : { rounds: boostingRounds }),
  }
}
