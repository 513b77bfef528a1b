import type { Matrix } from '../base/matrix.ts'
import { MlpClassifier } from '../nets/index.ts'
import { fitBoosted, fitForestClassifier } from '../trees/index.ts'
import { BoostedMember, ForestMember, type Member, NetMember, type OwnMember } from './member.ts'
import { learnScaling, scaled } from './scaling.ts'

/** What a member is. */
export type MemberName = 'forest' | 'boosting' | 'net'

export const MEMBERS: readonly MemberName[] = ['forest', 'boosting', 'net']

/** How members are fitted. */
export interface MemberOptions {
  readonly seed: number
  /** Trees of the forest; 100. */
  readonly trees?: number
  /** Rounds of boosting; 100. */
  readonly rounds?: number
  /** Epochs of the net; 30. */
  readonly epochs?: number
  /** Widths of the net's hidden layers; 64 and 32. */
  readonly hidden?: readonly number[]
  /** From 0 to 1, and how good it is where that is known. */
  readonly progress?: (done: number, loss?: number) => void
}

/** @param classes how many; each has a row */
export async function fitMember(
  name: MemberName,
  x: Matrix,
  codes: Int32Array,
  classes: number,
  options: MemberOptions,
): Promise<OwnMember> {
  const { seed, trees = 100, rounds = 100, epochs = 30, hidden = [64, 32], progress = () => {} } = options
  if (name === 'forest') {
    const onTree = (tree: number): void => progress(tree / trees)
    return new ForestMember(fitForestClassifier(x, codes, { trees, minLeaf: 1, seed, onTree }))
  }
  if (name === 'boosting') {
    const model = fitBoosted(x, codes, {
      objective: classes === 2 ? 'binary:logistic' : 'multi:softprob',
      rounds,
      learningRate: 0.1,
      maxDepth: 6,
      rowSample: 0.8,
      columnSampleByTree: 0.5,
      seed,
      onRound: ({ round }) => progress(round / rounds),
    })
    return new BoostedMember(model)
  }
  const scaling = learnScaling(x)
  const shape = { inputs: x.columns, hidden, classes, dropout: 0.1, seed }
  const net = new MlpClassifier(shape)
  await net.fit(scaled(scaling, x), codes, {
    epochs,
    batch: 64,
    optimizer: { kind: 'adam', rate: 2e-3 },
    schedule: { kind: 'cosine', least: 0.02, warmup: 0.05 },
    l2: 1e-4,
    decoupled: true,
    clip: 5,
    seed,
    portable: true,
    onEpoch: ({ epoch, loss }) => progress(epoch / epochs, loss),
  })
  return new NetMember(net, shape, scaling)
}

/** A member of fewer classes among all of them: classes that it has not learned get nothing. */
export class Widened implements Member {
  readonly classes: number
  readonly #member: Member
  readonly #places: readonly number[]

  /** @param places which class of all each of its own is */
  constructor(member: Member, classes: number, places: readonly number[]) {
    this.classes = classes
    this.#member = member
    this.#places = places
  }

  probabilities(rows: Matrix): Matrix {
    const found = this.#member.probabilities(rows)
    const data = new Float32Array(rows.rows * this.classes)
    for (let row = 0; row < rows.rows; row++)
      for (const [k, place] of this.#places.entries())
        data[row * this.classes + place] = found.data[row * found.columns + k]!
    return { rows: rows.rows, columns: this.classes, data }
  }
}
