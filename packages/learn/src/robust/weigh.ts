import type { Matrix } from '../base/matrix.ts'
import { calibrate, calibrated } from '../ensemble/calibration.ts'
import { Doubts, disagreements, entropies } from '../ensemble/doubt.ts'
import {
  Ensemble,
  fitVote,
  likeliestOf,
  Neighbors,
  Novelty,
  type OwnMember,
  picked,
  pooled,
} from '../ensemble/index.ts'
import { fitIsolation } from '../trees/index.ts'
import { type AugmentOptions, attackedRows, stacked } from './augment.ts'
import { liftOf } from './classes.ts'
import { wholeOfMember } from './whole.ts'

/** Rows with their classes: those that members learned, and those by which they are weighed. */
export interface Weighing {
  readonly x: Matrix
  readonly codes: Int32Array
  readonly learned: Int32Array
  readonly held: Int32Array
}

/**
 * Joins members by how they do on rows that they have not learned, as they are and as attacks on each member make them: calibration, the weights of a vote, how
 * far rare classes are lifted, and what is doubtful. The vote is of the least log loss on all of them, the lift of the best balanced accuracy.
 */
export function weighed(
  ensemble: Ensemble<OwnMember>,
  members: readonly OwnMember[],
  { x, codes, learned, held }: Weighing,
  attack: AugmentOptions,
): Ensemble<OwnMember> {
  const clean = { x: picked(x, held), codes: held.map(row => codes[row]) }
  const wholes = members.map(member => wholeOfMember(member, x.columns))
  const made = attackedRows(wholes, clean.x, clean.codes, attack)
  const all = stacked(
    [clean.x, ...made],
    [clean.x, ...made].map(() => clean.codes),
  )
  const told = members.map(member => member.probabilities(all.x))
  const calibrations = told.map(each => calibrate(each, all.codes))
  const said = told.map((each, m) => calibrated(calibrations[m], each))
  const pool = fitVote(said, all.codes)
  const mixed = pooled(pool, said)
  const calibration = calibrate(mixed, all.codes)
  const shares = new Float64Array(ensemble.classes)
  for (const code of codes) shares[code] += 1 / codes.length
  // Members that learned of attackers are others: what lifted rare classes before says nothing of them.
  const factors = liftOf(calibrated(calibration, mixed), all.codes, shares)
  const parts = { ...ensemble.parts, members, calibrations, pool, calibration, factors }
  const { novelty } = parts
  const joined = new Ensemble(parts)
  const probabilities = joined.probabilities(clean.x)
  const right = Array.from(likeliestOf(probabilities, factors), (code, row) => code === clean.codes[row])
  const signs = {
    entropy: entropies(probabilities).map(each => each / Math.log(joined.classes)),
    disagreement: disagreements(joined.memberProbabilities(clean.x)),
    novelty: heldOutNovelty(novelty, picked(x, learned), attack.seed).pValues(clean.x),
  }
  return new Ensemble({ ...parts, doubts: Doubts.learn(signs, right).doubts })
}

/** What tells strange rows, without those that are held out: nothing is strange that was learned. */
function heldOutNovelty({ forestTail, neighborTail }: Novelty, learned: Matrix, seed: number): Novelty {
  return new Novelty(fitIsolation(learned, { seed }), Neighbors.learn(learned), forestTail, neighborTail)
}
