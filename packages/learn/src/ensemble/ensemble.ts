import { LearnError } from '../base/error.ts'
import type { Matrix } from '../base/matrix.ts'
import { type Calibration, calibrated } from './calibration.ts'
import { type Doubts, disagreements, entropies, type Reason } from './doubt.ts'
import { likeliestOf } from './figures.ts'
import type { Member } from './member.ts'
import type { Novelty } from './novelty.ts'
import { type Pool, pooled } from './pool.ts'

/** What an ensemble is made of. */
export interface EnsembleParts<M extends Member = Member> {
  readonly members: readonly M[]
  /** One a member. */
  readonly calibrations: readonly Calibration[]
  readonly pool: Pool
  /** Of what the pool says. */
  readonly calibration: Calibration
  /** By what each class's probability is multiplied before the likeliest is told: rare classes may count more. */
  readonly factors: Float64Array
  readonly novelty: Novelty
  readonly doubts: Doubts
}

/** All that is said of rows. */
export interface Judged {
  readonly probabilities: Matrix
  /** The class that is told of each row, if it is decided. */
  readonly predicted: Int32Array
  /** From 0 to 1, a row: the share of held-out rows that were less doubtful. */
  readonly doubt: Float64Array
  /** What makes most of the doubt. */
  readonly reasons: readonly Reason[]
}

/** When to decide: `coverage`, the share of the rows given that must be decided; or `falseDoubts`, the share of rows like those that were learned that may go undecided. */
export type Deciding = { readonly coverage: number } | { readonly falseDoubts: number }

/** A class, by its number, or why there is none. */
export type Decision =
  | { readonly decided: true; readonly class: number }
  | { readonly decided: false; readonly reason: Reason }

/** Members whose calibrated probabilities are joined, and what says when not to believe them. Made by `fitEnsemble`. */
export class Ensemble<M extends Member = Member> {
  readonly parts: EnsembleParts<M>

  /** Error: `members_differ`. */
  constructor(parts: EnsembleParts<M>) {
    const { members, calibrations, pool, factors } = parts
    const classes = factors.length
    if (members.length === 0 || members.length !== calibrations.length || members.length !== pool.weights.length)
      throw new LearnError(
        'members_differ',
        `${members.length} members, ${calibrations.length} calibrations, ${pool.weights.length} weights: expected as many of each`,
      )
    for (const [m, member] of members.entries())
      if (member.classes !== classes)
        throw new LearnError(
          'members_differ',
          `member ${m} tells ${member.classes} classes apart, and the ensemble ${classes}`,
        )
    for (const { scale, bias } of [...calibrations, parts.calibration])
      if (scale.length !== classes || bias.length !== classes)
        throw new LearnError(
          'members_differ',
          `a calibration of ${scale.length} classes, and the ensemble has ${classes}`,
        )
    this.parts = parts
  }

  get classes(): number {
    return this.parts.factors.length
  }

  /** The calibrated probability of each class, a row each. Errors: those of the members. */
  probabilities(rows: Matrix): Matrix {
    return this.#joined(this.memberProbabilities(rows))
  }

  /** What each member says, calibrated. */
  memberProbabilities(rows: Matrix): Matrix[] {
    const { members, calibrations } = this.parts
    return members.map((member, m) => calibrated(calibrations[m]!, member.probabilities(rows)))
  }

  /** Classes, probabilities and doubt of rows. */
  judge(rows: Matrix): Judged {
    const { factors, novelty, doubts } = this.parts
    const said = this.memberProbabilities(rows)
    const probabilities = this.#joined(said)
    const full = Math.log(this.classes)
    const signs = {
      entropy: entropies(probabilities).map(each => each / full),
      disagreement: disagreements(said),
      novelty: novelty.pValues(rows),
    }
    return { probabilities, predicted: likeliestOf(probabilities, factors), ...doubts.of(signs) }
  }

  /** A class of each row, or why it is not decided. Error: `option_wrong`. */
  decide(rows: Matrix, deciding: Deciding): Decision[] {
    return decisionsOf(this.judge(rows), deciding)
  }

  /** The same ensemble with other members in their places: one that was hardened, say. What was calibrated stays as it is. Error: `members_differ`. */
  withMembers<Other extends Member>(members: readonly Other[]): Ensemble<Other> {
    return new Ensemble({ ...this.parts, members })
  }

  #joined(said: readonly Matrix[]): Matrix {
    return calibrated(this.parts.calibration, pooled(this.parts.pool, said))
  }
}

/** Decides rows that were judged. Error: `option_wrong`. */
export function decisionsOf({ predicted, doubt, reasons }: Judged, deciding: Deciding): Decision[] {
  const keeps = 'coverage' in deciding ? leastDoubtful(doubt, deciding.coverage) : within(doubt, deciding.falseDoubts)
  return Array.from(
    predicted,
    (code, row): Decision =>
      keeps[row] === true ? { decided: true, class: code } : { decided: false, reason: reasons[row]! },
  )
}

function leastDoubtful(doubt: Float64Array, coverage: number): boolean[] {
  if (!(coverage >= 0 && coverage <= 1))
    throw new LearnError('option_wrong', `a coverage of ${coverage}: expected 0 to 1`)
  const order = Array.from(doubt.keys()).sort((a, b) => doubt[a]! - doubt[b]! || a - b)
  const keeps = new Array<boolean>(doubt.length).fill(false)
  for (const row of order.slice(0, Math.round(coverage * order.length))) keeps[row] = true
  return keeps
}

function within(doubt: Float64Array, falseDoubts: number): boolean[] {
  if (!(falseDoubts >= 0 && falseDoubts <= 1))
    throw new LearnError('option_wrong', `false doubts of ${falseDoubts}: expected 0 to 1`)
  return Array.from(doubt, each => each <= 1 - falseDoubts)
}
