import { LearnError } from '../base/error.ts'
import { type Random, randomOf } from '../base/random.ts'
import { type Adversary, Attack, attackBytes } from './adversary.ts'
import { Engine, type Goal, type Program } from './engine.ts'
import { Feed, feedBytes } from './feed.ts'
import type { Network } from './network.ts'
import { Optimizer, type OptimizerOptions, optimizerBytes, type Regularization } from './optimizer.ts'
import type { Samples } from './samples.ts'
import { INFERENCE, INPUT_GRADIENT, type Mode, TRAINING } from './tape.ts'

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

/** A part of the loss that hangs on parameters alone: adds its slope to their gradients, where both lie as in the block, and gives its value. */
export type ParameterTerm = (parameters: Float32Array, gradients: Float32Array) => number

/** How batches are run. */
export interface TrainerOptions {
  readonly batch: number
  readonly optimizer: OptimizerOptions
  readonly regularization: Regularization
  readonly clip: number
  readonly seed: number
  readonly shuffle: boolean
  readonly portable: boolean
  readonly adversary?: Adversary
  readonly term?: ParameterTerm | undefined
}

/** A net in training: its data, its programs for whole and for remaining batches, and its optimizer lie in one memory. */
export class Trainer {
  readonly engine: Engine
  readonly #data: TrainingData
  readonly #batch: number
  readonly #optimizer: Optimizer
  readonly #random: Random
  readonly #order: Uint32Array
  readonly #shuffle: boolean
  readonly #term: ParameterTerm | undefined
  readonly #learned: Feed
  readonly #judged: Feed
  readonly #attack: Attack | null
  /** For a whole batch, which is most of them. */
  readonly #program: Program

  /** Error: `data_large`, where it does not fit into one memory. */
  constructor(network: Network, goal: Goal, block: Float32Array, data: TrainingData, options: TrainerOptions) {
    const { samples, targets, learned, judged } = data
    const { adversary } = options
    const count = samples.starts.length
    const batch = Math.min(options.batch, learned)
    this.#data = data
    this.#batch = batch
    const own = targets === null || targets instanceof Int32Array || targets.data === samples.data
    const bytes = (samples.data.length + (own ? 0 : targets.data.length)) * FLOAT
    if (bytes > LARGEST) throw new LearnError('data_large', `${bytes} bytes of samples are more than ${LARGEST}`)
    const sizes = (many: number) => [...new Set([Math.min(batch, many), many % batch])].filter(size => size > 0)
    const programs = [
      ...sizes(learned).map(size => ({ mode: TRAINING, batch: size })),
      ...(adversary === undefined ? [] : sizes(learned).map(size => ({ mode: INPUT_GRADIENT, batch: size }))),
      ...sizes(count - judged).map(size => ({ mode: INFERENCE, batch: size })),
    ]
    const attacked = adversary === undefined ? 0 : attackBytes(network.input, batch)
    const extra = bytes + 64 + optimizerBytes(network.plan) + feedBytes(learned) + feedBytes(count - judged) + attacked
    this.engine = new Engine({ network, goal, programs, extra, portable: options.portable })
    const { arena, draws } = this.engine
    this.engine.block.set(block)
    this.#program = this.#programFor(batch, TRAINING)
    const samplesAt = arena.put(samples.data)
    const targetsAt = own ? samplesAt : arena.put(targets.data)
    const stock = { engine: this.engine, network, samples, samplesAt, targets, targetsAt }
    this.#learned = new Feed(stock, 0, learned)
    this.#judged = new Feed(stock, judged, count - judged)
    this.#optimizer = new Optimizer(this.engine, network.plan, options.optimizer, options.regularization, options.clip)
    this.#attack = adversary === undefined ? null : new Attack(this.engine, network.input, batch, adversary)
    this.#random = randomOf(options.seed)
    this.#order = Uint32Array.from({ length: learned }, (_, i) => i)
    this.#shuffle = options.shuffle
    this.#term = options.term
    for (let lane = 0; lane < 4; lane++) arena.i32[draws / FLOAT + lane] = 1 + this.#random.below(2 ** 31 - 1)
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
    this.#learned.arrange(order)
  }

  /** Learns from the batch of that number of the epoch: forward, back, one step of the optimizer, at that part of its rate. Returns the loss. */
  learn(step: number, factor: number): number {
    const count = this.countOf(step)
    const program = count === this.#batch ? this.#program : this.#programFor(count, TRAINING)
    if (this.#attack === null) this.#learned.load(program, step * this.#batch)
    else this.#attack.load(this.#learned, program, step * this.#batch)
    program.tape.forward()
    program.tape.back()
    const term = this.#term?.(this.engine.block, this.engine.slopes) ?? 0
    this.#optimizer.step(factor)
    return program.tape.loss + term
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
      const program = this.#programFor(count, INFERENCE)
      this.#judged.load(program, from)
      program.tape.forward()
      sum += program.tape.loss * count
    }
    return sum / total
  }

  #programFor(batch: number, mode: Mode): Program {
    const found = this.engine.programs.find(({ tape, batch: size }) => size === batch && tape.mode === mode)
    if (found === undefined) throw new LearnError('net_batch', `there is no program for a batch of ${batch}`)
    return found
  }
}
