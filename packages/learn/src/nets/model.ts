import { LearnError } from '../base/error.ts'
import type { Matrix } from '../base/matrix.ts'
import { randomOf } from '../base/random.ts'
import type { Goal } from './engine.ts'
import { type FitOptions, type FitReport, fit } from './fit.ts'
import type { Network } from './network.ts'
import type { Tensor } from './parameters.ts'
import { Runner } from './runner.ts'
import { checkSamples, type Samples } from './samples.ts'
import { INFERENCE, INPUT_GRADIENT, type Mode } from './tape.ts'

/** Samples that are run at once where there are many. */
const BATCH = 64

/** How the loss moves with what is put in. */
export interface InputGradient {
  /** The mean over the samples. */
  readonly loss: number
  /** Its slope along each number of each sample, sample by sample. */
  readonly gradient: Float32Array
}

/** A net with its weights. Models beside this file give it their own words. */
export class NetModel {
  readonly network: Network
  readonly goal: Goal
  /** All parameters, padded; another block when training has ended. */
  block: Float32Array
  readonly #runners = new Map<string, Runner>()

  /** @param seed decides with which weights it begins */
  constructor(network: Network, goal: Goal, seed: number) {
    network.plan.seal()
    this.network = network
    this.goal = goal
    this.block = network.plan.start(randomOf(seed))
  }

  /** The weights by name: for files, and for other formats. */
  get weights(): Tensor[] {
    return this.network.plan.read(this.block)
  }

  /** Takes weights that were read before. Error: `weights_wrong`. */
  load(tensors: readonly Tensor[]): void {
    this.block = this.network.plan.write(tensors)
  }

  /** Trains on samples, and on targets: samples laid out as what comes out, or a class each. See `fit`. */
  train(samples: Samples, targets: Samples | Int32Array | null, options: FitOptions = {}): Promise<FitReport> {
    return fit(this, samples, targets, options)
  }

  /** What comes out for each sample: a row each, step by step. Errors: `samples_empty`, `samples_shape`, `samples_not_finite`. */
  run(samples: Samples): Matrix {
    const { input, output } = this.network
    checkSamples(samples, input.steps, input.columns)
    const columns = output.steps * output.columns
    const rows = samples.starts.length
    const data = new Float32Array(rows * columns)
    this.inBatches(samples, (runner, from, count) => {
      runner.program.tape.forward()
      for (let i = 0; i < count; i++) runner.readOutput(i, data.subarray((from + i) * columns))
    })
    return { rows, columns, data }
  }

  /**
   * How the mean loss of samples moves with each of their numbers; parameters stand still, nothing is dropped. What FGSM and PGD climb. Where the input is what
   * should come out, it moves the loss both ways, and both are in the gradient. Errors: those of `checkTargets`.
   */
  inputGradient(samples: Samples, targets: Samples | Int32Array | null): InputGradient {
    const { input } = this.network
    this.checkTargets(samples, targets)
    const total = samples.starts.length
    const size = input.steps * input.columns
    const gradient = new Float32Array(total * size)
    const whole = this.#mass(targets, 0, total)
    let loss = 0
    for (let from = 0; from < total; from += BATCH) {
      const count = Math.min(BATCH, total - from)
      const runner = this.runner(INPUT_GRADIENT, count)
      runner.putInput(samples, from, count)
      runner.putTargets(targets, from, count)
      runner.program.tape.forward()
      runner.program.tape.back()
      const share = this.#mass(targets, from, count) / whole
      loss += share * runner.program.tape.loss
      const part = gradient.subarray(from * size, (from + count) * size)
      for (let i = 0; i < count; i++) runner.readGradient(i, part.subarray(i * size))
      if (share !== 1) for (let i = 0; i < part.length; i++) part[i] *= share
    }
    return { loss, gradient }
  }

  /** Refuses what this net cannot be trained on. Errors: `samples_empty`, `samples_shape`, `samples_not_finite`, `targets_wrong`, `labels_wrong`. */
  checkTargets(samples: Samples, targets: Samples | Int32Array | null): void {
    const { input, output } = this.network
    checkSamples(samples, input.steps, input.columns)
    const { loss, own } = this.goal
    const count = samples.starts.length
    if (own !== (targets === null) || (targets !== null && (loss.kind === 'classes') !== targets instanceof Int32Array))
      throw new LearnError('targets_wrong', 'targets are of another kind than what this net learns')
    if (targets === null) return
    const given = targets instanceof Int32Array ? targets.length : targets.starts.length
    if (given !== count) throw new LearnError('targets_wrong', `${given} targets belong to ${count} samples`)
    if (!(targets instanceof Int32Array)) checkSamples(targets, output.steps, output.columns, 'targets')
    else
      for (const [i, label] of targets.entries()) {
        if (!(label >= 0 && label < output.columns))
          throw new LearnError('labels_wrong', `sample ${i} is of class ${label}, and there are ${output.columns}`)
      }
  }

  /** What runs so many samples, with the weights of now. */
  protected runner(mode: Mode, batch: number): Runner {
    // One is kept for many samples, one for a single one, and one for what remains of many: the last size of those.
    const size = batch === BATCH ? 'many' : batch === 1 ? 'one' : 'rest'
    const name = `${mode.asksInput} ${mode.carries} ${size}`
    let runner = this.#runners.get(name)
    if (runner?.batch !== batch) {
      runner = new Runner(this.network, this.goal, mode, batch)
      this.#runners.set(name, runner)
    }
    if (!runner.has(this.block)) runner.take(this.block)
    return runner
  }

  /** Puts in samples, some at a time; `each` runs them and is told which they are. */
  protected inBatches(samples: Samples, each: (runner: Runner, from: number, count: number) => void): void {
    const runner = this.runner(INFERENCE, BATCH)
    const total = samples.starts.length
    for (let from = 0; from < total; from += BATCH) {
      const count = Math.min(BATCH, total - from)
      runner.putInput(samples, from, count)
      each(runner, from, count)
    }
  }

  /** How much samples weigh in a mean loss. */
  #mass(targets: Samples | Int32Array | null, from: number, count: number): number {
    const weights = this.goal.loss.kind === 'classes' ? this.goal.loss.weights : null
    if (weights === null || !(targets instanceof Int32Array)) return count
    return targets.subarray(from, from + count).reduce((sum, label) => sum + weights[label], 0)
  }
}
