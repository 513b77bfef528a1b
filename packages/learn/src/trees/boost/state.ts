import { softmax } from '../../base/softmax.ts'
import type { Arena } from '../../kernels/arena.ts'
import { binBytes } from '../bins/bins.ts'
import { type TreeKernels, treeKernels } from '../kernel.ts'
import { roomFor } from '../room.ts'
import { growBytes } from './grow.ts'
import type { Objective } from './objective.ts'
import type { Settings } from './options.ts'

/** Kernels take rows in fours. */
const ABREAST = 4

/** What boosting knows of each row between rounds: margins, targets, weights and gradients, in an arena, with room for the rest of a fit. */
export class BoostState {
  readonly arena: Arena
  readonly kernels: TreeKernels
  readonly #objective: Objective
  readonly #rows: number
  readonly #padded: number
  readonly #margins: number
  readonly #targets: number
  readonly #weights: number
  readonly #pairs: number
  readonly #probabilities: Float32Array

  constructor(
    objective: Objective,
    targets: ArrayLike<number>,
    weights: ArrayLike<number>,
    columns: number,
    settings: Settings,
  ) {
    const { outputs } = objective
    const rows = targets.length
    const padded = Math.ceil(rows / ABREAST) * ABREAST
    const own = padded * (12 * outputs + 8) + 256
    this.arena = roomFor(own + binBytes(rows, columns) + growBytes(rows, columns, settings.maxDepth))
    this.kernels = treeKernels(this.arena.memory)
    this.#objective = objective
    this.#rows = rows
    this.#padded = padded
    this.#margins = this.arena.alloc(padded * 4 * outputs)
    this.#targets = this.arena.zeros(padded * 4)
    this.#weights = this.arena.zeros(padded * 4)
    this.#pairs = this.arena.alloc(padded * 8 * outputs)
    this.arena.floats(this.#margins, padded * outputs).fill(objective.margin)
    this.arena.floats(this.#targets, rows).set(targets)
    this.arena.floats(this.#weights, rows).set(weights)
    this.#probabilities = new Float32Array(outputs > 1 ? rows * outputs : 0)
  }

  /** Where an output's margins are. */
  marginsOf(output: number): number {
    return this.#margins + output * this.#padded * 4
  }

  /** Where an output's {g, h} are. */
  pairsOf(output: number): number {
    return this.#pairs + output * this.#padded * 8
  }

  /** Works out all {g, h} from the margins as they are. */
  differentiate(): void {
    switch (this.#objective.name) {
      case 'binary:logistic':
        this.kernels.logisticGradients(this.#margins, this.#targets, this.#weights, this.#padded, this.#pairs)
        break
      case 'multi:softprob':
        this.#classes()
        break
      case 'reg:squarederror':
        this.#squares()
        break
    }
  }

  #squares(): void {
    const { f32 } = this.arena
    const [margins, targets, weights] = [this.#margins / 4, this.#targets / 4, this.#weights / 4]
    const pairs = this.#pairs / 4
    for (let i = 0; i < this.#rows; i++) {
      const weight = f32[weights + i]!
      f32[pairs + 2 * i] = (f32[margins + i]! - f32[targets + i]!) * weight
      f32[pairs + 2 * i + 1] = weight
    }
  }

  #classes(): void {
    const { f32 } = this.arena
    const { outputs } = this.#objective
    const probabilities = this.#probabilities
    for (let k = 0; k < outputs; k++) {
      const margins = this.marginsOf(k) / 4
      for (let i = 0; i < this.#rows; i++) probabilities[i * outputs + k] = f32[margins + i]!
    }
    softmax(probabilities, outputs)
    for (let k = 0; k < outputs; k++) {
      const pairs = this.pairsOf(k) / 4
      for (let i = 0; i < this.#rows; i++) {
        const probability = probabilities[i * outputs + k]!
        const weight = f32[this.#weights / 4 + i]!
        f32[pairs + 2 * i] = (probability - Number(f32[this.#targets / 4 + i] === k)) * weight
        // XGBoost's: twice the diagonal of the second derivatives, which bounds them all.
        f32[pairs + 2 * i + 1] = Math.max(2 * probability * (1 - probability), LEAST_SECOND) * weight
      }
    }
  }
}

const LEAST_SECOND = 1e-16
