import type { Matrix } from '@ringwall/learn'
import type { Ensemble, Neighbors, OwnMember } from '@ringwall/learn/ensemble'
import { decisionsOf, scaled } from '@ringwall/learn/ensemble'
import { ensembleIn, FALSE_DOUBTS, type LoadedModel } from '@ringwall/learn/io'

/** Why an ensemble does not decide a row: what says so, and how doubtful the row is, from 0 to 1 (from `1 - FALSE_DOUBTS` on it is not decided). */
export interface Undecided {
  readonly reason: 'ambiguous' | 'disagreement' | 'novel'
  readonly doubt: number
}

/** What a model of classes says of one row. */
export interface Opinion {
  /** Of each class; they sum to 1. What is likeliest here is the class that `learn classify` tells. */
  shares(row: Matrix): ArrayLike<number>
  /** Null where the row is decided, as `learn classify` decides; always of a model that knows no doubt. It takes longer than `shares`. */
  undecided(row: Matrix): Undecided | null
  /** By how much each input speaks for a class: see `Feature`. */
  contributions(row: Matrix, told: number): Float64Array
  /** Each input's share of what lies between a row and the nearest one that was learned; none of a model that knows no doubt. */
  oddities(row: Matrix): Float64Array
}

type Trees = Extract<LoadedModel['model'], { kind: 'boosted-trees' | 'random-forest' }>

/** Asks a model of one of the kinds that `readIntrusion` lets through. */
export function opinionOf({ model, classes }: LoadedModel): Opinion {
  const ensemble = ensembleIn(model)
  if (ensemble !== null) return ofEnsemble(ensemble)
  const trees = model as Trees
  return {
    shares: row => trees.model.predictProbabilities(row),
    undecided: () => null,
    contributions: (row, told) => contributionsOf(trees.model, row, told, classes.length),
    oddities: ({ columns }) => new Float64Array(columns),
  }
}

function ofEnsemble(ensemble: Ensemble<OwnMember>): Opinion {
  const { members, pool, factors, novelty } = ensemble.parts
  const weights = weightsOf(members, pool.weights)
  return {
    shares(row) {
      const weighted = Float64Array.from(ensemble.probabilities(row).data, (share, k) => share * factors[k])
      const sum = sumOf(weighted)
      return weighted.map(each => each / sum)
    },
    undecided(row) {
      const judged = ensemble.judge(row)
      const [decision] = decisionsOf(judged, { falseDoubts: FALSE_DOUBTS })
      return decision.decided ? null : { reason: decision.reason, doubt: judged.doubt[0] }
    },
    contributions(row, told) {
      const all = new Float64Array(row.columns)
      for (const [m, member] of members.entries()) {
        if (member.kind === 'mlp-classifier') continue
        // A forest moves probabilities and boosted trees log-odds: each counts by its shares.
        const parts = contributionsOf(member.model, row, told, ensemble.classes)
        const sum = sumOf(parts.map(Math.abs))
        if (sum > 0) for (const [at, part] of parts.entries()) all[at] += (weights[m] * part) / sum
      }
      return all
    },
    oddities: row => odditiesOf(novelty.neighbors, row),
  }
}

/** How much each member that is made of trees says in the vote, in shares; all the same where the net alone has a say. */
function weightsOf(members: readonly OwnMember[], pool: Float64Array): readonly number[] {
  const isTree = members.map(({ kind }) => Number(kind !== 'mlp-classifier'))
  const own = isTree.map((each, m) => each * Math.max(0, pool[m]))
  const weights = sumOf(own) > 0 ? own : isTree
  const sum = Math.max(Number.MIN_VALUE, sumOf(weights))
  return weights.map(each => each / sum)
}

function contributionsOf(
  trees: Trees['model'],
  { data, columns }: Matrix,
  told: number,
  classes: number,
): Float64Array {
  // Of two classes trees know the second one only. What stands behind the columns is what is expected of any row.
  const parts = trees.contributions(data, classes === 2 ? 0 : told).subarray(0, columns)
  return classes === 2 && told === 0 ? parts.map(part => -part) : parts
}

function odditiesOf({ scaling, references: { data, rows, columns } }: Neighbors, row: Matrix): Float64Array {
  const asked = scaled(scaling, row).data
  let [nearest, least] = [0, Number.POSITIVE_INFINITY]
  for (let at = 0; at < rows; at++) {
    let sum = 0
    for (let column = 0; column < columns && sum < least; column++)
      sum += (asked[column] - data[at * columns + column]) ** 2
    if (sum < least) [nearest, least] = [at, sum]
  }
  return Float64Array.from(asked, (value, column) =>
    least > 0 ? (value - data[nearest * columns + column]) ** 2 / least : 0,
  )
}

const sumOf = (values: ArrayLike<number>): number => Array.from(values).reduce((a, b) => a + b, 0)
