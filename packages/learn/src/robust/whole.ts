import type { Matrix } from '../base/matrix.ts'
import type { Ensemble, Member, OwnMember, Scaling } from '../ensemble/index.ts'
import { BoostedMember, ForestMember, NetMember, scaled } from '../ensemble/index.ts'
import type { Tree } from '../trees/index.ts'
import { cutsOf } from './cuts.ts'
import type { Decider, Differentiable } from './target.ts'

/** All that an attacker can know of a classifier: what it decides, what within it has a slope, and where its trees cut. */
export interface Whole {
  readonly decider: Decider
  /** The net within; absent where there is none. */
  readonly slope?: Differentiable
  /** Of all its trees, column by column; absent where there is none. */
  readonly cuts?: readonly Float32Array[]
}

/** An ensemble with all that is within: it decides by its whole vote, factors of rare classes and all. */
export function wholeOfEnsemble(ensemble: Ensemble<Member>, columns: number): Whole {
  const { members, factors } = ensemble.parts
  const decider: Decider = {
    classes: ensemble.classes,
    probabilities: rows => weighted(ensemble.probabilities(rows), factors),
  }
  const net = members.find(member => member instanceof NetMember)
  const trees = members.flatMap(treesOf)
  return {
    decider,
    ...(net === undefined ? {} : { slope: slopeOf(net) }),
    ...(trees.length === 0 ? {} : { cuts: cutsOf(trees, columns) }),
  }
}

/** A member alone. */
export function wholeOfMember(member: OwnMember, columns: number): Whole {
  if (member instanceof NetMember) {
    const slope = slopeOf(member)
    return { decider: slope, slope }
  }
  return { decider: member, cuts: cutsOf(treesOf(member), columns) }
}

function treesOf(member: Member): readonly Tree[] {
  return member instanceof ForestMember || member instanceof BoostedMember ? member.model.model.trees : []
}

function weighted({ rows, columns, data }: Matrix, factors: Float64Array): Matrix {
  const out = data.slice()
  for (let row = 0; row < rows; row++) {
    let sum = 0
    for (let k = 0; k < columns; k++) sum += out[row * columns + k] *= factors[k]
    for (let k = 0; k < columns; k++) out[row * columns + k] /= sum
  }
  return { rows, columns, data: out }
}

/** A net with the scaling of its inputs, differentiated by the unscaled columns: the chain rule's last step. */
export function slopeOf(member: NetMember): Differentiable {
  const { model, scaling, classes } = member
  return {
    classes,
    probabilities: rows => member.probabilities(rows),
    gradient: (rows, labels) => {
      const { loss, gradient } = model.gradient(scaled(scaling, rows), labels)
      for (const [at, value] of rows.data.entries()) gradient[at] *= stretch(scaling, at % rows.columns, value)
      return { loss, gradient }
    },
  }
}

/** How a scaled number moves with the value. Where the scaling ends (farther from 0 than any row of training) it goes on: an attacker who stood there would find no way back. */
function stretch({ center, spread, deviation }: Scaling, column: number, value: number): number {
  if (Number.isNaN(value)) return 0
  const bent = (value - center[column]) / spread[column]
  return 1 / (Math.sqrt(1 + bent * bent) * spread[column] * deviation[column])
}
