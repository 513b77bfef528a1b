import type { Matrix } from '../base/matrix.ts'
import { NetMember, type Scaling, scaled } from '../ensemble/index.ts'
import { MlpClassifier } from '../nets/index.ts'
import type { Feasible } from './feasible.ts'
import { spreadOf } from './spread.ts'

/** How a net is trained against an attacker. */
export interface HardenNetOptions {
  /** By how much, in units of `scale`, each column is moved; 0: no attacker, which leaves what L1, L2 and dropout do alone. */
  readonly epsilon: number
  /** What one unit of each column is measured by; 1 where nothing is said. */
  readonly scale?: ArrayLike<number>
  readonly feasible: Feasible
  /** 64 and 32. */
  readonly hidden?: readonly number[]
  /** 20. */
  readonly epochs?: number
  /** Of the attacker in training; 7: PGD. 1: FGSM. */
  readonly steps?: number
  /** The share of batches that is attacked; 1. */
  readonly share?: number
  /** Of hidden units; 0. */
  readonly dropout?: number
  /** On weights; 0 and 1e-4. */
  readonly l1?: number
  readonly l2?: number
  readonly seed?: number
  /** From 0 to 1. */
  readonly progress?: (done: number, loss: number) => void
}

/** How much of a deviation the bend of a scaling begins at: far from all rows, so that it is straight where they are. */
const STRAIGHT = 1e4
/** So many times the winsorized deviation is one that few cells make. */
const WILD = 10

/**
 * Trains a net against an attacker within its training: by PGD of some steps (Madry and others, ICLR 2018) or FGSM. Its inputs are scaled in a straight line, so that what an attacker
 * reaches is as wide for each row. An attacker in training knows fixed columns and ends, and neither steps nor laws: it reaches more than one that keeps them. Errors: those of `fit`.
 */
export async function hardenNet(
  x: Matrix,
  codes: Int32Array,
  classes: number,
  options: HardenNetOptions,
): Promise<NetMember> {
  const { epsilon, scale, feasible, hidden = [64, 32], epochs = 20, steps = 7, share = 1 } = options
  const { dropout = 0, l1 = 0, l2 = 1e-4, seed = 1, progress } = options
  const scaling = straightScaling(x)
  const unit = scaling.deviation.map((each, column) => each * scaling.spread[column])
  const ends = Array.from(unit.keys(), column => feasible.ends(column))
  const placed = (value: number, column: number): number => (value - scaling.center[column]) / unit[column]
  const adversary = {
    reach: ends.map(({ fixed }, column) => (fixed ? 0 : (epsilon * (scale?.[column] ?? 1)) / unit[column])),
    least: ends.map(({ least }, column) => placed(least, column)),
    most: ends.map(({ most }, column) => placed(most, column)),
    steps,
    share,
  }
  const shape = { inputs: x.columns, hidden, classes, dropout, seed }
  const net = new MlpClassifier(shape)
  await net.fit(scaled(scaling, x), codes, {
    epochs,
    batch: 64,
    optimizer: { kind: 'adam', rate: 2e-3 },
    schedule: { kind: 'cosine', least: 0.02, warmup: 0.05 },
    l1,
    l2,
    decoupled: true,
    clip: 5,
    seed,
    portable: true,
    ...(epsilon > 0 ? { adversary } : {}),
    ...(progress === undefined ? {} : { onEpoch: ({ epoch, loss }) => progress(epoch / epochs, loss) }),
  })
  return new NetMember(net, shape, scaling)
}

/** (value - mean) / deviation, in the form that net members are kept in. */
function straightScaling(x: Matrix): Scaling {
  const make = (): Float64Array => new Float64Array(x.columns)
  const scaling = { center: make(), spread: make(), mean: make(), deviation: make().fill(1 / STRAIGHT) }
  for (let column = 0; column < x.columns; column++) {
    const found = spreadOf(x, column)
    // A few wild cells would leave nothing to see of all others.
    const { mean, deviation } = found.deviation > WILD * found.winsorized.deviation ? found.winsorized : found
    scaling.center[column] = mean
    scaling.spread[column] = STRAIGHT * (deviation || 1)
  }
  return scaling
}
