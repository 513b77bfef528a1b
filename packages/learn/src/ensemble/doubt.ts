import { LearnError } from '../base/error.ts'
import type { Matrix } from '../base/matrix.ts'
import { Tail } from './tail.ts'

/** Why a row is not decided: several classes are about as likely, members say different things, or nothing like it was learned. */
export type Reason = 'ambiguous' | 'disagreement' | 'novel'

export const REASONS: readonly Reason[] = ['ambiguous', 'disagreement', 'novel']

/** What says that a row should not be decided, a number a row each. */
export interface Signs {
  /** Entropy of the probabilities over that of a uniform guess, in [0, 1]. */
  readonly entropy: Float64Array
  /** The members' mutual information: entropy of their mean less the mean of their entropies, in nats (BALD: Houlsby et al. 2011; Lakshminarayanan et al. 2017). */
  readonly disagreement: Float64Array
  /** How rare rows as strange are among those that were learned. */
  readonly novelty: Float64Array
}

/** In nats, of each row. */
export function entropies({ rows, columns, data }: Matrix): Float64Array {
  const out = new Float64Array(rows)
  for (const [at, share] of data.entries()) if (share > 0) out[Math.floor(at / columns)]! -= share * Math.log(share)
  return out
}

/** Mutual information between a row's class and which member is asked. */
export function disagreements(members: readonly Matrix[]): Float64Array {
  const [first] = members
  if (first === undefined) throw new LearnError('members_differ', 'an ensemble has one member or more')
  const mean = first.data.map((_, at) => members.reduce((sum, { data }) => sum + data[at]!, 0) / members.length)
  const inner = members.map(entropies)
  return entropies({ ...first, data: mean }).map((outer, row) =>
    Math.max(0, outer - inner.reduce((sum, its) => sum + its[row]!, 0) / inner.length),
  )
}

/** How far each sign counts: shares of 1. */
const SHARES: readonly Readonly<Record<Reason, number>>[] = [
  { ambiguous: 0.8, disagreement: 0.1, novel: 0.1 },
  { ambiguous: 0.6, disagreement: 0.3, novel: 0.1 },
  { ambiguous: 0.3, disagreement: 0.6, novel: 0.1 },
  { ambiguous: 0.45, disagreement: 0.1, novel: 0.45 },
]

/** The three signs, each by how rare it is among rows that were held out, and what they make together. */
export class Doubts {
  readonly entropy: Tail
  readonly disagreement: Tail
  readonly joint: Tail
  readonly shares: Readonly<Record<Reason, number>>

  constructor(entropy: Tail, disagreement: Tail, joint: Tail, shares: Readonly<Record<Reason, number>>) {
    this.entropy = entropy
    this.disagreement = disagreement
    this.joint = joint
    this.shares = shares
  }

  /**
   * Learns from held-out rows; how much each sign counts, by which of some shares declines wrong answers first. Each row's rarity is that among the others.
   * @param right whether each row was told rightly
   * @returns what was learned, and how doubtful each of these rows is among the others
   */
  static learn(signs: Signs, right: readonly boolean[]): { readonly doubts: Doubts; readonly doubt: Float64Array } {
    const entropy = Tail.of(signs.entropy)
    const disagreement = Tail.of(signs.disagreement)
    const own = {
      ambiguous: signs.entropy.map(each => entropy.ownP(each)),
      disagreement: signs.disagreement.map(each => disagreement.ownP(each)),
      novel: signs.novelty,
    }
    const tried = SHARES.map(shares => {
      const found = rarities(own, shares)
      const raw = found.map(({ rarity }) => -rarity)
      return { shares, raw, risk: areaOfRisk(raw, right) }
    })
    const best = tried.reduce((least, each) => (each.risk < least.risk ? each : least))
    const joint = Tail.of(best.raw)
    return {
      doubts: new Doubts(entropy, disagreement, joint, best.shares),
      doubt: Float64Array.from(best.raw, each => 1 - joint.ownP(each)),
    }
  }

  /** For each row the share of held-out rows that were less doubtful, and the sign that is the rarest. */
  of(signs: Signs): { readonly doubt: Float64Array; readonly reasons: readonly Reason[] } {
    const p = {
      ambiguous: signs.entropy.map(each => this.entropy.p(each)),
      disagreement: signs.disagreement.map(each => this.disagreement.p(each)),
      novel: signs.novelty,
    }
    const found = rarities(p, this.shares)
    return {
      doubt: Float64Array.from(found, ({ rarity }) => 1 - this.joint.p(-rarity)),
      reasons: found.map(({ reason }) => reason),
    }
  }
}

/** The least p-value over its share: a weighted Bonferroni bound (Genovese, Roeder and Wasserman 2006). */
function rarities(
  p: Readonly<Record<Reason, Float64Array>>,
  shares: Readonly<Record<Reason, number>>,
): { rarity: number; reason: Reason }[] {
  return Array.from(p.novel, (_, row) => {
    const weighted = (reason: Reason): number => p[reason][row]! / shares[reason]
    const reason = REASONS.reduce((least, its) => (weighted(its) < weighted(least) ? its : least))
    return { rarity: weighted(reason), reason }
  })
}

/** The mean, over all coverages, of the share that is wrong among the rows that are decided (Geifman and El-Yaniv 2017). */
export function areaOfRisk(doubt: ArrayLike<number>, right: readonly boolean[]): number {
  const order = Array.from(right.keys()).sort((a, b) => doubt[a]! - doubt[b]! || a - b)
  let [wrong, area] = [0, 0]
  for (const [place, row] of order.entries()) {
    if (right[row] === false) wrong++
    area += wrong / (place + 1)
  }
  return order.length === 0 ? 0 : area / order.length
}
