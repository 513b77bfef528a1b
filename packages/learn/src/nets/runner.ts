import { Engine, type Goal, type Program } from './engine.ts'
import { padded } from './kernels.ts'
import type { Address } from './net-kernels.ts'
import { type Layout, type Network, strides } from './network.ts'
import type { Samples } from './samples.ts'
import type { Mode } from './tape.ts'

const FLOAT = Float32Array.BYTES_PER_ELEMENT
const DOUBLE = Float64Array.BYTES_PER_ELEMENT

/** A net that has been trained, in memory of its own, for one batch size. */
export class Runner {
  readonly engine: Engine
  readonly program: Program
  readonly batch: number
  /** The first row of what comes out. */
  readonly row: Float32Array
  readonly #network: Network
  readonly #errorsAt: Address
  #block: Float32Array | null = null

  constructor(network: Network, goal: Goal, mode: Mode, batch: number) {
    const extra = (batch + 2) * DOUBLE
    this.engine = new Engine({ network, goal, programs: [{ mode, batch }], extra })
    this.program = this.engine.programs[0]
    this.batch = batch
    this.row = this.engine.arena.floats(this.program.y.at, this.program.y.columns)
    this.#network = network
    this.#errorsAt = this.engine.arena.alloc(batch * DOUBLE)
  }

  /** Whether these are the weights that it has. */
  has(block: Float32Array): boolean {
    return this.#block === block
  }

  /** Takes weights. */
  take(block: Float32Array): void {
    this.engine.block.set(block)
    this.#block = block
  }

  /** Copies samples from number `from` on to where the program reads its input. */
  putInput(samples: Samples, from: number, count: number): void {
    this.#put(this.#network.input, samples, from, count, this.program.x.at)
  }

  /** Copies what should come out to where the loss reads it: samples, classes, or nothing where it is the input. */
  putTargets(targets: Samples | Int32Array | null, from: number, count: number): void {
    const { target } = this.program
    if (targets === null) return
    if (targets instanceof Int32Array) this.engine.arena.i32.set(targets.subarray(from, from + count), target / FLOAT)
    else this.#put(this.#network.output, targets, from, count, target)
  }

  /** Copies what came out for sample i of the batch. */
  readOutput(i: number, to: Float32Array): void {
    this.#read(this.#network.output, this.program.y.at, i, to)
  }

  /** Copies the gradient of the loss with respect to sample i of the batch. */
  readGradient(i: number, to: Float32Array): void {
    this.#read(this.#network.input, this.program.x.gradient, i, to)
  }

  /** The mean squared errors of the first `count` samples of the batch, which has been run; a view that holds until the next call. */
  errors(count: number): Float64Array {
    const { arena, kernels } = this.engine
    const { output } = this.#network
    const { y, target } = this.program
    const { sampleRows, stepRows } = strides(output, this.batch)
    const at = this.#errorsAt
    kernels.sampleErrors(count, output.steps, sampleRows, stepRows, y.columns, y.width, y.at, target, at)
    return arena.f64.subarray(at / DOUBLE, at / DOUBLE + count)
  }

  #put(layout: Layout, { data, starts, steps, columns }: Samples, from: number, count: number, at: Address): void {
    const { f32 } = this.engine.arena
    const { sampleRows, stepRows } = strides(layout, this.batch)
    for (let i = 0; i < count; i++) {
      let source = starts[from + i]
      for (let step = 0; step < steps; step++) {
        let to = at / FLOAT + (i * sampleRows + step * stepRows) * padded(columns)
        for (let column = 0; column < columns; column++) f32[to++] = data[source++]
      }
    }
  }

  #read(layout: Layout, at: Address, i: number, to: Float32Array): void {
    const { f32 } = this.engine.arena
    const { steps, columns } = layout
    const { sampleRows, stepRows } = strides(layout, this.batch)
    let written = 0
    for (let step = 0; step < steps; step++) {
      const from = at / FLOAT + (i * sampleRows + step * stepRows) * padded(columns)
      for (let column = 0; column < columns; column++) to[written++] = f32[from + column]
    }
  }
}
