import { LearnError } from '../base/error.ts'
import { type Random, randomOf } from '../base/random.ts'
import { Engine, type EngineShape, type Goal, type Program } from './engine.ts'
import type { Address } from './kernels.ts'
import type { Network } from './network.ts'
import { Optimizer, type OptimizerOptions, optimizerBytes, type Regularization } from './optimizer.ts'
import type { Samples } from './samples.ts'
import { INFERENCE, TRAINING } from './tape.ts'

const FLOAT = Float32Array.BYTES_PER_ELEMENT
/** Nobody's memory is that large, and an address has 32 bits. */
const LARGEST = 2 ** 31

/** What is learned from: samples, and what belongs to them: samples, a class each, or null where they are to come out themselves. */
export interface TrainingData {
  readonly samples: Samples
  readonly targets: Samples | Int32Array | null
  /** From this sample on they are not learned from, but judged. */
  readonly judged: number
  /** Samples before `judged` that are learned from: the rest reach into those that are judged. */
  readonly learned: number
}

/** How batches are run. */
export interface TrainerOptions {
  readonly batch: number
  readonly optimizer: OptimizerOptions
  readonly regularization: Regularization
  readonly clip: number
  readonly seed: number
  readonly shuffle: boolean
}

/** A net in training: its data, its programs for whole and for remaining batches, and its optimizer lie in one memory. */
export class Trainer {
  readonly engine: Engine
  readonly #network: Network
  readonly #data: TrainingData
  readonly #batch: number
  readonly #optimizer: Optimizer
  readonly #random: Random
  readonly #order: Uint32Array
  readonly #shuffle: boolean
  readonly #samplesAt: Address
  readonly #targetsAt: Address
  readonly #offsets: Uint32Array
  readonly #targetOffsets: Uint32Array
  readonly #offsetsAt: Address
  readonly #targetOffsetsAt: Address

  /** Error: `data_large`, where it does not fit into one memory. */
  constructor(network: Network, goal: Goal, block: Float32Array, data: TrainingData, options: TrainerOptions) {
    const { samples, targets, learned, judged } = data
    const batch = Math.min(options.batch, learned)
    this.#network = network
    this.#data = data
    this.#batch = batch
    const sizes = (count: number) => [...new Set([batch, count % batch])].filter(size => size > 0)
    const programs = [
      ...sizes(learned).map(size => ({ mode: TRAINING, batch: size })),
      ...sizes(samples.starts.length - judged).map(size => ({ mode: INFERENCE, batch: size })),
    ]
    const own = targets === null || targets instanceof Int32Array || targets.data === samples.data
    const bytes = (samples.data.length + (own ? 0 : targets.data.length)) * FLOAT
    if (bytes > LARGEST) throw new LearnError('data_large', `${bytes} bytes of samples are more than ${LARGEST}`)
    const extra = bytes + optimizerBytes(network.plan) + (2 * batch + 64) * FLOAT
    const shape: EngineShape = { network, goal, programs, extra }
    this.engine = new Engine(shape)
    const { arena } = this.engine
    this.engine.block.set(block)
    this.#samplesAt = arena.put(samples.data)
    this.#targetsAt = own ? this.#samplesAt : arena.put(targets.data)
    this.#offsetsAt = arena.alloc(batch * FLOAT)
    this.#targetOffsetsAt = arena.alloc(batch * FLOAT)
    this.#offsets = words(this.engine, this.#offsetsAt, batch)
    this.#targetOffsets = words(this.engine, this.#targetOffsetsAt, batch)
    this.#optimizer = new Optimizer(this.engine, network.plan, options.optimizer, options.regularization, options.clip)
    this.#random = randomOf(options.seed)
    this.#order = Uint32Array.from({ length: learned }, (_, i) => i)
    this.#shuffle = options.shuffle
    for (let lane = 0; lane < 4; lane++)
      arena.i32[this.engine.draws / FLOAT + lane] = 1 + this.#random.below(2 ** 31 - 1)
  }

  /** Steps of an epoch. */
  get steps(): number {
    return Math.ceil(this.#data.learned / this.#batch)
  }

  /** Puts the samples in a new order, if they are to be. */
  shuffle(): void {
    if (!this.#shuffle) return
    const order = this.#order
    for (let last = order.length - 1; last > 0; last--) {
      const other = this.#random.below(last + 1)
      const held = order[last]
      order[last] = order[other]
      order[other] = held
    }
  }

  /** Learns from the batch of that number of the epoch: forward, back, one step of the optimizer. Returns the loss and how many samples it is of. */
  learn(step: number, factor: number): number {
    const from = step * this.#batch
    const count = Math.min(this.#batch, this.#data.learned - from)
    const program = this.#program(count, true)
    this.#load(program, from, this.#order)
    program.tape.forward()
    program.tape.back()
    this.#optimizer.step(factor)
    return program.tape.loss
  }

  /** How many samples the batch of that number has. */
  countOf(step: number): number {
    return Math.min(this.#batch, this.#data.learned - step * this.#batch)
  }

  /** The mean loss over the samples that are not learned from. */
  judge(): number {
    const { samples, judged } = this.#data
    const total = samples.starts.length - judged
    let sum = 0
    for (let from = 0; from < total; from += this.#batch) {
      const count = Math.min(this.#batch, total - from)
      const program = this.#program(count, false)
      this.#load(program, judged + from, null)
      program.tape.forward()
      sum += program.tape.loss * count
    }
    return sum / total
  }

  #program(batch: number, learns: boolean): Program {
    const found = this.engine.programs.find(({ tape, batch: size }) => size === batch && tape.mode.learns === learns)
    if (found === undefined) throw new LearnError('net_batch', `there is no program for a batch of ${batch}`)
    return found
  }

  #load(program: Program, from: number, order: Uint32Array | null): void {
    const { samples, targets } = this.#data
    const { batch, x, target } = program
    const { input, output } = this.#network
    const { i32 } = this.engine.arena
    for (let i = 0; i < batch; i++) {
      const sample = order === null ? from + i : order[from + i]
      this.#offsets[i] = samples.starts[sample]
      if (targets instanceof Int32Array) i32[target / FLOAT + i] = targets[sample]
      else if (targets !== null) this.#targetOffsets[i] = targets.starts[sample]
    }
    this.engine.gather(batch, this.#offsetsAt, this.#samplesAt, input, batch, x.at)
    if (targets !== null && !(targets instanceof Int32Array))
      this.engine.gather(batch, this.#targetOffsetsAt, this.#targetsAt, output, batch, target)
  }
}

function words({ arena }: Engine, at: Address, count: number): Uint32Array {
  return new Uint32Array(arena.memory.buffer, at, count)
}
