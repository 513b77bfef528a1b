import { LearnError } from '../base/error.ts'
import type { Matrix } from '../base/matrix.ts'
import { randomOf } from '../base/random.ts'
import { Engine, type Goal, type Program } from './engine.ts'
import { type FitOptions, type FitReport, fit } from './fit.ts'
import type { Layout, Network } from './network.ts'
import { strides } from './network.ts'
import type { Tensor } from './parameters.ts'
import { checkSamples, type Samples } from './samples.ts'
import { INFERENCE, INPUT_GRADIENT, type Mode } from './tape.ts'

const FLOAT = Float32Array.BYTES_PER_ELEMENT
/** Samples that are run at once where there are many. */
const BATCH = 64

/** An engine for inference, and which weights are in it. */
export interface Runner {
  readonly engine: Engine
  readonly program: Program
  /** Room for a double a sample. */
  readonly scratch: number
  block: Float32Array | null
}

/** What the loss of a batch would change by. */
export interface InputGradient {
  readonly loss: number
  /** One number for each of the samples, sample by sample. */
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

  /** What comes out for each sample: a row each, step by step. */
  run(samples: Samples): Matrix {
    const { input, output } = this.network
    checkSamples(samples, input.steps, input.columns)
    const columns = output.steps * output.columns
    const rows = samples.starts.length
    const data = new Float32Array(rows * columns)
    this.inBatches(samples, INFERENCE, ({ engine, program }, from, count) => {
      for (let i = 0; i < count; i++) {
        readSample(engine, output, program.y.at, BATCH, i, data.subarray((from + i) * columns))
      }
    })
    return { rows, columns, data }
  }

  /** How the loss of samples moves with each of their numbers; parameters stand still. What FGSM and PGD climb. */
  inputGradient(samples: Samples, targets: Samples | Int32Array | null): InputGradient {
    const { input } = this.network
    this.checkTargets(samples, targets)
    const count = samples.starts.length
    const size = input.steps * input.columns
    const gradient = new Float32Array(count * size)
    const { engine, program } = this.runner(INPUT_GRADIENT, count)
    this.put(engine, program, input, samples, 0, count, program.x.at)
    if (targets instanceof Int32Array) engine.arena.i32.set(targets, program.target / FLOAT)
    else if (targets !== null) this.put(engine, program, this.network.output, targets, 0, count, program.target)
    program.tape.forward()
    program.tape.back()
    for (let i = 0; i < count; i++) {
      readSample(engine, input, program.x.gradient, count, i, gradient.subarray(i * size))
    }
    return { loss: program.tape.loss, gradient }
  }

  /** Refuses what this net cannot be trained on. */
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

  /** A program for so many samples with the weights of now in its memory. */
  protected runner(mode: Mode, batch: number): Runner {
    const name = `${mode.asksInput}${mode.carries}${batch}`
    let runner = this.#runners.get(name)
    if (runner === undefined) {
      // A batch of its own size for each attack would be kept for nothing.
      if (mode === INPUT_GRADIENT) this.#runners.clear()
      const extra = batch * FLOAT * 2 + 64
      const engine = new Engine({ network: this.network, goal: this.goal, programs: [{ mode, batch }], extra })
      const scratch = engine.arena.alloc(batch * Float64Array.BYTES_PER_ELEMENT)
      runner = { engine, program: engine.programs[0], scratch, block: null }
      this.#runners.set(name, runner)
    }
    if (runner.block !== this.block) {
      runner.engine.block.set(this.block)
      runner.block = this.block
    }
    return runner
  }

  /** Runs samples in batches; `each` is told which of them have just been run. */
  protected inBatches(samples: Samples, mode: Mode, each: (runner: Runner, from: number, count: number) => void): void {
    const runner = this.runner(mode, BATCH)
    const { engine, program } = runner
    const total = samples.starts.length
    for (let from = 0; from < total; from += BATCH) {
      const count = Math.min(BATCH, total - from)
      this.put(engine, program, this.network.input, samples, from, count, program.x.at)
      program.tape.forward()
      each(runner, from, count)
    }
  }

  /** The mean squared error of the first `count` samples that have been run, in the runner's scratch. */
  protected measure({ engine, program, scratch }: Runner, count: number): void {
    const { output } = this.network
    const { sampleRows, stepRows } = strides(output, program.batch)
    const { y, target } = program
    engine.kernels.sampleErrors(count, output.steps, sampleRows, stepRows, y.columns, y.width, y.at, target, scratch)
  }

  /** Copies samples to where a program reads them. */
  protected put(
    engine: Engine,
    program: Program,
    layout: Layout,
    samples: Samples,
    from: number,
    count: number,
    at: number,
  ): void {
    const { f32 } = engine.arena
    const { data, starts, steps, columns } = samples
    const width = (columns + 3) & ~3
    const { sampleRows, stepRows } = strides(layout, program.batch)
    for (let i = 0; i < count; i++) {
      let source = starts[from + i]
      for (let step = 0; step < steps; step++) {
        let to = at / FLOAT + (i * sampleRows + step * stepRows) * width
        for (let column = 0; column < columns; column++) f32[to++] = data[source++]
      }
    }
  }
}

/** Copies what a program made of its sample number i. */
export function readSample(
  engine: Engine,
  layout: Layout,
  at: number,
  batch: number,
  i: number,
  to: Float32Array,
): void {
  const { f32 } = engine.arena
  const { steps, columns } = layout
  const width = (columns + 3) & ~3
  const { sampleRows, stepRows } = strides(layout, batch)
  let written = 0
  for (let step = 0; step < steps; step++) {
    const from = at / FLOAT + (i * sampleRows + step * stepRows) * width
    for (let column = 0; column < columns; column++) to[written++] = f32[from + column]
  }
}
