import { Arena } from '../kernels/arena.ts'
import { bindNets, bindTraining, padded } from './kernels.ts'
import type { Address, NetKernels } from './net-kernels.ts'
import { type Layout, type Network, strides } from './network.ts'
import { classLoss, huberLoss, type Loss, squaredLoss } from './ops/loss.ts'
import type { Carried } from './ops/recurrent.ts'
import { type Mode, type Places, type Room, Tape, type Value } from './tape.ts'

const FLOAT = Float32Array.BYTES_PER_ELEMENT
/** Of an address. */
const ALIGNMENT = 16

/** What a net is trained for: how far off it is, and from what. */
export interface Goal {
  readonly loss: Loss
  /** Whether the input itself is what should come out. */
  readonly own: boolean
}

/** A recorded net with its loss, for one batch size. */
export interface Program {
  readonly batch: number
  readonly tape: Tape
  readonly x: Value
  readonly y: Value
  /** Where what should come out lies, as y does; or labels. The input itself where that is the goal. */
  readonly target: Address
  readonly carried: readonly Carried[]
}

/** How an engine is to be laid out. */
export interface EngineShape {
  readonly network: Network
  readonly goal: Goal
  /** The programs that it will run, one after another: they share memory. */
  readonly programs: readonly { readonly mode: Mode; readonly batch: number }[]
  /** Bytes beside the programs and the parameters. */
  readonly extra: number
  /** Whether training, too, reckons to the same bits on every machine. */
  readonly portable?: boolean
}

/** Counts what would be allocated. */
class Ruler implements Room {
  bytes = 0

  alloc(bytes: number): Address {
    const at = this.bytes
    this.bytes += Math.ceil(bytes / ALIGNMENT) * ALIGNMENT
    return at + ALIGNMENT
  }
}

const NOWHERE: Places = { parameters: ALIGNMENT, gradients: ALIGNMENT, draws: ALIGNMENT }

/** Bound to nothing that can be run: a tape that is recorded on a ruler is only measured. */
const unused = bindNets(new Arena(0).memory)

/** A net's parameters in memory of their own, with the programs that work on them. */
export class Engine {
  readonly arena: Arena
  readonly kernels: NetKernels
  readonly parameters: Address
  /** 0 where no program learns. */
  readonly gradients: Address
  /** Where dropout's draws stand. */
  readonly draws: Address
  readonly programs: readonly Program[]
  readonly #size: number

  constructor({ network, goal, programs, extra, portable = false }: EngineShape) {
    const size = network.plan.size
    this.#size = size
    const learns = programs.some(({ mode }) => mode.learns)
    const needed = programs.map(({ mode, batch }) => {
      const ruler = new Ruler()
      record(network, goal, new Tape(ruler, unused, mode, NOWHERE), batch, ALIGNMENT)
      return ruler.bytes
    })
    const weights = goal.loss.kind === 'classes' ? goal.loss.weights : null
    const kept = (learns ? 2 : 1) * (size * FLOAT + ALIGNMENT) + 2 * ALIGNMENT + (weights?.length ?? 0) * FLOAT
    this.arena = new Arena(kept + Math.max(...needed) + extra)
    const quick = !portable && programs.some(({ mode }) => mode.learns || mode.asksInput)
    this.kernels = quick ? bindTraining(this.arena.memory) : bindNets(this.arena.memory)
    this.parameters = this.arena.alloc(size * FLOAT)
    this.gradients = learns ? this.arena.zeros(size * FLOAT) : 0
    this.draws = this.arena.put([1, 1, 1, 1])
    const classWeights = weights === null ? 0 : this.arena.put(weights)
    const { parameters, gradients, draws } = this
    const { mark } = this.arena
    let top = mark
    this.programs = programs.map(({ mode, batch }) => {
      this.arena.release(mark)
      const tape = new Tape(this.arena, this.kernels, mode, { parameters, gradients, draws })
      const program = record(network, goal, tape, batch, classWeights)
      top = Math.max(top, this.arena.mark)
      return program
    })
    this.arena.release(top)
  }

  /** The block of parameters, as a view. */
  get block(): Float32Array {
    return this.arena.floats(this.parameters, this.#size)
  }

  /** The gradients of the block, as a view; only where a program learns. */
  get slopes(): Float32Array {
    return this.arena.floats(this.gradients, this.#size)
  }

  /** Copies samples in: those whose beginnings, in floats behind `from`, stand at `offsets`. */
  gather(count: number, offsets: Address, from: Address, layout: Layout, batch: number, value: Address): void {
    const { sampleRows, stepRows } = strides(layout, batch)
    const { steps, columns } = layout
    this.kernels.gather(count, offsets, from, steps, columns, padded(columns), sampleRows, stepRows, value)
  }
}

function record(network: Network, { loss, own }: Goal, tape: Tape, batch: number, weights: Address): Program {
  const { input } = network
  const x = tape.input(tape.mode.carries ? batch : batch * input.steps, input.columns)
  const { y, carried } = network.record(tape, x, batch)
  const target = own ? x.at : tape.floats(y.rows * y.width)
  const aim = { at: target, value: own ? x : null }
  if (loss.kind === 'squared') squaredLoss(tape, y, aim)
  else if (loss.kind === 'huber') huberLoss(tape, y, aim, loss.delta)
  else classLoss(tape, y, target, loss.weights === null ? 0 : weights)
  return { batch, tape, x, y, target, carried }
}
