import { LearnError } from '../../base/error.ts'
import type { Goal } from '../engine.ts'
import { padded } from '../kernels.ts'
import { NetModel } from '../model.ts'
import type { Network } from '../network.ts'
import { RecurrentForecaster, RecurrentReconstructor } from '../networks/recurrent.ts'
import { TransformerForecaster, TransformerReconstructor } from '../networks/transformer.ts'
import type { Runner } from '../runner.ts'
import type { Samples } from '../samples.ts'
import { INFERENCE } from '../tape.ts'
import { checkDropout, checkSizes } from './shape.ts'

const FLOAT = Float32Array.BYTES_PER_ELEMENT

/** A net over windows of `steps` rows, oldest first, of `features` numbers each. */
export interface WindowOptions {
  readonly kind: 'gru' | 'lstm' | 'transformer'
  readonly steps: number
  readonly features: number
  /** Numbers of a state, or a Transformer's numbers a step; 32 if absent. */
  readonly units?: number
  /** 1 if absent. */
  readonly layers?: number
  /** A Transformer's; 2 if absent. */
  readonly heads?: number
  /** A Transformer's; twice the units if absent. */
  readonly feedForward?: number
  readonly dropout?: number
  /** Decides with which weights it begins; 1 if absent. */
  readonly seed?: number
}

/** The net that forecasts `horizon` rows. Error: `shape_wrong`. */
export function forecasterNetwork(options: WindowOptions, horizon: number): Network {
  const shape = checked(options)
  checkSizes({ horizon })
  const { kind } = shape
  return kind === 'transformer'
    ? new TransformerForecaster({ ...shape, width: shape.units }, horizon)
    : new RecurrentForecaster({ ...shape, cell: kind }, horizon)
}

/** The net that gives windows back through a code. Error: `shape_wrong`. */
export function reconstructorNetwork(options: WindowOptions, code: number): Network {
  const shape = checked(options)
  checkSizes({ code })
  const { kind } = shape
  if (kind === 'transformer') return new TransformerReconstructor({ ...shape, width: shape.units }, code)
  if (shape.layers !== 1) throw new LearnError('shape_wrong', 'a recurrent reconstructor has one layer on each side')
  return new RecurrentReconstructor({ ...shape, cell: kind }, code)
}

function checked(options: WindowOptions): Required<WindowOptions> {
  const { units = 32, layers = 1, heads = 2, dropout = 0, seed = 1 } = options
  const { feedForward = 2 * units } = options
  const { steps, features } = options
  checkSizes({ steps, features, units, layers, heads, feedForward })
  checkDropout(dropout)
  if (options.kind === 'transformer' && units % heads !== 0)
    throw new LearnError('shape_wrong', `${units} units are not to be shared out to ${heads} heads`)
  return { ...options, units, layers, heads, feedForward, dropout, seed }
}

/** What nets over windows have in common. */
export class WindowModel extends NetModel {
  readonly steps: number
  readonly features: number
  #single: Runner | null = null

  constructor(network: Network, goal: Goal, seed: number) {
    super(network, goal, seed)
    this.steps = network.input.steps
    this.features = network.input.columns
  }

  /** Runs one window, step by step; what it left lies in the runner. */
  protected runWindow(window: ArrayLike<number>): Runner {
    const { steps, features } = this
    if (window.length !== steps * features)
      throw new LearnError(
        'samples_shape',
        `a window has ${window.length} numbers, and the net takes ${steps} x ${features}`,
      )
    if (!this.#single?.has(this.block)) this.#single = this.runner(INFERENCE, 1)
    const runner = this.#single
    const { f32 } = runner.engine.arena
    const width = padded(features)
    let from = 0
    for (let step = 0; step < steps; step++) {
      const at = runner.program.x.at / FLOAT + step * width
      for (let column = 0; column < features; column++) f32[at + column] = window[from++]
    }
    runner.program.tape.forward()
    return runner
  }

  /** The mean squared error of each sample against targets, laid out as what comes out; null: against itself. */
  protected errorsOf(samples: Samples, targets: Samples | null): Float64Array {
    this.checkTargets(samples, targets)
    const errors = new Float64Array(samples.starts.length)
    this.inBatches(samples, (runner, from, count) => {
      runner.putTargets(targets, from, count)
      runner.program.tape.forward()
      errors.set(runner.errors(count), from)
    })
    return errors
  }
}
